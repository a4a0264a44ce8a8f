#include "binrip/base/bytes.hpp"

#include <gtest/gtest.h>

namespace binrip {
namespace {

TEST(AllZero, OfNothingIsTrue) { EXPECT_TRUE(all_zero({})); }

TEST(AllZero, SeesOneBitInEveryPlaceOfEveryLengthAndNoneBeyond) {
  ByteVector bytes(110);
  for (std::size_t size = 0; size <= 100; ++size) {
    for (std::size_t begin : {0U, 1U, 3U, 8U}) {
      const Bytes part = Bytes(bytes).subspan(begin, size);
      EXPECT_TRUE(all_zero(part)) << size;
      for (std::size_t at = 0; at < bytes.size(); ++at) {
        bytes[at] = static_cast<Byte>(1U << (at % 8));
        EXPECT_EQ(all_zero(part), at < begin || at >= begin + size) << size << ' ' << at;
        bytes[at] = 0;
      }
    }
  }
}

}  // namespace
}  // namespace binrip
