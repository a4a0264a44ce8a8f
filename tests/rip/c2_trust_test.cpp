#include "../../src/rip/c2_trust.hpp"

#include <gtest/gtest.h>

namespace binrip::rip {
namespace {

using cd::Lba;
using Otherwise = C2Trust::Otherwise;
using Verdict = C2Trust::Verdict;

TEST(C2Trust, FlagsThatStandAtWhatChangesAreInPlace) {
  C2Trust trust;
  EXPECT_EQ(trust.verdict(), Verdict::not_known);
  trust.note({.flagged = 3});
  trust.note({.flagged = 30});
  EXPECT_EQ(trust.verdict(), Verdict::not_known);  // the flags of a sector nearby may cover them by chance
  trust.note({.flagged = 30});
  EXPECT_EQ(trust.verdict(), Verdict::in_place);
}

TEST(C2Trust, BytesThatChangeWithoutFlagsInSeveralSectorsShowThatTheFlagsStandElsewhere) {
  C2Trust trust;
  trust.note({.unflagged = 1000});
  trust.note({.unflagged = 1000});
  EXPECT_EQ(trust.verdict(), Verdict::not_known);  // one or two sectors may have come from elsewhere
  trust.note({.unflagged = 1000});
  EXPECT_EQ(trust.verdict(), Verdict::elsewhere);
  trust.note({.flagged = 100'000});
  EXPECT_EQ(trust.verdict(), Verdict::elsewhere);
}

TEST(C2Trust, AGoodDriveMissesAByteNowAndThen) {
  C2Trust trust;
  for (int i = 0; i < 20; ++i) trust.note({.flagged = 40, .unflagged = 1});
  EXPECT_EQ(trust.verdict(), Verdict::in_place);
}

TEST(C2Trust, DoubtedSectorsAreGoodOnceTheFlagsAreInPlaceUnlessOtherBytesCame) {
  C2Trust trust;
  trust.doubt({10}, Otherwise::good);
  trust.doubt({11}, Otherwise::unproven);
  trust.doubt({12}, Otherwise::good);
  trust.spoil({12});
  trust.spoil({99});
  EXPECT_TRUE(trust.doubts({12}));
  EXPECT_FALSE(trust.doubts({99}));
  EXPECT_EQ(trust.take_good(), std::vector<Lba>{Lba{10}});
  EXPECT_FALSE(trust.doubts({11}));
}

}  // namespace
}  // namespace binrip::rip
