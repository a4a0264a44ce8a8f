// SHA-256 of a short text or block at once; verify::Hasher takes streams.
#pragma once

#include <string>
#include <string_view>

#include "binrip/base/bytes.hpp"

namespace binrip {

std::string sha256_hex(Bytes data);  // 64 lower-case hex digits
std::string sha256_hex(std::string_view text);

}  // namespace binrip
