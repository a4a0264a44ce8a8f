#include "binrip/cd/q_analysis.hpp"

#include <ctime>
#include <functional>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "binrip/cd/q_synthesis.hpp"

namespace binrip::cd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Disc toc_only(const Disc& disc) { return *disc_from_full_toc(full_toc_of(disc)); }

// What happens to the Q of a sector on its way.
using Change = std::function<void(Lba, QBytes&)>;

QAnalysis::Findings analyse(const Disc& disc, const Change& change = {},
                            std::optional<Disc> toc = std::nullopt) {
  QAnalysis analysis(toc ? *toc : toc_only(disc));
  for (const LbaRange& range : image_ranges(disc)) {
    for (Lba lba = range.begin; lba < range.end; ++lba) {
      QBytes q = synthesize_q_with_codes(disc, lba);
      if (change) change(lba, q);
      analysis.add(lba, q);
    }
  }
  return analysis.finish();
}

// Discs of every shape: hidden track one, pregaps of any length, up to 5 indexes, one or two sessions.
class RandomDisc {
 public:
  explicit RandomDisc(unsigned seed) : random_(seed) {}

  Disc make() {
    Disc disc;
    disc.sessions.push_back(session(1, chance(3) ? number(1, 600) : 0, number(1, 6)));
    if (chance(3))
      disc.sessions.push_back(session(2, disc.sessions[0].lead_out.value + 11'400, number(1, 3)));
    if (chance(2)) disc.mcn = "4012345678901";
    Track& first = disc.sessions[0].tracks[0];
    if (first.start() > Lba{0}) first.indexes.insert(first.indexes.begin(), Index{0, Lba{0}});
    return disc;
  }

 private:
  int number(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }
  bool chance(int in) { return number(1, in) == 1; }

  Session session(Byte which, int start, int tracks) {
    Session s;
    s.number = which;
    int at = start;
    for (int t = 0; t < tracks; ++t) {
      Track track;
      track.number = static_cast<Byte>(next_number_++);
      if (t > 0 && !chance(3)) {
        track.indexes.push_back({0, Lba{at}});
        at += chance(2) ? 150 : number(3, 400);
      }
      track.indexes.push_back({1, Lba{at}});
      at += number(300, 1'500);
      for (Byte i = 2; chance(3) && i < 6; ++i) {
        track.indexes.push_back({i, Lba{at}});
        at += number(50, 400);
      }
      track.control = static_cast<Byte>(number(0, 3));
      if (chance(4)) {
        track.mode = TrackMode::mode1;
        track.control = kControlData;
      }
      if (chance(2)) track.isrc = "DEA12990" + std::to_string(1'000 + track.number);
      s.tracks.push_back(std::move(track));
    }
    s.lead_out = Lba{at};
    return s;
  }

  std::mt19937 random_;
  int next_number_ = 1;
};

// A disc on which each code came at least once; the generator's own tracks are long enough for two.
TEST(QAnalysis, RestoresEveryDiscFromItsQ) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    const Disc disc = RandomDisc(seed).make();
    const auto findings = analyse(disc);
    EXPECT_EQ(findings.disc, disc) << seed;
    EXPECT_THAT(findings.notes, IsEmpty()) << seed;
    EXPECT_EQ(findings.q_right, image_size(disc).value);
    EXPECT_EQ(findings.q_wrong_crc + findings.q_wrong_address, 0);
    EXPECT_FALSE(findings.has_cdg);
  }
}

bool next_to_a_change(const Disc& disc, Lba lba) {
  const QBytes here = synthesize_q(disc, lba);
  const QBytes before = synthesize_q(disc, lba - SectorCount{1});
  const QBytes after = synthesize_q(disc, lba + SectorCount{1});
  return here[1] != before[1] || here[2] != before[2] || here[1] != after[1] || here[2] != after[2];
}

// Only the Qs on both sides of a change stay whole: without them nobody could tell where it was.
void expect_restored_with(int damaged_of_hundred, int misplaced_of_hundred) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    const Disc disc = RandomDisc(seed).make();
    std::mt19937 random(seed);
    int damaged = 0;
    int misplaced = 0;
    const auto findings = analyse(disc, [&](Lba lba, QBytes& q) {
      const int dice = static_cast<int>(random() % 100);
      if (dice >= damaged_of_hundred + misplaced_of_hundred || next_to_a_change(disc, lba)) return;
      if (dice < damaged_of_hundred) {
        q[random() % 12] ^= static_cast<Byte>(1U << (random() % 8));
        ++damaged;
      } else {
        q = synthesize_q(disc, lba + SectorCount{static_cast<std::int32_t>(1 + random() % 74)});
        ++misplaced;
      }
    });
    EXPECT_EQ(findings.disc.sessions, disc.sessions) << seed;
    EXPECT_EQ(findings.q_wrong_crc, damaged);
    EXPECT_EQ(findings.q_wrong_address, misplaced);
  }
}

TEST(QAnalysis, SurvivesOnePercentWrong) { expect_restored_with(1, 1); }
TEST(QAnalysis, SurvivesTenPercentWrong) { expect_restored_with(10, 3); }

SectorCount shortest_index(const Disc& disc) {
  SectorCount shortest{1'000'000};
  for (const Session& session : disc.sessions) {
    std::vector<Lba> begins;
    for (const Track& track : session.tracks) {
      for (const Index& index : track.indexes) begins.push_back(index.lba);
    }
    begins.push_back(session.lead_out);
    for (std::size_t i = 1; i < begins.size(); ++i) shortest = std::min(shortest, begins[i] - begins[i - 1]);
  }
  return shortest;
}

Disc simple_disc() {
  Track one;
  one.indexes = {{1, Lba{0}}, {2, Lba{3'000}}};
  one.isrc = "DEA129900001";
  Track two;
  two.number = 2;
  two.indexes = {{0, Lba{5'000}}, {1, Lba{5'123}}};
  Disc disc;
  disc.mcn = "4012345678901";
  disc.sessions = {{1, DiscType::cd_da_or_rom, {one, two}, Lba{9'000}}};
  return disc;
}

QBytes position(int lba, Byte track, Byte index, int relative, Byte control = 0) {
  return encode_q(QPosition{control, track, index, to_msf(SectorCount{relative}), to_msf(Lba{lba})});
}

// Right CRC, right address, wrong track or index: what a bad drive or a 1-in-65536 chance makes.
TEST(QAnalysis, SingleWrongIndexesAreVotedDown) {
  const Disc disc = simple_disc();
  const auto findings = analyse(disc, [](Lba lba, QBytes& q) {
    if (lba == Lba{1'000}) q = position(1'000, 1, 7, 1'000);
    if (lba == Lba{1'500}) q = position(1'500, 2, 0, 3'622);
    if (lba == Lba{2'999}) q = position(2'999, 1, 9, 77);
    if (lba == Lba{4'999}) q = position(4'999, 1, 3, 4'999);
    if (lba == Lba{5'050}) q = position(5'050, 1, 2, 5'050);
    if (lba == Lba{5'122}) q = position(5'122, 2, 5, 0);
    if (lba == Lba{8'999}) q = position(8'999, 2, 2, 3'876);
    if (lba == Lba{6'000}) q = position(6'000, 77, 1, 12);
  });
  EXPECT_EQ(findings.disc.sessions[0].tracks[1].indexes, disc.sessions[0].tracks[1].indexes);
  EXPECT_EQ(findings.disc.sessions[0].tracks[0].indexes.size(), 2U);
}

TEST(QAnalysis, ScatteredWrongIndexesMakeNoIndex) {
  const Disc disc = simple_disc();
  std::mt19937 random(1);
  const auto findings = analyse(disc, [&](Lba lba, QBytes& q) {
    if (random() % 20 != 0 || next_to_a_change(disc, lba)) return;
    q = position(lba.value, static_cast<Byte>(1 + random() % 3), static_cast<Byte>(random() % 100), 0);
  });
  EXPECT_EQ(findings.disc.sessions, disc.sessions);
}

TEST(QAnalysis, AChangeWithoutQsTakesTheEarliestPlaceAndSaysSo) {
  const Disc disc = simple_disc();
  const auto findings = analyse(disc, [](Lba lba, QBytes& q) {
    if (lba >= Lba{2'996} && lba < Lba{3'004}) q.fill(0x55);
  });
  EXPECT_EQ(findings.disc.sessions[0].tracks[0].indexes[1], (Index{2, Lba{2'996}}));
  EXPECT_THAT(findings.notes,
              ElementsAre("track 1: no Q says where INDEX 02 begins between 00:41:71 and 00:42:04, "
                          "00:41:71 taken"));
  EXPECT_EQ(findings.q_wrong_crc, 8);
  EXPECT_EQ(findings.first_wrong.front(), Lba{2'996});
  EXPECT_EQ(findings.first_wrong.size(), 8U);
}

TEST(QAnalysis, AChangeIsFoundByQsWithAFewWrongBits) {
  const Disc disc = simple_disc();
  const auto findings = analyse(disc, [](Lba lba, QBytes& q) {
    const bool index = lba >= Lba{2'990} && lba < Lba{3'010}, pregap = lba >= Lba{4'990} && lba < Lba{5'010};
    if (index || pregap) q[static_cast<std::size_t>(lba.value) % 12] ^= 0x11;
  });
  EXPECT_EQ(findings.disc.sessions, disc.sessions);
  EXPECT_THAT(findings.notes, ElementsAre("track 1: INDEX 02 begins at 00:42:00 by Qs with a wrong CRC",
                                          "track 2: INDEX 00 begins at 01:08:50 by Qs with a wrong CRC"));
  EXPECT_EQ(findings.q_wrong_crc, 40);
}

// Between two of them any place is as likely: then the earliest is taken, as between right ones.
TEST(QAnalysis, AChangeBetweenDoubtfulQsIsNarrowedDown) {
  const Disc disc = simple_disc();
  const auto findings = analyse(disc, [](Lba lba, QBytes& q) {
    if (lba >= Lba{2'990} && lba < Lba{3'010}) q[10] ^= 1;
    if (lba >= Lba{2'998} && lba < Lba{3'002}) q.fill(0x55);
  });
  EXPECT_EQ(findings.disc.sessions[0].tracks[0].indexes[1], (Index{2, Lba{2'998}}));
  EXPECT_THAT(findings.notes,
              ElementsAre("track 1: no Q says where INDEX 02 begins between 00:41:73 and 00:42:02, "
                          "00:41:73 taken"));
}

// Twelve wrong bits still tell one label from another, thirteen may be anything.
TEST(QAnalysis, AQWithUpToTwelveWrongBitsTellsWhereAPregapBegins) {
  const Disc disc = simple_disc();
  const auto notes = [&](Byte thirteenth) {
    return analyse(disc,
                   [&](Lba lba, QBytes& q) {
                     if (lba < Lba{4'990} || lba >= Lba{5'010}) return;
                     for (const std::size_t byte : {7U, 8U, 9U}) q[byte] ^= 0x0F;
                     q[6] ^= thirteenth;
                   })
        .notes;
  };
  EXPECT_THAT(notes(0), ElementsAre("track 2: INDEX 00 begins at 01:08:50 by Qs with a wrong CRC"));
  EXPECT_THAT(notes(1), ElementsAre("track 2: no Q says where INDEX 00 begins between 01:08:40 and 01:08:60, "
                                    "01:08:40 taken"));
}

// The earlier one is of INDEX 02 already, the later one of INDEX 01 still, and both by as many bits.
TEST(QAnalysis, DoubtfulQsThatContradictEachOtherNarrowNothing) {
  const auto findings = analyse(simple_disc(), [](Lba lba, QBytes& q) {
    if (lba < Lba{2'990} || lba >= Lba{3'010}) return;
    q.fill(0x55);
    if (lba == Lba{2'995}) q = position(2'995, 1, 2, 2'995);
    if (lba == Lba{3'004}) q = position(3'004, 1, 1, 3'004);
    q[6] ^= 1;
  });
  EXPECT_THAT(findings.notes,
              ElementsAre("track 1: no Q says where INDEX 02 begins between 00:41:65 and 00:42:10, "
                          "00:41:65 taken"));
}

// A third of all Qs with some wrong bits, at the changes, too. Only indexes that are too short to be told
// from errors at this rate are left out of the discs.
TEST(QAnalysis, IndexesAndCodesComeRightWithThirtyPercentOfQsWrong) {
  int discs = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    const Disc disc = RandomDisc(seed).make();
    if (shortest_index(disc) < SectorCount{30}) continue;
    ++discs;
    std::mt19937 random(seed);
    const auto findings = analyse(disc, [&](Lba, QBytes& q) {
      if (random() % 100 >= 30) return;
      for (unsigned n = 1 + random() % 4; n > 0; --n)
        q[random() % 12] ^= static_cast<Byte>(1U << (random() % 8));
    });
    ASSERT_EQ(findings.disc.sessions.size(), disc.sessions.size());
    for (std::size_t s = 0; s < disc.sessions.size(); ++s) {
      for (std::size_t t = 0; t < disc.sessions[s].tracks.size(); ++t) {
        const Track& found = findings.disc.sessions[s].tracks[t];
        EXPECT_EQ(found.indexes, disc.sessions[s].tracks[t].indexes) << seed << ", track " << t + 1;
        EXPECT_EQ(found.isrc, disc.sessions[s].tracks[t].isrc) << seed << ", track " << t + 1;
      }
    }
    EXPECT_EQ(findings.disc.mcn, disc.mcn) << seed;
  }
  EXPECT_GT(discs, 20);
}

TEST(QAnalysis, APregapOfTwoSecondsIsLikelierThanOthers) {
  Disc disc = simple_disc();
  disc.sessions[0].tracks[1].indexes[0].lba = Lba{5'123 - 150};
  const auto findings = analyse(disc, [](Lba lba, QBytes& q) {
    if (lba >= Lba{4'960} && lba < Lba{4'990}) q.fill(0x55);
  });
  EXPECT_EQ(findings.disc, disc);
  EXPECT_EQ(findings.notes.size(), 1U);
}

TEST(QAnalysis, TheTocOwnsIndexOne) {
  const Disc disc = simple_disc();
  Disc toc = toc_only(disc);
  toc.sessions[0].tracks[1].indexes = {{1, Lba{5'120}}};  // Q turns to INDEX 01 three sectors later
  auto findings = analyse(disc, {}, toc);
  EXPECT_EQ(findings.disc.sessions[0].tracks[1].indexes,
            (std::vector<Index>{{0, Lba{5'000}}, {1, Lba{5'120}}}));
  EXPECT_THAT(findings.notes, ElementsAre("track 2: Q has INDEX 01 3 sectors after the TOC"));
  toc.sessions[0].tracks[1].indexes = {{1, Lba{5'127}}};
  findings = analyse(disc, {}, toc);
  EXPECT_EQ(findings.disc.sessions[0].tracks[1].indexes,
            (std::vector<Index>{{0, Lba{5'000}}, {1, Lba{5'127}}}));
  EXPECT_THAT(findings.notes, ElementsAre("track 2: Q has INDEX 01 4 sectors before the TOC"));
}

TEST(QAnalysis, FlagsFollowTheMajorityOfQ) {
  const Disc disc = simple_disc();
  const auto findings = analyse(disc, [](Lba lba, QBytes& q) {
    if (lba >= Lba{5'123}) q[0] = static_cast<Byte>((lba.value % 10 == 0 ? 0x20 : 0x10) | q_adr(q));
    set_q_crc(q);
  });
  EXPECT_EQ(findings.disc.sessions[0].tracks[0].control, 0);
  EXPECT_EQ(findings.disc.sessions[0].tracks[1].control, kControlPreEmphasis);
  EXPECT_THAT(findings.notes, ElementsAre("track 2: pre-emphasis in Q, not in the TOC"));
}

TEST(QAnalysis, TheDataFlagFollowsTheToc) {
  const Disc disc = simple_disc();
  Disc toc = toc_only(disc);
  toc.sessions[0].tracks[1].control = kControlData | kControlCopyPermitted;
  toc.sessions[0].tracks[1].mode = TrackMode::mode1;
  const auto findings = analyse(disc, {}, toc);
  EXPECT_EQ(findings.disc.sessions[0].tracks[1].control, kControlData);
  EXPECT_THAT(findings.notes, ElementsAre("track 2: data in the TOC, audio in Q",
                                          "track 2: digital copy permitted in the TOC, not in Q"));
}

TEST(QAnalysis, WrongCodesAreOutvoted) {
  const Disc disc = simple_disc();
  int seen = 0;
  const auto findings = analyse(disc, [&](Lba lba, QBytes& q) {
    const auto frame = static_cast<Byte>(to_msf(lba).frame);
    if (q_adr(q) == 1 || ++seen % 3 != 0) return;
    q = q_adr(q) == 2 ? encode_q(QMcn{0, "1111111111111", frame}) : encode_q(QIsrc{0, "XXX129900001", frame});
  });
  EXPECT_EQ(findings.disc, disc);
}

TEST(QAnalysis, CodesThatAreNoneAreDroppedWithANote) {
  const Disc disc = simple_disc();
  const auto findings = analyse(disc, [](Lba, QBytes& q) {
    if (q_adr(q) == 1) return;
    std::fill(q.begin() + 1, q.begin() + 9, Byte{0});
    set_q_crc(q);
  });
  EXPECT_EQ(findings.disc.mcn, "");
  EXPECT_EQ(findings.disc.sessions[0].tracks[0].isrc, "");
  EXPECT_THAT(findings.notes,
              ElementsAre("MCN: not valid in Q, left out", "track 1: ISRC: not valid in Q, left out"));
}

TEST(QAnalysis, ACodeSeenOnceIsTakenWithANoteAndTwoDifferentOnesAreNot) {
  Disc disc = simple_disc();
  disc.mcn.clear();
  disc.sessions[0].tracks[0].isrc.clear();
  const auto mcn = [](int lba, const char* digits) {
    return encode_q(QMcn{0, digits, static_cast<Byte>(to_msf(Lba{lba}).frame)});
  };
  const auto once = analyse(disc, [&](Lba lba, QBytes& q) {
    if (lba == Lba{700}) q = mcn(700, "4012345678901");
  });
  EXPECT_EQ(once.disc.mcn, "4012345678901");
  EXPECT_THAT(once.notes, ElementsAre("MCN: 4012345678901 seen only once"));
  const auto twice = analyse(disc, [&](Lba lba, QBytes& q) {
    if (lba == Lba{700}) q = mcn(700, "4012345678901");
    if (lba == Lba{800}) q = mcn(800, "4012345678902");
  });
  EXPECT_EQ(twice.disc.mcn, "");
  EXPECT_THAT(twice.notes, ElementsAre(HasSubstr("different ones")));
}

TEST(QAnalysis, AnIsrcInAPregapIsNotThePreviousTracks) {
  Disc disc = simple_disc();
  disc.sessions[0].tracks[0].isrc.clear();
  disc.sessions[0].tracks[1].isrc = "DEA129900002";
  EXPECT_EQ(analyse(disc).disc, disc);
}

TEST(QAnalysis, NoQChangesNothing) {
  const Disc toc = toc_only(simple_disc());
  const auto findings = QAnalysis(toc).finish();
  EXPECT_EQ(findings.disc, toc);
  EXPECT_THAT(findings.notes, IsEmpty());
  EXPECT_EQ(findings.q_right, 0);
}

TEST(QAnalysis, OnlyZerosAreNoQ) {
  const Disc disc = simple_disc();
  const auto findings = analyse(disc, [](Lba, QBytes& q) { q = {}; });
  EXPECT_EQ(findings.disc, toc_only(disc));
  EXPECT_EQ(findings.q_wrong_crc, 9'000);
  EXPECT_EQ(findings.first_wrong.size(), 100U);
  EXPECT_EQ(findings.notes.size(), 1U);
}

// Wrong in both times and in the CRC, as LibCrypt has them; or with a right CRC.
TEST(QAnalysis, DeliberatelyWrongQsAreCountedAndChangeNothing) {
  const Disc disc = simple_disc();
  const auto findings = analyse(disc, [](Lba lba, QBytes& q) {
    if (lba.value % 200 != 13 || q_adr(q) != 1) return;
    q[5] ^= 0x01;
    q[9] ^= 0x02;
    if (lba.value % 400 == 13) set_q_crc(q);
  });
  EXPECT_EQ(findings.disc, disc);
  EXPECT_GT(findings.q_wrong_crc, 15);
  EXPECT_GT(findings.q_wrong_address, 15);
  EXPECT_THAT(findings.notes, IsEmpty());
}

TEST(QAnalysis, GraphicsOnOnePercentOfAnAudioTrackMakeACdg) {
  const Disc disc = simple_disc();
  for (const int every : {90, 200}) {
    QAnalysis analysis(toc_only(disc));
    for (int lba = 0; lba < 9'000; ++lba) analysis.add_rw(Lba{lba}, lba >= 5'123 && lba % every == 0);
    EXPECT_EQ(analysis.finish().has_cdg, every == 90);
  }
}

TEST(QAnalysis, OneSectorOfAHundredIsEnoughForACdgAndOneOfMoreIsNot) {
  for (const int sectors : {1, 99, 100, 101, 200}) {
    QAnalysis analysis(toc_only(simple_disc()));
    for (int i = 0; i < sectors; ++i) analysis.add_rw(Lba{6'000 + i}, i == 0);
    EXPECT_EQ(analysis.finish().has_cdg, sectors <= 100) << sectors;
  }
}

TEST(QAnalysis, AddressesOutsideTheImageAreIgnored) {
  const Disc disc = simple_disc();
  QAnalysis analysis(toc_only(disc));
  for (const int lba : {-150, -1, 9'000, 1 << 30, -(1 << 30)}) {
    analysis.add(Lba{lba}, synthesize_q(disc, Lba{lba}));
    analysis.add_rw(Lba{lba}, true);
  }
  EXPECT_EQ(analysis.finish().q_right, 0);
  EXPECT_FALSE(analysis.finish().has_cdg);
}

TEST(QAnalysis, ATrackWithoutQKeepsTheUsualPregapOfTheNext) {
  Disc disc = simple_disc();
  disc.sessions[0].tracks[1].indexes[0].lba = Lba{5'123 - 150};
  const auto findings = analyse(disc, [](Lba lba, QBytes& q) {
    if (lba < Lba{5'020}) q[11] ^= 1;
  });
  EXPECT_EQ(findings.disc.sessions[0].tracks[1].indexes, disc.sessions[0].tracks[1].indexes);
}

// 74 minutes. The bound is generous, for debug builds, and counts this process only, for busy machines.
TEST(QAnalysis, TakesAWholeDiscInNoTime) {
  Disc disc = simple_disc();
  disc.sessions[0].lead_out = Lba{333'000};
  std::vector<QBytes> qs;
  for (int lba = 0; lba < 333'000; ++lba) {
    qs.push_back(position(lba, lba < 5'123 ? 1 : 2, 1, lba < 5'123 ? lba : lba - 5'123));
  }
  QAnalysis analysis(toc_only(disc));
  const std::clock_t start = std::clock();
  for (std::size_t i = 0; i < qs.size(); ++i) analysis.add(Lba{static_cast<std::int32_t>(i)}, qs[i]);
  EXPECT_EQ(analysis.finish().q_right, 333'000);
  EXPECT_LT(std::clock() - start, 2 * CLOCKS_PER_SEC);
}

}  // namespace
}  // namespace binrip::cd
