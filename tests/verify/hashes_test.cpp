#include "binrip/verify/hashes.hpp"

#include <gtest/gtest.h>

#include "binrip/base/sha256.hpp"

namespace binrip::verify {
namespace {

Bytes bytes(std::string_view s) { return {reinterpret_cast<const Byte*>(s.data()), s.size()}; }

Digests hash(std::string_view text) {
  Hasher hasher;
  hasher.update(bytes(text));
  return hasher.finish();
}

// RFC 1321 A.5, FIPS 180-4 examples; CRC-32 as in ISO-HDLC ("123456789" gives cbf43926).
TEST(Hasher, GivesPublishedDigestsOfNothing) {
  const Digests expected{0, "00000000", "d41d8cd98f00b204e9800998ecf8427e",
                         "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"};
  EXPECT_EQ(Hasher().finish(), expected);
  EXPECT_EQ(hash(""), expected);
}

TEST(Hasher, GivesPublishedDigestsOfAbc) {
  EXPECT_EQ(hash("abc"), (Digests{3, "352441c2", "900150983cd24fb0d6963f7d28e17f72",
                                  "a9993e364706816aba3e25717850c26c9cd0d89d",
                                  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}));
  EXPECT_EQ(hash("123456789").crc32, "cbf43926");
}

TEST(Hasher, GivesPublishedDigestsOfAMillionAsInUnevenPieces) {
  const std::string as(1'000'000, 'a');
  Hasher hasher;
  std::size_t at = 0;
  for (std::size_t piece = 1; at < as.size(); piece = piece * 3 + 1) {
    hasher.update(bytes(std::string_view(as).substr(at, piece)));
    at += piece;
  }
  const Digests digests = hasher.finish();
  EXPECT_EQ(digests.size, 1'000'000U);
  EXPECT_EQ(digests.crc32, "dc25bfbc");
  EXPECT_EQ(digests.md5, "7707d6ae4e027c70eea2a935c2296f21");
  EXPECT_EQ(digests.sha1, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  EXPECT_EQ(digests.sha256, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Hex, AgreesWithTheHasher) { EXPECT_EQ(sha256_hex(bytes("abc")), hash("abc").sha256); }

}  // namespace
}  // namespace binrip::verify
