#include "binrip/cd/disc.hpp"

#include <gtest/gtest.h>

namespace binrip::cd {
namespace {

Track track(Byte number, Byte control, TrackMode mode, std::vector<Index> indexes) {
  Track t;
  t.number = number;
  t.control = control;
  t.mode = mode;
  t.indexes = std::move(indexes);
  return t;
}

// A CD-Extra with a hidden track one: 2 audio tracks, then a Mode 2 track in a second session.
Disc cd_extra() {
  Disc disc;
  disc.sessions = {{1,
                    DiscType::cd_da_or_rom,
                    {track(1, 0, TrackMode::audio, {{0, Lba{0}}, {1, Lba{500}}}),
                     track(2, 2, TrackMode::audio, {{1, Lba{20'000}}})},
                    Lba{30'000}},
                   {2, DiscType::cd_xa, {track(3, 4, TrackMode::mode2, {{1, Lba{41'400}}})}, Lba{50'000}}};
  return disc;
}

FullTocEntry entry(Byte session, Byte control, Byte point, Msf p_time) {
  FullTocEntry e;
  e.session = session;
  e.control = control;
  e.point = point;
  e.p_time = p_time;
  return e;
}

TEST(DiscFromFullToc, ReadsSessionsTracksAndTypes) {
  FullToc toc;
  toc.entries = {
      entry(1, 0, 0xA0, {1, 0, 0}), entry(1, 0, 0xA1, {2, 0, 0}),   entry(1, 0, 0xA2, {6, 42, 0}),
      entry(1, 2, 2, {4, 28, 50}),  entry(1, 0, 1, {0, 8, 50}),     entry(2, 4, 0xA0, {3, 0x20, 0}),
      entry(2, 4, 0xA1, {3, 0, 0}), entry(2, 4, 0xA2, {11, 8, 50}), entry(2, 4, 3, {9, 14, 0})};
  EXPECT_EQ(*disc_from_full_toc(toc), cd_extra());
}

TEST(DiscFromFullToc, RoundTripsThroughItsOwnToc) {
  const Disc disc = cd_extra();
  const FullToc toc = full_toc_of(disc);
  EXPECT_EQ(*disc_from_full_toc(toc), disc);
  const auto parsed = parse_full_toc(encode_full_toc(toc, 1));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, toc);
}

TEST(DiscFromFullToc, TakesTracksBeyondNinetyMinutes) {
  Disc disc;
  disc.sessions = {
      {1,
       DiscType::cd_i,
       {track(1, 4, TrackMode::cdi, {{1, Lba{0}}}), track(2, 4, TrackMode::cdi, {{1, Lba{410'000}}})},
       Lba{440'000}}};
  EXPECT_EQ(*disc_from_full_toc(full_toc_of(disc)), disc);
}

TEST(DiscFromFullToc, RefusesWhatIsNoDisc) {
  const FullToc good = full_toc_of(cd_extra());
  const auto with = [&](Byte session, Byte point, Msf p_time) {
    FullToc toc = good;
    for (FullTocEntry& e : toc.entries) {
      if (e.session == session && e.point == point) e.p_time = p_time;
    }
    return disc_from_full_toc(toc);
  };
  const auto without = [&](Byte session, Byte point) {
    FullToc toc = good;
    std::erase_if(toc.entries,
                  [&](const FullTocEntry& e) { return e.session == session && e.point == point; });
    return disc_from_full_toc(toc);
  };
  EXPECT_FALSE(disc_from_full_toc({}));
  EXPECT_FALSE(without(1, 0xA2));
  EXPECT_TRUE(without(1, 0xA0));
  EXPECT_FALSE(with(1, 1, {0, 0, 0}));      // in the first pregap
  EXPECT_FALSE(with(1, 1, {5, 0, 0}));      // after track 2
  EXPECT_FALSE(with(1, 2, {6, 42, 0}));     // at the lead-out
  EXPECT_FALSE(with(1, 2, {0xAA, 0, 0}));   // no time
  EXPECT_FALSE(with(2, 3, {6, 41, 74}));    // inside session 1
  EXPECT_FALSE(with(1, 0xA2, {10, 0, 0}));  // lead-out after session 2's start
  EXPECT_EQ(with(1, 1, {5, 0, 0}).error().kind, ErrorKind::invalid);
}

TEST(FullTocOf, OrdersEntriesAsReadTocGivesThem) {
  std::vector<int> points;
  for (const FullTocEntry& e : full_toc_of(cd_extra()).entries) points.push_back(e.session * 1000 + e.point);
  EXPECT_EQ(points,
            (std::vector<int>{1160, 1161, 1162, 1001, 1002, 1176, 1192, 2160, 2161, 2162, 2003, 2176}));
}

// Between the sessions: lead-out 01:30:00, lead-in 01:00:00; then the program area with the pregap.
TEST(FullTocOf, PointsToTheNextSession) {
  const FullToc toc = full_toc_of(cd_extra());
  EXPECT_EQ(toc.entries[5].adr, 5);
  EXPECT_EQ(to_count(toc.entries[5].time), SectorCount{30'000 + 150 + 6'750 + 4'500});
}

TEST(FullTocOf, SingleSessionHasNoPointers) {
  Disc disc = cd_extra();
  disc.sessions.pop_back();
  EXPECT_EQ(full_toc_of(disc).entries.size(), 5U);
}

TEST(DiscFromFormattedToc, EstimatesTheFirstLeadOut) {
  const Disc disc = cd_extra();
  const auto made = disc_from_formatted_toc(formatted_toc_of(disc), session_info_of(disc));
  ASSERT_TRUE(made);
  Disc expected = disc;
  expected.sessions[1].type = DiscType::cd_da_or_rom;
  expected.sessions[1].tracks[0].mode = TrackMode::mode1;
  EXPECT_EQ(*made, expected);
}

TEST(DiscFromFormattedToc, LaterGapsAreShorter) {
  const Disc disc = cd_extra();
  SessionInfo info = session_info_of(disc);
  info.last_session = 3;
  const auto made = disc_from_formatted_toc(formatted_toc_of(disc), info);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->sessions[0].lead_out, Lba{41'400 - 6'900});
  EXPECT_EQ(made->sessions[1].number, 3);
}

TEST(DiscFromFormattedToc, IgnoresSessionsThatCannotBe) {
  Disc disc = cd_extra();
  const SessionInfo info{1, 2, 2, Lba{20'000}};
  disc.sessions[0].tracks[0].indexes = {{1, Lba{9'000}}};  // track 2 follows it closer than a gap is long
  EXPECT_EQ(disc_from_formatted_toc(formatted_toc_of(disc), info)->sessions.size(), 1U);
  EXPECT_EQ(disc_from_formatted_toc(formatted_toc_of(disc), std::nullopt)->sessions.size(), 1U);
  FormattedToc no_lead_out = formatted_toc_of(disc);
  no_lead_out.tracks.pop_back();
  EXPECT_FALSE(disc_from_formatted_toc(no_lead_out, std::nullopt));
}

// READ TOC in its session form: a session counts only if its number is above that of the session before it.
TEST(DiscFromFormattedToc, SplitsOnlyAtALaterSession) {
  const Disc disc = cd_extra();
  const auto sessions = [&](Byte last_session) {
    const SessionInfo info{1, last_session, 3, Lba{41'400}};
    return disc_from_formatted_toc(formatted_toc_of(disc), info)->sessions.size();
  };
  EXPECT_EQ(sessions(1), 1U);
  EXPECT_EQ(sessions(2), 2U);
}

TEST(DiscFromFormattedToc, PassesOverASessionThatIsNotAfterTheOneBefore) {
  const FormattedToc toc = formatted_toc_of(cd_extra());
  for (const Byte number : {Byte{0}, Byte{1}, Byte{2}}) {
    const std::array<SessionStart, 1> later{{{number, 3}}};
    const auto disc = disc_from_formatted_toc(toc, later, DiscType::cd_da_or_rom);
    ASSERT_TRUE(disc) << int{number};
    EXPECT_EQ(disc->sessions.size(), number > 1 ? 2U : 1U) << int{number};
  }
}

TEST(FullTocOf, PassesOverASessionWithoutTracks) {
  Disc disc = cd_extra();
  const FullToc whole = full_toc_of(disc);
  disc.sessions.insert(disc.sessions.begin() + 1, {2, DiscType::cd_da_or_rom, {}, Lba{35'000}});
  disc.sessions[2].number = 3;
  const FullToc toc = full_toc_of(disc);
  const auto of_session = [](const FullToc& all, int number) {
    return std::count_if(all.entries.begin(), all.entries.end(),
                         [&](const FullTocEntry& e) { return e.session == number; });
  };
  EXPECT_EQ(of_session(toc, 2), 0);
  EXPECT_EQ(of_session(toc, 3), of_session(whole, 2));
}

TEST(Image, LeavesTheSessionGapOut) {
  const Disc disc = cd_extra();
  EXPECT_EQ(image_ranges(disc), (std::vector<LbaRange>{{Lba{0}, Lba{30'000}}, {Lba{41'400}, Lba{50'000}}}));
  EXPECT_EQ(image_size(disc), SectorCount{38'600});
  EXPECT_EQ(image_position(disc, Lba{29'999}), SectorCount{29'999});
  EXPECT_EQ(image_position(disc, Lba{41'400}), SectorCount{30'000});
  EXPECT_EQ(image_position(disc, Lba{30'000}), std::nullopt);
  EXPECT_EQ(image_position(disc, Lba{41'399}), std::nullopt);
  EXPECT_EQ(image_position(disc, Lba{-1}), std::nullopt);
  EXPECT_EQ(image_position(disc, Lba{50'000}), std::nullopt);
  EXPECT_EQ(session_range(disc, 2), LbaRange{});
}

TEST(Image, TracksCoverItWithoutHoles) {
  Disc disc = cd_extra();
  disc.sessions[0].tracks[1].indexes = {{0, Lba{19'850}}, {1, Lba{20'000}}, {2, Lba{25'000}}};
  const auto refs = track_ranges(disc);
  ASSERT_EQ(refs.size(), 3U);
  EXPECT_EQ(refs[0].range, (LbaRange{Lba{0}, Lba{19'850}}));
  EXPECT_EQ(refs[1].range, (LbaRange{Lba{19'850}, Lba{30'000}}));
  EXPECT_EQ(refs[2].range, (LbaRange{Lba{41'400}, Lba{50'000}}));
  EXPECT_EQ(refs[2].session, &disc.sessions[1]);
}

TEST(TocIdentity, TellsPressingsApartAndSurvivesUnderstanding) {
  Disc disc = cd_extra();
  EXPECT_EQ(toc_identity(disc), "1:00:08:50/0,04:28:50/0,06:42:00;2:09:14:00/4,11:08:50");
  Disc deeper = disc;
  deeper.sessions[0].tracks[1].indexes = {{0, Lba{19'000}}, {1, Lba{20'000}}};
  deeper.sessions[0].tracks[1].control |= kControlPreEmphasis;
  EXPECT_EQ(toc_identity(deeper), toc_identity(disc));
  disc.sessions[0].lead_out = Lba{30'001};
  EXPECT_NE(toc_identity(deeper), toc_identity(disc));
}

}  // namespace
}  // namespace binrip::cd
