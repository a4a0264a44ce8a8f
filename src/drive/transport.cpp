#include "binrip/drive/transport.hpp"

#include <thread>

namespace binrip::drive {

void Transport::wait(std::chrono::milliseconds duration) { std::this_thread::sleep_for(duration); }

}  // namespace binrip::drive
