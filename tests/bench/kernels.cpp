#include "kernels.hpp"

#include <algorithm>
#include <cstring>
#include <random>

#include <libdeflate.h>
#include <openssl/evp.h>

#include "cd/ecc_paths.hpp"
#include "cd/edc_paths.hpp"
#include "cd/subchannel_paths.hpp"
#include "rip/composer.hpp"
#include "rip/judge.hpp"
#include "rip/transfer.hpp"

#include "binrip/cd/edc.hpp"
#include "binrip/verify/hashes.hpp"

namespace binrip::bench {
namespace {

constexpr cd::Lba kFirst{1000};
constexpr std::size_t kMode1Covered = 2064;
constexpr std::uint32_t kSectorsOfTransfer = 16;

std::uint64_t copy(const Samples& samples) {
  static ByteVector to(Samples::kCount * cd::kSectorSize);
  const Bytes from = samples.bytes();
  std::memcpy(to.data(), from.data(), from.size());
  return to[0];
}

template <std::uint32_t (*kEdc)(Bytes, std::uint32_t)>
std::uint64_t edc(const Samples& samples) {
  std::uint64_t sum = 0;
  for (const auto& sector : samples.mode1) sum += kEdc(Bytes(sector).first(kMode1Covered), 0);
  return sum;
}

template <bool (*kCheck)(cd::SectorBytes, cd::EccHeader)>
std::uint64_t ecc(const Samples& samples) {
  std::uint64_t sum = 0;
  for (const auto& sector : samples.mode1)
    if (kCheck(sector, cd::EccHeader::as_is)) ++sum;
  return sum;
}

template <std::uint32_t (*kEdc)(Bytes, std::uint32_t), bool (*kCheck)(cd::SectorBytes, cd::EccHeader)>
std::uint64_t both(const Samples& samples) {
  std::uint64_t sum = 0;
  for (const auto& sector : samples.mode1) {
    if (kEdc(Bytes(sector).first(kMode1Covered), 0) == load_le32(sector, kMode1Covered)) ++sum;
    if (kCheck(sector, cd::EccHeader::as_is)) ++sum;
  }
  return sum;
}

std::uint32_t reference_edc(Bytes data, std::uint32_t) { return reference::edc(data); }
bool reference_ecc(cd::SectorBytes sector, cd::EccHeader) { return reference::ecc_right(sector); }
bool right_q(cd::SubBytes wire) { return cd::q_crc_right(cd::q_of_wire(wire)); }

template <bool (*kRight)(cd::SubBytes)>
std::uint64_t q(const Samples& samples) {
  std::uint64_t sum = 0;
  for (const auto& wire : samples.sub)
    if (kRight(wire)) ++sum;
  return sum;
}

template <bool (*kClear)(Bytes)>
std::uint64_t clear(const Samples& samples) {
  std::uint64_t sum = 0;
  for (const auto& c2 : samples.c2) {
    if (kClear(c2)) ++sum;
  }
  return sum;
}

template <void (*kDeinterleave)(cd::SubBytes, cd::MutableSubBytes)>
std::uint64_t deinterleaved(const Samples& samples) {
  std::uint64_t sum = 0;
  std::array<Byte, cd::kSubSize> file;
  for (const auto& wire : samples.sub) {
    kDeinterleave(wire, file);
    sum += file[95];
  }
  return sum;
}

template <void (*kScramble)(cd::MutableSectorBytes)>
std::uint64_t scrambled(const Samples&) {
  static std::array<Byte, cd::kSectorSize> sector;
  for (std::size_t i = 0; i < Samples::kCount; ++i) kScramble(sector);
  return sector[100];
}

std::uint64_t checked(const Samples& samples) {
  std::uint64_t sum = 0;
  for (const auto& sector : samples.mode1) {
    const cd::SectorCheck check = cd::check_sector(sector);
    if (check.edc == cd::EdcState::right && check.ecc == cd::EccState::right) ++sum;
  }
  return sum;
}

// What a rip does with a sector between the drive and the file.
class Sink : public rip::SectorSink {
 public:
  Result<void> on_main(const rip::Composed& sector) override {
    const cd::SectorState state = rip::judge(sector).state;
    if (state >= cd::SectorState::consistent) ++good_;
    return {};
  }
  Result<void> on_sub(const rip::Delivered& sector) override {
    if (cd::has_right_q(sector.sub, sector.lba)) ++good_;
    return {};
  }
  std::uint64_t good() const { return good_; }

 private:
  std::uint64_t good_ = 0;
};

cd::Disc disc_of(cd::TrackMode mode) {
  cd::Track track;
  track.mode = mode;
  track.indexes = {{1, cd::Lba{0}}};
  cd::Disc disc;
  disc.sessions.push_back({.tracks = {track}, .lead_out = cd::Lba{300'000}});
  return disc;
}

std::uint64_t read_through(const Samples& samples, const std::vector<std::array<Byte, cd::kSectorSize>>& main,
                           const cd::Disc& disc, int read_offset) {
  static rip::Transfer transfer;
  static rip::Delivered delivered;
  Sink sink;
  rip::Composer composer(disc, read_offset, sink);
  const cd::Lba end = kFirst + cd::SectorCount{static_cast<std::int32_t>(Samples::kCount)};
  composer.begin({kFirst, end}, {cd::Lba{0}, end}, {cd::Lba{0}, end});
  for (std::uint32_t done = 0; done < Samples::kCount; done += kSectorsOfTransfer) {
    const cd::Lba start = kFirst + cd::SectorCount{static_cast<std::int32_t>(done)};
    transfer.prepare(
        {.start = start, .count = kSectorsOfTransfer, .c2 = drive::C2Mode::bits, .sub = drive::SubMode::raw},
        drive::FieldOrder::main_c2_sub, done);
    Byte* at = transfer.buffer().data();
    for (std::size_t i = done; i < done + kSectorsOfTransfer; ++i) {
      at = std::copy(main[i].begin(), main[i].end(), at);
      at = std::copy(samples.c2[i].begin(), samples.c2[i].end(), at);
      at = std::copy(samples.sub[i].begin(), samples.sub[i].end(), at);
    }
    transfer.judge();
    for (std::uint32_t i = 0; i < kSectorsOfTransfer; ++i) {
      transfer.decode(i, delivered);
      if (!composer.push(delivered)) return 0;
    }
  }
  static_cast<void>(composer.end(rip::RunEnd::complete));
  return sink.good();
}

std::uint64_t data_read(const Samples& samples) {
  static const cd::Disc disc = disc_of(cd::TrackMode::mode1);
  return read_through(samples, samples.mode1, disc, 0);
}
std::uint64_t audio_read(const Samples& samples) {
  static const cd::Disc disc = disc_of(cd::TrackMode::audio);
  return read_through(samples, samples.audio, disc, 30);
}

template <const EVP_MD* (*kKind)()>
std::uint64_t digest(const Samples& samples) {
  static EVP_MD_CTX* const context = EVP_MD_CTX_new();
  std::array<Byte, EVP_MAX_MD_SIZE> value{};
  EVP_DigestInit_ex(context, kKind(), nullptr);
  EVP_DigestUpdate(context, samples.bytes().data(), samples.bytes().size());
  EVP_DigestFinal_ex(context, value.data(), nullptr);
  return value[0];
}
std::uint64_t crc32(const Samples& samples) {
  return libdeflate_crc32(0, samples.bytes().data(), samples.bytes().size());
}
std::uint64_t hashed(const Samples& samples) {
  static verify::Hasher hasher;
  hasher.update(samples.bytes());
  return 1;
}

}  // namespace

Samples::Samples() {
  std::mt19937 random(1);
  const auto byte = [&] { return static_cast<Byte>(random()); };
  for (std::size_t i = 0; i < kCount; ++i) {
    const cd::Lba lba = kFirst + cd::SectorCount{static_cast<std::int32_t>(i)};
    std::array<Byte, cd::kUserDataSize> data;
    std::ranges::generate(data, byte);
    cd::build_mode1(mode1.emplace_back(), lba, data);
    std::ranges::generate(audio.emplace_back(), byte);
    c2.emplace_back().fill(0);
    std::array<Byte, cd::kSubSize> file{};
    const cd::QBytes q = cd::encode_q(cd::QPosition{0, 1, 1, cd::to_msf(lba), cd::to_msf(lba)});
    std::copy(q.begin(), q.end(), file.begin() + cd::kQOffset);
    cd::interleave(file, sub.emplace_back());
  }
}

std::vector<Kernel> kernels() {
  std::vector<Kernel> all = {
      {"memcpy", "plain", copy},
      {"MD5", "OpenSSL", digest<EVP_md5>},
      {"SHA-1", "OpenSSL", digest<EVP_sha1>},
      {"SHA-256", "OpenSSL", digest<EVP_sha256>},
      {"CRC-32", "libdeflate", crc32},
      {"EDC", "reference", edc<reference_edc>},
      {"EDC", "portable", edc<cd::edc_portable>},
      {"ECC check", "reference", ecc<reference_ecc>},
      {"ECC check", "portable", ecc<cd::ecc_check_portable>},
      {"EDC + ECC", "reference", both<reference_edc, reference_ecc>},
      {"EDC + ECC", "portable", both<cd::edc_portable, cd::ecc_check_portable>},
      {"Q and its CRC", "reference", q<reference::q_right>},
      {"Q and its CRC", "portable", q<right_q>},
      {"deinterleave", "reference", deinterleaved<reference::deinterleave>},
      {"deinterleave", "portable", deinterleaved<cd::deinterleave_portable>},
      {"C2 clear", "reference", clear<reference::is_clear>},
      {"C2 clear", "portable", clear<all_zero>},
      {"descramble", "reference", scrambled<reference::descramble>},
      {"descramble", "portable", scrambled<cd::scramble>},
      {"check_sector", "chosen", checked},
      {"data sector", "chosen", data_read},
      {"audio sector", "chosen", audio_read},
      {"digests", "chosen", hashed},
  };
#if defined(__SSE2__)
  all.push_back({"deinterleave", "sse2", deinterleaved<cd::deinterleave_sse2>});
#endif
#if defined(__x86_64__)
  if (cd::cpu::has_clmul()) all.push_back({"EDC", "clmul", edc<cd::edc_clmul>});
  if (cd::cpu::has_avx2()) all.push_back({"ECC check", "avx2", ecc<cd::ecc_check_avx2>});
  if (cd::cpu::has_clmul() && cd::cpu::has_avx2()) {
    all.push_back({"EDC + ECC", "clmul, avx2", both<cd::edc_clmul, cd::ecc_check_avx2>});
  }
#endif
  return all;
}

}  // namespace binrip::bench
