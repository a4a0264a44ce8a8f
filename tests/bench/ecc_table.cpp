// How many data sectors with random wrong bytes the decoder mends, by the number of bytes, beside what the
// product code allows.
//   ecc_table [SECTORS [SEED]]   sectors for each number, 200 by default
//
// Without marks, the limit is that of mending word after word: a word of one wrong byte is mended, and never
// one wrongly. It is no bound for every decoder: looking where wrong words cross goes beyond. With marks
// (each wrong byte marked, no other) there are two: words of up to two wrong bytes one after the other, and
// the true one, above which the parity bytes leave more than one solution.
#include <charconv>
#include <random>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "ecc_limit.hpp"

#include "binrip/cd/ecc.hpp"

namespace binrip::bench {
namespace {

using Sector = std::array<Byte, cd::kSectorSize>;

constexpr int kNumbers[] = {1,   2,   4,   8,   16,  24,  32,  40,  48,  56,  64,  80,  96,  112,
                            128, 144, 160, 176, 192, 208, 224, 240, 256, 264, 272, 276, 320, 400};

enum class Format { mode1, mode2_form1 };

struct Counts {
  int mended = 0, mended_marked = 0;
  int word_by_word = 0, word_by_word_marked = 0, solvable = 0;
  int wrong = 0;  // mended to another sector, and the EDC agreed
};

Sector random_sector(Format format, std::mt19937& random) {
  ByteVector data(2048);
  for (Byte& byte : data) byte = static_cast<Byte>(random());
  const cd::Lba lba{static_cast<std::int32_t>(random() % 300'000)};
  Sector sector;
  if (format == Format::mode1) {
    cd::build_mode1(sector, lba, data);
  } else {
    cd::build_mode2(sector, lba, {0, 0, 8, 0}, data);
  }
  return sector;
}

// The header of Mode 2 form 1 is in no code word.
std::vector<std::size_t> random_positions(Format format, int number, std::mt19937& random) {
  const std::size_t first = format == Format::mode1 ? cd::kSyncSize : cd::kSyncSize + 4;
  std::set<std::size_t> positions;
  while (positions.size() < static_cast<std::size_t>(number)) {
    positions.insert(first + random() % (cd::kSectorSize - first));
  }
  return {positions.begin(), positions.end()};
}

enum class Mended { no, yes, wrongly };

Mended mend(const Sector& truth, Sector sector, Format format, std::span<const std::uint16_t> marks) {
  const auto header = format == Format::mode1 ? cd::EccHeader::as_is : cd::EccHeader::taken_as_zero;
  const auto accept = [](cd::SectorBytes bytes) {
    return cd::check_sector(bytes).edc == cd::EdcState::right;
  };
  if (!cd::ecc_correct(sector, header, marks, accept).converged) return Mended::no;
  return sector == truth ? Mended::yes : Mended::wrongly;
}

Counts count(Format format, int number, int sectors, std::mt19937& random) {
  Counts counts;
  for (int i = 0; i < sectors; ++i) {
    const Sector truth = random_sector(format, random);
    const std::vector<std::size_t> positions = random_positions(format, number, random);
    Sector sector = truth;
    for (const std::size_t at : positions) sector[at] = static_cast<Byte>(sector[at] ^ (1 + random() % 255));
    const std::vector<std::uint16_t> marks(positions.begin(), positions.end());
    const Mended plain = mend(truth, sector, format, {});
    const Mended marked = mend(truth, sector, format, marks);
    counts.mended += plain == Mended::yes ? 1 : 0;
    counts.mended_marked += marked == Mended::yes ? 1 : 0;
    counts.wrong += plain == Mended::wrongly || marked == Mended::wrongly ? 1 : 0;
    counts.word_by_word += peels(positions, 1) ? 1 : 0;
    counts.word_by_word_marked += peels(positions, 2) ? 1 : 0;
    counts.solvable += is_solvable(positions) ? 1 : 0;
  }
  return counts;
}

void print_table(std::string_view name, Format format, int sectors, std::mt19937& random) {
  fmt::print("\n{}, {} sectors a line, % mended\n\n", name, sectors);
  fmt::print("|  wrong | without marks | one in a word |  marked | two in a word |   limit | wrongly |\n");
  fmt::print("|-------:|--------------:|--------------:|--------:|--------------:|--------:|--------:|\n");
  for (const int number : kNumbers) {
    const Counts c = count(format, number, sectors, random);
    const auto percent = [&](int n) { return 100.0 * n / sectors; };
    fmt::print("| {:6} | {:13.1f} | {:13.1f} | {:7.1f} | {:13.1f} | {:7.1f} | {:7} |\n", number,
               percent(c.mended), percent(c.word_by_word), percent(c.mended_marked),
               percent(c.word_by_word_marked), percent(c.solvable), c.wrong);
  }
}

int number_of(std::string_view text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size() ? value : 0;
}

}  // namespace
}  // namespace binrip::bench

int main(int argc, char** argv) {
  using namespace binrip::bench;
  const int sectors = argc > 1 ? number_of(argv[1]) : 200;
  const int seed = argc > 2 ? number_of(argv[2]) : 1;
  if (sectors < 1) {
    fmt::print(stderr, "usage: ecc_table [SECTORS [SEED]]\n");
    return 2;
  }
  std::mt19937 random(static_cast<unsigned>(seed));
  print_table("Mode 1", Format::mode1, sectors, random);
  print_table("Mode 2 form 1", Format::mode2_form1, sectors, random);
  return 0;
}
