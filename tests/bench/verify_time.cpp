// How long `verify` takes beside MD5, SHA-1 and SHA-256 of the same bytes in one pass, as `openssl dgst`
// would compute them: wall clock and processor time of the whole process, the best of several rounds each.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/resource.h>

#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"
#include "binrip/cd/sector.hpp"
#include "binrip/verify/verify_image.hpp"

namespace {

using namespace binrip;
namespace fs = std::filesystem;

constexpr std::int32_t kSectors = 312'000;  // 734 MB
constexpr int kRounds = 5;

struct Time {
  double wall = 0, processor = 0;  // seconds
};

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <class Work>
Time time_of(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  const double before = processor_seconds();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
          processor_seconds() - before};
}

// `tracks` of them, the first one data, the others noise; all in one file or each in its own.
void write_image(const fs::path& folder, int tracks, bool split) {
  std::mt19937 random(1);
  std::array<Byte, cd::kSectorSize> sector;
  std::string sheet;
  std::ofstream bin;
  for (int t = 0; t < tracks; ++t) {
    const std::int32_t begin = kSectors / tracks * t,
                       end = t + 1 == tracks ? kSectors : kSectors / tracks * (t + 1);
    if (t == 0 || split) {
      const std::string name = fmt::format("{}.bin", t);
      bin = std::ofstream(folder / name, std::ios::binary);
      sheet += fmt::format("FILE \"{}\" BINARY\n", name);
    }
    const cd::Msf at = cd::to_msf(cd::SectorCount{split ? 0 : begin});
    sheet += fmt::format("TRACK {:02} {}\nINDEX 01 {:02}:{:02}:{:02}\n", t + 1,
                         t == 0 ? "MODE1/2352" : "AUDIO", at.minute, at.second, at.frame);
    for (std::int32_t lba = begin; lba < end; ++lba) {
      for (std::size_t i = 0; i < sector.size(); i += 4)
        store_le32(sector, i, static_cast<std::uint32_t>(random()));
      const ByteVector data(sector.begin(), sector.begin() + 2048);
      if (t == 0) cd::build_mode1(sector, cd::Lba{lba}, data);
      bin.write(reinterpret_cast<const char*>(sector.data()), sector.size());
    }
  }
  bin.close();
  std::ofstream(folder / "x.cue") << sheet;
}

// One pass over all files, one thread.
void hash_plainly(const fs::path& folder) {
  std::array<EVP_MD_CTX*, 3> contexts = {EVP_MD_CTX_new(), EVP_MD_CTX_new(), EVP_MD_CTX_new()};
  const std::array kinds = {EVP_md5(), EVP_sha1(), EVP_sha256()};
  for (std::size_t i = 0; i < kinds.size(); ++i) EVP_DigestInit_ex(contexts[i], kinds[i], nullptr);
  ByteVector buffer(std::size_t{1} << 20);
  for (const auto& entry : fs::directory_iterator(folder)) {
    const File file = File::open_read(entry.path()).value();
    for (std::int64_t at = 0;;) {
      const std::size_t got = file.read_at(buffer, at).value();
      if (got == 0) break;
      for (EVP_MD_CTX* context : contexts) EVP_DigestUpdate(context, buffer.data(), got);
      at += static_cast<std::int64_t>(got);
    }
  }
  std::array<Byte, EVP_MAX_MD_SIZE> digest;
  for (EVP_MD_CTX* context : contexts) {
    EVP_DigestFinal_ex(context, digest.data(), nullptr);
    EVP_MD_CTX_free(context);
  }
}

void measure(std::string_view what, int tracks, bool split) {
  const binrip::test::TempDir dir;
  write_image(dir.path(), tracks, split);
  Time hash{1e9, 1e9}, verify{1e9, 1e9};
  const auto better = [](Time& best, Time now) {
    best.wall = std::min(best.wall, now.wall);
    best.processor = std::min(best.processor, now.processor);
  };
  for (int round = 0; round < kRounds; ++round) {
    better(hash, time_of([&] { hash_plainly(dir.path()); }));
    better(verify, time_of([&] {
             const auto result = verify::verify_image(dir / "x.cue");
             if (!result || result->exit_code != 0) std::abort();
           }));
  }
  std::cout << fmt::format("| {:<28} | {:>5.2f} | {:>5.2f} | {:>5.2f} | {:>5.2f} | {:>5.2f} |\n", what,
                           hash.wall, verify.wall, verify.wall / hash.wall, verify.processor,
                           verify.processor / hash.processor)
            << std::flush;
}

}  // namespace

int main() {
  std::cout << "| 734 MB                       | dgst s | verify s | ratio | CPU s | CPU ratio |\n";
  measure("one data track", 1, false);
  measure("12 tracks in one BIN", 12, false);
  measure("12 tracks, a BIN each", 12, true);
  return 0;
}
