#include "binrip/base/sha256.hpp"

#include <array>

#include <fmt/format.h>
#include <openssl/sha.h>

namespace binrip {
namespace {

std::string hex_of(const void* data, std::size_t size) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(static_cast<const unsigned char*>(data), size, digest.data());
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace

std::string sha256_hex(Bytes data) { return hex_of(data.data(), data.size()); }
std::string sha256_hex(std::string_view text) { return hex_of(text.data(), text.size()); }

}  // namespace binrip
