// Bytes, and numbers in them. Offsets are the caller's duty: the loads and stores here do not check bounds
// beyond the span's own (debug builds assert).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace binrip {

using Byte = std::uint8_t;
using Bytes = std::span<const Byte>;
using MutableBytes = std::span<Byte>;
using ByteVector = std::vector<Byte>;

// True for none, too. Stops soon after the first that is not.
bool all_zero(Bytes bytes);

constexpr std::uint16_t load_be16(Bytes b, std::size_t at = 0) {
  return static_cast<std::uint16_t>((b[at] << 8) | b[at + 1]);
}
constexpr std::uint32_t load_be24(Bytes b, std::size_t at = 0) {
  return (std::uint32_t{b[at]} << 16) | (std::uint32_t{b[at + 1]} << 8) | b[at + 2];
}
constexpr std::uint32_t load_be32(Bytes b, std::size_t at = 0) {
  return (std::uint32_t{b[at]} << 24) | load_be24(b, at + 1);
}
constexpr std::uint16_t load_le16(Bytes b, std::size_t at = 0) {
  return static_cast<std::uint16_t>(b[at] | (b[at + 1] << 8));
}
constexpr std::uint32_t load_le32(Bytes b, std::size_t at = 0) {
  return std::uint32_t{b[at]} | (std::uint32_t{b[at + 1]} << 8) | (std::uint32_t{b[at + 2]} << 16) |
         (std::uint32_t{b[at + 3]} << 24);
}
constexpr void store_be16(MutableBytes b, std::size_t at, std::uint16_t v) {
  b[at] = static_cast<Byte>(v >> 8);
  b[at + 1] = static_cast<Byte>(v);
}
constexpr void store_be24(MutableBytes b, std::size_t at, std::uint32_t v) {
  b[at] = static_cast<Byte>(v >> 16);
  b[at + 1] = static_cast<Byte>(v >> 8);
  b[at + 2] = static_cast<Byte>(v);
}
constexpr void store_be32(MutableBytes b, std::size_t at, std::uint32_t v) {
  b[at] = static_cast<Byte>(v >> 24);
  store_be24(b, at + 1, v);
}
constexpr void store_le16(MutableBytes b, std::size_t at, std::uint16_t v) {
  b[at] = static_cast<Byte>(v);
  b[at + 1] = static_cast<Byte>(v >> 8);
}
constexpr void store_le32(MutableBytes b, std::size_t at, std::uint32_t v) {
  for (std::size_t i = 0; i < 4; ++i) b[at + i] = static_cast<Byte>(v >> (8 * i));
}

// Binary-coded decimal, as the subchannel and sector headers use it. from_bcd gives -1 for a nibble above 9.
constexpr Byte to_bcd(int value) { return static_cast<Byte>(((value / 10) << 4) | (value % 10)); }
constexpr bool is_bcd(Byte b) { return (b & 0x0F) <= 9 && (b >> 4) <= 9; }
constexpr int from_bcd(Byte b) { return is_bcd(b) ? (b >> 4) * 10 + (b & 0x0F) : -1; }

}  // namespace binrip
