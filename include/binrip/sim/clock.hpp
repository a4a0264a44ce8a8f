#pragma once

namespace binrip::sim {

// How time passes in a software drive.
enum class Clock { virtual_time, real_time };

}  // namespace binrip::sim
