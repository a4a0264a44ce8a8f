// Discs of noise in memory, and what CTDB would hold of them, computed by definition.
#pragma once

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "support/slow_gf16.hpp"

#include "binrip/base/bytes.hpp"
#include "binrip/cd/disc.hpp"
#include "binrip/image/disc_image.hpp"
#include "binrip/net/fetcher.hpp"

namespace binrip::test {

inline constexpr std::int64_t kStrideSamples = 5880, kStrideWords = 2 * kStrideSamples;

inline cd::Disc audio_disc(std::vector<int> starts, int lead_out) {
  cd::Session session{.number = 1, .tracks = {}, .lead_out = {lead_out}};
  for (std::size_t i = 0; i < starts.size(); ++i) {
    cd::Track track{.number = static_cast<Byte>(i + 1)};
    if (i == 0 && starts[0] > 0) track.indexes.push_back({0, {0}});
    track.indexes.push_back({1, {starts[i]}});
    session.tracks.push_back(track);
  }
  cd::Disc disc;
  disc.sessions.push_back(session);
  return disc;
}

inline ByteVector noise(std::uint32_t seed, std::size_t bytes) {
  std::mt19937 random(seed);
  ByteVector result(bytes);
  std::generate(result.begin(), result.end(), [&] { return static_cast<Byte>(random()); });
  return result;
}

// Bit by bit.
inline std::uint32_t slow_crc32(Bytes data) {
  std::uint32_t crc = 0xFFFF'FFFF;
  for (const Byte b : data) {
    crc ^= b;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB8'8320U : 0U);
  }
  return ~crc;
}

// [begin, end) in samples of little-endian audio.
inline Bytes samples_of(const ByteVector& audio, std::int64_t begin, std::int64_t end) {
  return Bytes(audio).subspan(static_cast<std::size_t>(4 * begin),
                              static_cast<std::size_t>(4 * (end - begin)));
}

// All words of one column of the disc's part of the audio, at an offset.
inline std::vector<std::uint16_t> column_of(const ByteVector& audio, std::int64_t column, int offset) {
  const auto words = static_cast<std::int64_t>(audio.size() / 2);
  const std::int64_t count = words / kStrideWords - 2;
  std::vector<std::uint16_t> result;
  for (std::int64_t k = 0; k < count; ++k) {
    const std::int64_t at = kStrideWords + 2 * std::int64_t{offset} + k * kStrideWords + column;
    result.push_back(load_le16(audio, static_cast<std::size_t>(2 * at)));
  }
  return result;
}

// The file that CTDB hands out: the first syndrome of all columns, the second of all, …
inline ByteVector parity_file(const ByteVector& audio, std::size_t count) {
  ByteVector file(2 * count * static_cast<std::size_t>(kStrideWords));
  for (std::int64_t column = 0; column < kStrideWords; ++column) {
    const auto syndromes = slow::syndromes(column_of(audio, column, 0), count);
    for (std::size_t i = 0; i < count; ++i) {
      store_le16(file, 2 * (static_cast<std::size_t>(column) + i * static_cast<std::size_t>(kStrideWords)),
                 syndromes[i]);
    }
  }
  return file;
}

// The disc's part at offset 0.
inline std::uint32_t disc_crc(const ByteVector& audio, int offset = 0) {
  const auto samples = static_cast<std::int64_t>(audio.size() / 4);
  return slow_crc32(samples_of(audio, kStrideSamples + offset,
                               samples - kStrideSamples - samples % kStrideSamples + offset));
}

// Noise from LBA 0 on; the audio that CTDB speaks of begins at the first track's INDEX 01.
class MemoryImage : public image::DiscImage {
 public:
  MemoryImage(cd::Disc disc, ByteVector bytes) : disc_(std::move(disc)), bytes_(std::move(bytes)) {}
  const cd::Disc& disc() const override { return disc_; }
  ByteVector& bytes() { return bytes_; }
  Result<void> read_main(cd::Lba lba, cd::MutableSectorBytes out) override {
    const auto at = static_cast<std::size_t>(lba.value) * cd::kSectorSize;
    if (at + cd::kSectorSize > bytes_.size()) return fail(ErrorKind::invalid, "no such sector");
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at), cd::kSectorSize, out.begin());
    return {};
  }
  Result<bool> read_sub(cd::Lba lba, cd::MutableSubBytes out) override {
    if (with_sub) std::fill(out.begin(), out.end(), static_cast<Byte>(lba.value));
    return with_sub;
  }
  bool with_sub = false;

 private:
  cd::Disc disc_;
  ByteVector bytes_;
};

// Answers what it is told to, and remembers what it was asked.
class FakeFetcher : public net::Fetcher {
 public:
  using Answer = std::function<Result<net::Response>(const net::Request&)>;
  explicit FakeFetcher(Answer answer) : answer_(std::move(answer)) {}
  Result<net::Response> get(const net::Request& request) override {
    requests.push_back(request);
    return answer_(request);
  }
  std::vector<net::Request> requests;

 private:
  Answer answer_;
};

}  // namespace binrip::test
