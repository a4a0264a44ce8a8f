// The ways to take the channels of a record apart. deinterleave() takes the fastest that the processor has;
// tests and measurements ask for one.
#pragma once

#include "binrip/cd/subchannel.hpp"

namespace binrip::cd {

void deinterleave_portable(SubBytes wire, MutableSubBytes file);
#if defined(__SSE2__)
void deinterleave_sse2(SubBytes wire, MutableSubBytes file);
#endif

}  // namespace binrip::cd
