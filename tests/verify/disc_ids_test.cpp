#include "binrip/verify/disc_ids.hpp"

#include <gtest/gtest.h>

namespace binrip::verify {
namespace {

using cd::Lba;
using cd::TrackMode;

struct Start {
  TrackMode mode;
  int lba;
};

cd::Session session_of(int number, int first_track, const std::vector<Start>& starts, int lead_out) {
  cd::Session session;
  session.number = static_cast<Byte>(number);
  session.lead_out = Lba{lead_out};
  for (const Start& start : starts) {
    cd::Track track;
    track.number = static_cast<Byte>(first_track++);
    track.mode = start.mode;
    track.indexes = {{1, Lba{start.lba}}};
    session.tracks.push_back(track);
  }
  return session;
}

constexpr auto kAudio = TrackMode::audio;
constexpr auto kData = TrackMode::mode1;

// The ids below come from the databases' published formulas, computed with a script of a few lines that gives
// the published ids of the first disc.

TEST(DiscIds, MatchPublishedIdsOfAnAudioDisc) {
  cd::Disc disc;
  disc.sessions = {session_of(
      1, 1, {{kAudio, 0x96 - 150}, {kAudio, 0x2D2B - 150}, {kAudio, 0x6256 - 150}, {kAudio, 0xB327 - 150}},
      0xD84A - 150)};
  const DiscIds ids = disc_ids(disc);
  EXPECT_EQ(ids.musicbrainz, "nljDXdC8B_pDwbdY1vZJvdrAZI4-");
  EXPECT_EQ(ids.cddb, "1f02e004");
  EXPECT_EQ(ids.accuraterip, "0002189a-00087f33-1f02e004");
  EXPECT_EQ(ids.ctdb, "VukMWWItblELRM.CEFpXxw0FlME-");
}

TEST(DiscIds, OfCdExtraLeaveOutTheDataTrackWhereTheDatabaseDoes) {
  cd::Disc disc;
  disc.sessions = {session_of(1, 1, {{kAudio, 0}, {kAudio, 20'000}, {kAudio, 45'000}}, 60'000),
                   session_of(2, 4, {{TrackMode::mode2, 71'400}}, 90'000)};
  const DiscIds ids = disc_ids(disc);
  EXPECT_EQ(ids.musicbrainz, "8Yfi98AOLgptBK4tg_UNBLywA6A-");
  EXPECT_EQ(ids.cddb, "2c04b004");
  EXPECT_EQ(ids.accuraterip, "00025d78-000829d9-2c04b004");
  EXPECT_EQ(ids.ctdb, "uCTEFK1u2kD943U6JglvEGMZB7w-");
}

TEST(DiscIds, OfMixedModeCountAudioTracksOnlyForAccurateRip) {
  cd::Disc disc;
  disc.sessions = {session_of(1, 1, {{kData, 0}, {kAudio, 30'000}, {kAudio, 50'000}}, 80'000)};
  const DiscIds ids = disc_ids(disc);
  EXPECT_EQ(ids.musicbrainz, "fqBWV9Y07.iqe6NJJf_B3k.rUos-");
  EXPECT_EQ(ids.cddb, "1c042a03");
  EXPECT_EQ(ids.accuraterip, "00027100-0005a550-1c042a03");
  EXPECT_EQ(ids.ctdb, "eRBR3140kWHacZwpTL5mtLBH2Mo-");
}

TEST(DiscIds, OfADataDiscHasOnlyCddb) {
  cd::Disc disc;
  disc.sessions = {session_of(1, 1, {{kData, 0}}, 333'000)};
  EXPECT_EQ(disc_ids(disc), (DiscIds{"", "02115801", "", ""}));
}

TEST(DiscIds, OfNoTracksAreEmpty) {
  EXPECT_EQ(disc_ids({}), DiscIds{});
  cd::Disc disc;
  disc.sessions = {session_of(1, 1, {}, 1000)};
  EXPECT_EQ(disc_ids(disc), DiscIds{});
}

TEST(DiscIds, TakeADiscOf99Tracks) {
  std::vector<Start> starts;
  for (int i = 0; i < 99; ++i) starts.push_back({kAudio, i * 400});
  cd::Disc disc;
  disc.sessions = {session_of(1, 1, starts, 99 * 400)};
  const DiscIds ids = disc_ids(disc);
  EXPECT_EQ(ids.musicbrainz.size(), 28U);
  EXPECT_EQ(ids.cddb.substr(6), "63");
  EXPECT_EQ(ids.ctdb.size(), 28U);
}

}  // namespace
}  // namespace binrip::verify
