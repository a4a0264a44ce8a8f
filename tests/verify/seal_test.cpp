#include "binrip/verify/seal.hpp"

#include <gtest/gtest.h>

#include "binrip/verify/hashes.hpp"

namespace binrip::verify {
namespace {

const std::string kJson = "{\n  \"a\": 1,\n  \"seal\": \"" + std::string(64, '0') + "\"\n}\n";

// From sha256sum(1).
TEST(Seal, IsTheSha256OfTheText) {
  EXPECT_EQ(seal_log("binrip 0.1.0\n"),
            "binrip 0.1.0\n"
            "\nSHA-256 of the lines above: "
            "dde8665d7480b3bda576147316fdb863fcbf632297bafe7235e0cf8f8b593b5f\n");
  EXPECT_EQ(seal_json(kJson),
            "{\n  \"a\": 1,\n  \"seal\": "
            "\"93bc376be315f5b1cd3d772b7d7f1c422012af837f3d2dd315596bba83b4979b\"\n}\n");
}

template <class Check>
void expect_every_bit_matters(std::string text, Check check) {
  ASSERT_TRUE(check(text));
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    const auto mask = static_cast<char>(1U << (bit % 8));
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ mask);
    EXPECT_FALSE(check(text)) << bit;
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ mask);
  }
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(check(text.substr(0, size))) << size;
  EXPECT_FALSE(check(text + "\n"));
}

TEST(Seal, BreaksWithEveryBitAndEveryCut) {
  expect_every_bit_matters(seal_json(kJson), json_seal_right);
  expect_every_bit_matters(seal_log("binrip 0.1.0\n\nRip\n"), log_seal_right);
}

TEST(Seal, OfATextSealedBeforeIsRenewed) {
  std::string changed = seal_json(kJson);
  changed[7] = '2';
  EXPECT_TRUE(json_seal_right(seal_json(changed)));
}

TEST(Seal, LeavesATextAloneThatHasNoPlaceForIt) {
  EXPECT_EQ(seal_json("{}\n"), "{}\n");
  EXPECT_FALSE(json_seal_right("{}\n"));
  EXPECT_FALSE(json_seal_right(""));
  EXPECT_FALSE(log_seal_right(""));
}

}  // namespace
}  // namespace binrip::verify
