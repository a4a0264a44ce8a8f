#include "binrip/verify/reed_solomon.hpp"

#include <algorithm>
#include <random>
#include <set>

#include <gmock/gmock.h>

#include "support/slow_gf16.hpp"

#include "binrip/verify/gf16.hpp"

namespace binrip::verify {
namespace {

using Words = std::vector<std::uint16_t>;
using Random = std::mt19937;

std::uint16_t word(Random& random) { return static_cast<std::uint16_t>(random()); }
Words random_words(Random& random, std::size_t count) {
  Words words(count);
  std::generate(words.begin(), words.end(), [&] { return word(random); });
  return words;
}
Words xor_of(Words a, const Words& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<std::uint16_t>(a[i] ^ b[i]);
  return a;
}
// So many words at different places changed, and what was changed, ascending.
std::vector<WordError> damage(Random& random, Words& words, std::size_t count) {
  std::set<std::size_t> places;
  while (places.size() < count) places.insert(random() % words.size());
  std::vector<WordError> errors;
  for (const std::size_t at : places) {
    const auto difference = static_cast<std::uint16_t>(1 + random() % 0xFFFF);
    errors.push_back({at, difference});
    words[at] = static_cast<std::uint16_t>(words[at] ^ difference);
  }
  return errors;
}

TEST(Gf16, MultipliesAndDividesAsBitByBit) {
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    const std::uint16_t a = word(random), b = static_cast<std::uint16_t>(word(random) | 1U);
    ASSERT_EQ(gf16::multiply(a, b), slow::multiply(a, b)) << a << ' ' << b;
    ASSERT_EQ(gf16::divide(gf16::multiply(a, b), b), a);
  }
  EXPECT_EQ(gf16::multiply(0, 0x1234), 0);
  EXPECT_EQ(gf16::divide(0, 0x1234), 0);
}

TEST(Gf16, PowersOfAlphaAreAllElements) {
  std::set<std::uint16_t> seen;
  for (unsigned i = 0; i < gf16::kOrder; ++i) {
    seen.insert(gf16::power(i));
    ASSERT_EQ(gf16::logarithm(gf16::power(i)), i);
  }
  EXPECT_EQ(seen.size(), gf16::kOrder);
  EXPECT_EQ(gf16::power(gf16::kOrder), 1);
  EXPECT_EQ(gf16::power(1), 2);
  EXPECT_EQ(gf16::power(16), 0x100B);
}

// CUETools' CDRepair.cs of 2010 had these logarithms of the generator's coefficients for 16 parity words. The
// code word 1 has the generator without its leading 1 as parity.
TEST(ReedSolomon, HasTheGeneratorOfCueTools) {
  const std::vector<unsigned> logarithms{0x59f1, 0x608f, 0x918b, 0x4487, 0xa151, 0xc074, 0x4178, 0x4730,
                                         0x4187, 0xc092, 0xa17e, 0x44c3, 0x91d6, 0x60e9, 0x5a5a, 0x0078};
  Words generator;
  for (const unsigned l : logarithms) generator.push_back(gf16::power(l));
  EXPECT_EQ(slow::parity(Words{1}, 16), generator);
}

// CUETools' RsEncode16Test: 1024 bytes of System.Random(2314), four parity words.
TEST(ReedSolomon, HasTheParityOfCueToolsTest) {
  slow::DotNetRandom random(2314);
  Words words;
  for (int i = 0; i < 512; ++i) {
    const unsigned low = random.next_byte();
    words.push_back(static_cast<std::uint16_t>(low | (unsigned{random.next_byte()} << 8)));
  }
  const Words parity{193 | (3 << 8), 222 | (151 << 8), 9 | (2 << 8), 128 | (246 << 8)};
  EXPECT_EQ(slow::parity(words, 4), parity);
  const Syndromes ours = syndromes_of_parity(parity);
  EXPECT_EQ(Words(ours.begin(), ours.begin() + 4), slow::syndromes(words, 4));
  ColumnCoder coder(1);
  for (std::size_t i = 0; i < words.size(); ++i) coder.add(0, std::span(words).subspan(i, 1));
  const Syndromes streamed = coder.syndromes(0);
  EXPECT_TRUE(std::equal(ours.begin(), ours.begin() + 4, streamed.begin()));
}

TEST(ColumnCoder, GivesTheSyndromesOfEachColumn) {
  Random random(2);
  constexpr std::size_t columns = 7, rows = 50;
  std::vector<Words> column_words(columns);
  ColumnCoder coder(columns);
  for (std::size_t row = 0; row < rows; ++row) {
    const Words words = random_words(random, columns);
    const std::size_t cut = random() % (columns + 1);  // a row comes in two parts
    coder.add(0, std::span(words).first(cut));
    coder.add(cut, std::span(words).subspan(cut));
    for (std::size_t c = 0; c < columns; ++c) column_words[c].push_back(words[c]);
  }
  for (std::size_t c = 0; c < columns; ++c) {
    const Syndromes got = coder.syndromes(c);
    EXPECT_EQ(Words(got.begin(), got.end()), slow::syndromes(column_words[c], kMaxParity)) << c;
  }
}

TEST(LocateErrors, FindsUpToHalfAsManyAsSyndromes) {
  Random random(3);
  for (const std::size_t count : {2U, 4U, 7U, 8U, 16U}) {
    for (std::size_t wrong = 0; wrong <= count / 2; ++wrong) {
      for (int trial = 0; trial < 6; ++trial) {
        const Words right = random_words(random, 3 + random() % 150);
        if (wrong > right.size()) continue;
        Words words = right;
        const std::vector<WordError> errors = damage(random, words, wrong);
        const Words difference = xor_of(slow::syndromes(right, count), slow::syndromes(words, count));
        ASSERT_EQ(locate_errors(difference, right.size()), errors) << count << ' ' << wrong;
        ASSERT_EQ(count_errors(difference), wrong);
      }
    }
  }
}

// At the ends of a word as long as a disc's columns, where powers wrap.
TEST(LocateErrors, FindsTheFirstAndTheLastOfLongWords) {
  for (const std::size_t size : {30'000U, 65'535U}) {
    const std::vector<WordError> errors{{0, 0x8001}, {1, 1}, {size / 2, 0xFFFF}, {size - 1, 0x1234}};
    Words difference(8, 0);
    for (const WordError& e : errors) {
      for (std::size_t i = 0; i < difference.size(); ++i) {
        const std::uint16_t weight = slow::alpha_to(i * (size - 1 - e.position));
        difference[i] = static_cast<std::uint16_t>(difference[i] ^ slow::multiply(e.difference, weight));
      }
    }
    EXPECT_EQ(locate_errors(difference, size), errors);
    // One word shorter, and the first error lies outside.
    EXPECT_EQ(locate_errors(difference, size - 1), std::nullopt);
  }
}

// Sixteen syndromes and nine errors: refused. (Chance: below 1 in 10^7 for each.)
TEST(LocateErrors, RefusesMoreThanHalf) {
  Random random(4);
  for (int trial = 0; trial < 60; ++trial) {
    const Words right = random_words(random, 400);
    Words words = right;
    damage(random, words, 9 + static_cast<std::size_t>(trial) % 8);
    const Words difference = xor_of(slow::syndromes(right, 16), slow::syndromes(words, 16));
    EXPECT_EQ(locate_errors(difference, right.size()), std::nullopt);
  }
}

// With few syndromes another word can be as near: whatever comes back then explains them.
TEST(LocateErrors, ExplainsAllThatItIsGiven) {
  Random random(5);
  int found = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    const Words difference = random_words(random, 2 + random() % 3);
    const auto errors = locate_errors(difference, 60'000);
    if (!errors) continue;
    ++found;
    for (std::size_t i = 0; i < difference.size(); ++i) {
      std::uint16_t sum = 0;
      for (const WordError& e : *errors) {
        sum = static_cast<std::uint16_t>(
            sum ^ slow::multiply(e.difference, slow::alpha_to(i * (59'999 - e.position))));
      }
      ASSERT_EQ(sum, difference[i]);
    }
  }
  EXPECT_GT(found, 0);
}

}  // namespace
}  // namespace binrip::verify
