// The wall clock, as reports give it.
#pragma once

#include <string>

namespace binrip {

std::string utc_now();  // ISO 8601: "2026-11-25T17:03:09Z"

}  // namespace binrip
