#include "binrip/rip/sector_map.hpp"

#include <gtest/gtest.h>

namespace binrip::rip {
namespace {

using cd::Lba;
using cd::LbaRange;
using cd::SectorState;

SectorMap two_sessions() { return SectorMap("id", {{Lba{0}, Lba{100}}, {Lba{11500}, Lba{11600}}}); }

TEST(SectorMap, StatesOnlyRise) {
  SectorMap map = two_sessions();
  map.raise({Lba{0}, Lba{50}}, SectorState::consistent);
  map.raise({Lba{0}, Lba{50}}, SectorState::failed);
  EXPECT_EQ(map.state(Lba{49}), SectorState::consistent);
  EXPECT_EQ(map.state(Lba{50}), SectorState::untried);
}

TEST(SectorMap, RunsNeverCrossASessionGap) {
  SectorMap map = two_sessions();
  map.raise({Lba{-10}, Lba{20000}}, SectorState::proven);
  EXPECT_EQ(map.with(SectorState::proven),
            (std::vector<LbaRange>{{Lba{0}, Lba{100}}, {Lba{11500}, Lba{11600}}}));
  EXPECT_EQ(map.counts()[static_cast<std::size_t>(SectorState::proven)], 200);
  EXPECT_FALSE(map.contains(Lba{100}));
}

TEST(SectorMap, BelowJoinsNeighbouringStates) {
  SectorMap damaged("id", {{Lba{0}, Lba{10}}});
  damaged.raise({Lba{0}, Lba{3}}, SectorState::failed);
  damaged.raise({Lba{3}, Lba{5}}, SectorState::damaged);
  damaged.raise({Lba{5}, Lba{10}}, SectorState::proven);
  EXPECT_EQ(damaged.below(SectorState::consistent), (std::vector<LbaRange>{{Lba{0}, Lba{5}}}));
}

SectorMap full_example() {
  SectorMap map = two_sessions();
  map.add_drive({"ACME READER 1.0 serial=12", -472});
  map.add_drive({"ACME READER 1.0 serial=12", -472});
  map.add_drive({"OTHER", 6});
  map.raise({Lba{0}, Lba{60}}, SectorState::consistent);
  map.raise({Lba{60}, Lba{70}}, SectorState::damaged);
  map.raise({Lba{11500}, Lba{11501}}, SectorState::proven);
  map.raise_sub({Lba{0}, Lba{80}}, SubState::right);
  map.raise_sub({Lba{70}, Lba{83}}, SubState::read);
  map.raise_sub({Lba{81}, Lba{82}}, SubState::confirmed);
  map.raise_sub({Lba{82}, Lba{83}}, SubState::voted);
  map.note_mending(Lba{3}, Mending::merged);
  map.note_mending({Lba{11500}, Lba{11501}}, Mending::repaired);
  map.note_edge(Lba{0}, 30);
  map.note_edge(Lba{99}, 588);
  map.note_edge(Lba{99}, 0);
  map.note_wrong_edc({Lba{60}, Lba{62}});
  map.set_fills({{{Lba{70}, Lba{100}}, "silence"}, {{Lba{11501}, Lba{11600}}, "pattern"}});
  map.note_first_pregap({150, 3});
  map.note_jitter({12, 40});
  return map;
}

TEST(SectorMap, KeepsWhatTheReportTellsOfSectors) {
  SectorMap map = full_example();
  EXPECT_EQ(map.edge_samples(), 30);
  EXPECT_EQ(map.wrong_edc(), 2);
  map.raise({Lba{60}, Lba{61}}, SectorState::proven);  // read rightly since
  EXPECT_EQ(map.wrong_edc(), 1);
}

constexpr std::string_view kExampleText =
    "# binrip map 1\n"
    "# disc id\n"
    "# drive ACME READER 1.0 serial=12 offset=-472\n"
    "# drive OTHER offset=+6\n"
    "# subchannel 0 80 right\n"
    "# subchannel 80 1 read\n"
    "# subchannel 81 1 confirmed\n"
    "# subchannel 82 1 voted\n"
    "# merged 3 1\n"
    "# repaired 11500 1\n"
    "# edge 0 30\n"
    "# wrong-edc 60 2\n"
    "# filled 70 30 silence\n"
    "# filled 11501 99 pattern\n"
    "# first-pregap 150 3\n"
    "# jitter 12 40\n"
    "0 60 consistent\n"
    "60 10 damaged\n"
    "70 30 untried\n"
    "11500 1 proven\n"
    "11501 99 untried\n";

// The one way down.
TEST(SectorMap, DoubtTakesBackWhatWasConsistentAndNothingElse) {
  SectorMap map = full_example();
  map.doubt({Lba{10}, Lba{11600}});
  EXPECT_EQ(map.state(Lba{9}), SectorState::consistent);
  EXPECT_EQ(map.with(SectorState::unproven), (std::vector<LbaRange>{{Lba{10}, Lba{60}}}));
  EXPECT_EQ(map.state(Lba{65}), SectorState::damaged);
  EXPECT_EQ(map.state(Lba{11500}), SectorState::proven);
}

TEST(SectorMap, WritesTheDocumentedText) { EXPECT_EQ(full_example().to_text(), kExampleText); }

TEST(SectorMap, ReadsBackWhatItWrote) {
  const auto map = parse_map(kExampleText, "m");
  ASSERT_TRUE(map) << map.error().message;
  EXPECT_EQ(map->to_text(), kExampleText);
  EXPECT_EQ(map->ranges(), full_example().ranges());
  EXPECT_EQ(map->drives(), full_example().drives());
  EXPECT_EQ(map->with_sub(SubState::untried),
            (std::vector<LbaRange>{{Lba{83}, Lba{100}}, {Lba{11500}, Lba{11600}}}));
  EXPECT_EQ(map->sub_counts(), (SubCounts{117, 1, 1, 1, 80}));
}

// A map cut short must never be taken for one that covers the image: every truncation is an error, or covers
// fewer sectors, which the caller sees by comparing the ranges.
TEST(SectorMap, EveryTruncationIsAnErrorOrCoversLess) {
  for (std::size_t size = 0; size < kExampleText.size(); ++size) {
    const auto map = parse_map(kExampleText.substr(0, size), "m");
    if (map) {
      EXPECT_NE(map->ranges(), full_example().ranges()) << size;
    }
  }
}

std::string error_of(std::string_view text) {
  const auto map = parse_map(text, "m");
  return map ? "no error" : map.error().message;
}

TEST(SectorMap, SaysWhereAndWhatIsWrong) {
  EXPECT_EQ(error_of("hello\n"), "m:1: expected \"# binrip map 1\", got \"hello\"");
  EXPECT_EQ(error_of("# binrip map 1\nx 1 proven\n"), "m:2: expected an LBA, got \"x\"");
  EXPECT_EQ(error_of("# binrip map 1\n0 0 proven\n"), "m:2: expected a count of sectors, got \"0\"");
  EXPECT_EQ(error_of("# binrip map 1\n0 2147483647 proven\n"),
            "m:2: expected a count of sectors, got \"2147483647\"");
  EXPECT_EQ(error_of("# binrip map 1\n0 5 good\n"), "m:2: expected a sector state, got \"good\"");
  EXPECT_EQ(error_of("# binrip map 1\n0 5 proven\n3 5 proven\n"), "m:3: expected an LBA of 5 or more, got 3");
  EXPECT_EQ(error_of("# binrip map 1\n0 5 proven 7\n"), "m:2: expected a line end, got \"7\"");
  EXPECT_EQ(error_of("# binrip map 1\n# subchannel 0 5 untried\n0 5 proven\n"),
            "m:2: expected a subchannel state, got \"untried\"");
  EXPECT_EQ(error_of("# binrip map 1\n# jitter 0 3\n0 5 proven\n"),
            "m:2: expected \"# jitter PLACES SAMPLES\", got \"0 3\"");
  EXPECT_EQ(error_of("# binrip map 1\n# filled 0 5\n"),
            "m:2: expected \"# filled LBA COUNT WORD\", got \"\"");
  EXPECT_EQ(error_of("# binrip map 1\n"), "m:1: expected \"LBA COUNT state\", got the end of the file");
}

}  // namespace
}  // namespace binrip::rip
