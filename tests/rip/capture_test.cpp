#include "binrip/rip/capture.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace binrip::rip {
namespace {

using cd::Lba;
using cd::LbaRange;
using cd::SectorState;

std::array<Byte, cd::kSectorSize> sector(int seed) {
  std::array<Byte, cd::kSectorSize> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<Byte>(i * 7 + static_cast<unsigned>(seed));
  return bytes;
}

const std::vector<LbaRange> kRanges = {{Lba{0}, Lba{100}}, {Lba{11500}, Lba{11510}}};

class CaptureTest : public testing::Test {
 protected:
  Capture open(const std::string& identity = "id") {
    auto capture = Capture::open(dir_ / "out.partial", identity, kRanges);
    EXPECT_TRUE(capture) << capture.error().message;
    return std::move(*capture);
  }
  static std::array<Byte, cd::kSectorSize> stored(Capture& capture, Lba lba) {
    std::array<Byte, cd::kSectorSize> bytes{};
    EXPECT_TRUE(capture.read_main(lba, bytes));
    return bytes;
  }
  static void put(Capture& capture, Lba lba, int seed, SectorState state) {
    ASSERT_TRUE(capture.put_main(lba, sector(seed), state));
  }
  test::TempDir dir_;
};

TEST_F(CaptureTest, ABetterReadReplacesAWorseOneAndNeverTheOtherWayRound) {
  Capture capture = open();
  put(capture, Lba{5}, 1, SectorState::damaged);
  put(capture, Lba{5}, 2, SectorState::consistent);
  put(capture, Lba{5}, 3, SectorState::unproven);
  put(capture, Lba{5}, 4, SectorState::failed);
  EXPECT_EQ(stored(capture, Lba{5}), sector(2));
  EXPECT_EQ(capture.map().state(Lba{5}), SectorState::consistent);
}

TEST_F(CaptureTest, BytesOfTheSameStateReplaceEachOtherOnlyWhileTheyAreNotGood) {
  Capture capture = open();
  put(capture, Lba{5}, 1, SectorState::unproven);
  put(capture, Lba{5}, 2, SectorState::unproven);
  EXPECT_EQ(stored(capture, Lba{5}), sector(2));
  put(capture, Lba{5}, 3, SectorState::consistent);
  put(capture, Lba{5}, 4, SectorState::consistent);
  EXPECT_EQ(stored(capture, Lba{5}), sector(3));
}

TEST_F(CaptureTest, LaterSessionsFollowTheFirstInTheFile) {
  {
    Capture capture = open();
    put(capture, Lba{99}, 1, SectorState::proven);
    put(capture, Lba{11500}, 2, SectorState::proven);
    put(capture, Lba{50'000}, 3, SectorState::proven);  // not in the image
    ASSERT_TRUE(capture.checkpoint());
  }
  const std::string main = read_text(dir_ / "out.partial" / "main").value();
  ASSERT_EQ(main.size(), 110 * cd::kSectorSize);
  const auto second = sector(2);
  EXPECT_TRUE(std::equal(second.begin(), second.end(),
                         reinterpret_cast<const Byte*>(main.data()) + 100 * cd::kSectorSize));
}

TEST_F(CaptureTest, GoesOnWhereACheckpointStopped) {
  {
    Capture capture = open();
    EXPECT_FALSE(capture.resumed());
    put(capture, Lba{0}, 1, SectorState::proven);
    ASSERT_TRUE(capture.checkpoint());
    put(capture, Lba{1}, 1, SectorState::proven);  // lost: no checkpoint after it
  }
  Capture capture = open();
  EXPECT_TRUE(capture.resumed());
  EXPECT_EQ(capture.map().state(Lba{0}), SectorState::proven);
  EXPECT_EQ(capture.map().state(Lba{1}), SectorState::untried);
  EXPECT_EQ(stored(capture, Lba{0}), sector(1));
}

TEST_F(CaptureTest, RefusesAnotherDisc) {
  { ASSERT_TRUE(open().checkpoint()); }
  const auto other = Capture::open(dir_ / "out.partial", "another", kRanges);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::mismatch);
  const auto longer = Capture::open(dir_ / "out.partial", "id", {{Lba{0}, Lba{200}}});
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().kind, ErrorKind::mismatch);
}

TEST_F(CaptureTest, RefusesAMapWhoseSectorsAreGone) {
  for (const char* file : {"main", "sub"}) {
    {
      Capture capture = open();
      put(capture, Lba{5}, 1, SectorState::proven);
      ASSERT_TRUE(capture.checkpoint());
    }
    std::filesystem::remove(dir_ / "out.partial" / file);
    const auto capture = Capture::open(dir_ / "out.partial", "id", kRanges);
    ASSERT_FALSE(capture) << file;
    EXPECT_EQ(capture.error().kind, ErrorKind::invalid);
    EXPECT_NE(capture.error().message.find(file), std::string::npos);
    std::filesystem::remove_all(dir_ / "out.partial");
  }
}

TEST_F(CaptureTest, OneProcessAtATime) {
  const Capture first = open();
  const auto second = Capture::open(dir_ / "out.partial", "id", kRanges);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::exists);
}

TEST_F(CaptureTest, SubchannelThatMayBelongElsewhereIsAskedForAgain) {
  Capture capture = open();
  std::array<Byte, cd::kSubSize> sub{};
  sub[0] = 1;
  ASSERT_TRUE(capture.put_sub(Lba{3}, sub, SubState::untried));
  EXPECT_EQ(capture.map().sub_state(Lba{3}), SubState::untried);
  sub[0] = 2;
  ASSERT_TRUE(capture.put_sub(Lba{3}, sub, SubState::read));
  sub[0] = 3;
  ASSERT_TRUE(capture.put_sub(Lba{3}, sub, SubState::read));  // what has arrived stays
  ASSERT_TRUE(capture.read_sub(Lba{3}, sub));
  EXPECT_EQ(sub[0], 2);
}

TEST_F(CaptureTest, ASubchannelRecordIsReplacedByOneThatTellsMoreAndNeverTheOtherWayRound) {
  Capture capture = open();
  std::array<Byte, cd::kSubSize> sub{};
  Byte number = 0;
  for (const SubState state : {SubState::read, SubState::confirmed, SubState::voted, SubState::right,
                               SubState::voted, SubState::confirmed, SubState::read, SubState::untried}) {
    sub[0] = ++number;
    ASSERT_TRUE(capture.put_sub(Lba{3}, sub, state));
  }
  EXPECT_EQ(capture.map().sub_state(Lba{3}), SubState::right);
  ASSERT_TRUE(capture.read_sub(Lba{3}, sub));
  EXPECT_EQ(sub[0], 4);
}

// Such a map calls "read" whatever arrived.
TEST_F(CaptureTest, AnOldMapIsToldWhichQsAreRight) {
  std::array<Byte, cd::kSubSize> sub{};
  {
    Capture capture = open();
    for (int lba = 0; lba < 20; ++lba) {
      const cd::QBytes q = cd::encode_q(cd::QPosition{.track = 1,
                                                      .index = 1,
                                                      .relative = cd::to_msf(cd::SectorCount{lba}),
                                                      .absolute = cd::to_msf(Lba{lba == 7 ? 8 : lba})});
      std::copy(q.begin(), q.end(), sub.begin() + cd::kQOffset);
      if (lba == 5) sub[cd::kQOffset] ^= 1;
      ASSERT_TRUE(capture.put_sub(Lba{lba}, sub, SubState::read));
    }
    ASSERT_TRUE(capture.checkpoint());
  }
  const Capture capture = open();
  const std::vector<LbaRange> wrong = {{Lba{5}, Lba{6}}, {Lba{7}, Lba{8}}};
  EXPECT_EQ(capture.map().with_sub(SubState::read), wrong);
  EXPECT_EQ(capture.map().sub_counts()[static_cast<std::size_t>(SubState::right)], 18);
}

TEST_F(CaptureTest, BegunAnewItForgetsWhatWasThere) {
  {
    Capture capture = open();
    put(capture, Lba{0}, 1, SectorState::proven);
    ASSERT_TRUE(capture.checkpoint());
  }
  {
    const auto anew = Capture::open(dir_ / "out.partial", "another", kRanges, Capture::Begin::anew);
    ASSERT_TRUE(anew);
    EXPECT_FALSE(anew->resumed());
    EXPECT_EQ(anew->map().state(Lba{0}), SectorState::untried);
  }
  EXPECT_FALSE(open().resumed());
}

TEST_F(CaptureTest, RestoredItHasAllThatTheMapTells) {
  Capture capture = open();
  put(capture, Lba{0}, 1, SectorState::consistent);
  SectorMap map("id", kRanges);
  map.raise({Lba{0}, Lba{1}}, SectorState::consistent);
  map.add_drive({"ACME", 6});
  map.raise_sub({Lba{0}, Lba{1}}, SubState::read);
  ASSERT_TRUE(capture.restore(map));
  EXPECT_TRUE(capture.resumed());
  EXPECT_EQ(capture.map().drives(), map.drives());
  EXPECT_EQ(stored(capture, Lba{0}), sector(1));
}

TEST_F(CaptureTest, SubchannelThatIsKeptIsNotReplaced) {
  Capture capture = open();
  std::array<Byte, cd::kSubSize> sub{};
  sub[0] = 1;
  ASSERT_TRUE(capture.put_sub(Lba{3}, sub, SubState::untried));
  capture.keep_sub();
  sub[0] = 2;
  ASSERT_TRUE(capture.put_sub(Lba{3}, sub, SubState::right));
  ASSERT_TRUE(capture.flush());
  EXPECT_EQ(read_text(dir_ / "out.partial" / "sub").value()[3 * cd::kSubSize], 1);
  EXPECT_EQ(capture.map().sub_state(Lba{3}), SubState::untried);
}

TEST_F(CaptureTest, WhatAnotherDriveReadIsNotDoubted) {
  Capture capture = open();
  for (int lba = 0; lba < 4; ++lba) put(capture, Lba{lba}, 1, SectorState::consistent);
  capture.spare({{Lba{1}, Lba{3}}});
  capture.doubt({Lba{0}, Lba{10}});
  EXPECT_EQ(capture.map().state(Lba{0}), SectorState::unproven);
  EXPECT_EQ(capture.map().state(Lba{1}), SectorState::consistent);
  EXPECT_EQ(capture.map().state(Lba{2}), SectorState::consistent);
  EXPECT_EQ(capture.map().state(Lba{3}), SectorState::unproven);
}

TEST_F(CaptureTest, FailedSectorsAreFilledByWhatTheirTrackHolds) {
  Capture capture = open();
  put(capture, Lba{0}, 9, SectorState::consistent);
  put(capture, Lba{5}, 9, SectorState::damaged);
  cd::Disc disc;
  cd::Session session;
  session.lead_out = kRanges.front().end;
  session.tracks = {{.number = 1, .control = 4, .mode = cd::TrackMode::mode1, .indexes = {{1, Lba{0}}}},
                    {.number = 2, .indexes = {{1, Lba{4}}}}};
  disc.sessions.push_back(session);
  std::array<Byte, cd::kSectorSize> fill;
  fill.fill(7);
  const auto filled = capture.fill_failed(fill, disc);
  ASSERT_TRUE(filled);
  using Kind = FilledRun::Kind;
  EXPECT_EQ(*filled, (std::vector<FilledRun>{{Kind::data, {Lba{1}, Lba{4}}},
                                             {Kind::silence, {Lba{4}, Lba{5}}},
                                             {Kind::silence, {Lba{6}, session.lead_out}}}));
  EXPECT_EQ(stored(capture, Lba{3}), fill);
  EXPECT_EQ(stored(capture, Lba{4}), (std::array<Byte, cd::kSectorSize>{}));
  EXPECT_EQ(stored(capture, Lba{5}), sector(9));
}

}  // namespace
}  // namespace binrip::rip
