#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zip.h>

#include "../../src/verify/dat_parser.hpp"
#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"

namespace binrip::verify {
namespace {

constexpr std::string_view kHead =
    "<?xml version=\"1.0\"?>\n"
    "<!DOCTYPE datafile PUBLIC \"-//Logiqx//DTD ROM Management Datafile//EN\" "
    "\"http://www.logiqx.com/Dats/datafile.dtd\">\n"
    "<datafile>\n<header><name>Sony - PlayStation</name><version>2024-05-01</version></header>\n";
constexpr std::string_view kTail = "</datafile>\n";

std::string hex(char digit, std::size_t count) { return std::string(count, digit); }

// A track of `sectors` sectors whose digests are made of one digit.
Digests digests(std::uint64_t sectors, char digit) {
  return {sectors * 2352, hex(digit, 8), hex(digit, 32), hex(digit, 40), hex(digit, 64)};
}
std::string rom(std::string_view name, const Digests& d) {
  return fmt::format("<rom name=\"{}\" size=\"{}\" crc=\"{}\" md5=\"{}\" sha1=\"{}\"/>\n", name, d.size,
                     d.crc32, d.md5, d.sha1);
}
std::string game(std::string_view name, std::string_view roms) {
  return fmt::format(
      "<game name=\"{}\">\n<category>Games</category><description>x</description>\n{}</game>\n", name, roms);
}
Audit audit_of_three() {
  Audit audit;
  for (int i = 0; i < 3; ++i) {
    TrackAudit track;
    track.number = i + 1;
    track.digests = digests(100U + static_cast<unsigned>(i), static_cast<char>('1' + i));
    audit.tracks.push_back(track);
  }
  audit.whole = digests(303, 'f');
  return audit;
}

std::vector<DatGame> games_of(std::string_view text) {
  std::vector<DatGame> games;
  const auto header = parse_dat(text, "x.dat", [&](DatGame&& g) { games.push_back(std::move(g)); });
  EXPECT_TRUE(header) << header.error().message;
  return games;
}
std::string error_of(std::string_view text) {
  const auto header = parse_dat(text, "x.dat", [](DatGame&&) {});
  return header ? "(read)" : header.error().message;
}
std::string in_datafile(std::string_view text) { return fmt::format("{}{}{}", kHead, text, kTail); }

TEST(Dat, IsReadAsRedumpWritesIt) {
  const std::string text = in_datafile(
      "<game name=\"A &amp; B (Track) "
      "&lt;1&gt;\">\n<category>Games</category>\n<description>A</description>\n"
      "<rom name=\"a.cue\" size=\"89\" crc=\"ABCDEF01\" md5=\"" +
      hex('A', 32) + "\" sha1=\"" + hex('b', 40) +
      "\"/>\n<rom name=\"a.bin\" size=\"2352\" crc=\"00000000\" md5=\"\" status=\"verified\"/>\n</game>\n"
      "<machine name=\"&#201;t&#xe9;\"/>\n");
  EXPECT_EQ(games_of(text), (std::vector<DatGame>{{"A & B (Track) <1>",
                                                   {{"a.cue", 89, "abcdef01", hex('a', 32), hex('b', 40)},
                                                    {"a.bin", 2352, "00000000", "", ""}}},
                                                  {"Été", {}}}));
  const auto header = parse_dat(text, "x.dat", [](DatGame&&) {});
  EXPECT_EQ(*header, (DatHeader{"Sony - PlayStation", "2024-05-01"}));
}

TEST(Dat, SaysWhichLineIsWrongAndWhy) {
  EXPECT_EQ(error_of(""), "x.dat:1: expected well-formed XML, got no element found");
  EXPECT_EQ(error_of("<html>"), "x.dat:1: expected <datafile>, got <html>");
  EXPECT_EQ(error_of("clrmamepro ("), "x.dat:1: expected well-formed XML, got syntax error");
  EXPECT_EQ(error_of(std::string(kHead) + "</data>"),
            "x.dat:5: expected well-formed XML, got mismatched tag");
  EXPECT_EQ(error_of(kHead), "x.dat:5: expected well-formed XML, got no element found");
  EXPECT_EQ(error_of(in_datafile("<game/>")), "x.dat:5: expected a name for <game>, got none");
  EXPECT_EQ(error_of(in_datafile("<game name='a'><rom size='1'/></game>")),
            "x.dat:5: expected a name for <rom>, got none");
  for (const char* size : {"", "-1", "1x", " 1", "0x10", "18446744073709551616"}) {
    EXPECT_EQ(error_of(in_datafile(fmt::format("\n<game name='a'>\n<rom name='b' size='{}'/></game>", size))),
              fmt::format("x.dat:7: expected a size in bytes for <rom>, got \"{}\"", size));
  }
  EXPECT_EQ(error_of(in_datafile("<game name='a'><rom name='b' size='1' crc='123'/></game>")),
            "x.dat:5: expected 8 hex digits for crc, got \"123\"");
  EXPECT_EQ(error_of(in_datafile("<game name='a'><rom name='b' size='1' sha1='&#10;&#127;x'/></game>")),
            "x.dat:5: expected 40 hex digits for sha1, got \"??x\"");
}

// "Billion laughs", names of other files, and other things that no DAT needs.
TEST(Dat, RefusesEntities) {
  constexpr std::string_view laughs =
      "<!DOCTYPE datafile [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n<datafile>&b;</datafile>";
  EXPECT_EQ(error_of(laughs), "x.dat:1: expected a DAT without entities of its own, got \"a\"");
  EXPECT_EQ(
      error_of("<!DOCTYPE datafile [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>\n<datafile>&e;</datafile>"),
      "x.dat:1: expected a DAT without entities of its own, got \"e\"");
  EXPECT_EQ(error_of("<!DOCTYPE datafile [<!ENTITY % e SYSTEM \"file:///etc/passwd\"> %e;]>\n<datafile/>"),
            "x.dat:1: expected a DAT without entities of its own, got \"e\"");
  // What only a file elsewhere could tell is left out; it is not fetched.
  EXPECT_EQ(games_of(in_datafile("<game name='a'><description>&eacute;</description></game>")).size(), 1U);
}

TEST(Dat, HasLimits) {
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "<a>";
  EXPECT_EQ(error_of(in_datafile(deep)), "x.dat:5: expected elements less deep in each other, got a");
  EXPECT_EQ(error_of(in_datafile("<game name='" + std::string(1001, 'n') + "'/>")),
            "x.dat:5: expected a name of at most 1000 bytes, got 1001 bytes");
  EXPECT_EQ(error_of(in_datafile("<game name='" + std::string(1U << 20, 'n') + "'/>")),
            "x.dat:5: expected tags below 65536 bytes, got a longer one");
  std::string roms;
  for (int i = 0; i <= 10'000; ++i) roms += "<rom name='a' size='1'/>";
  EXPECT_EQ(error_of(in_datafile("<game name='a'>" + roms + "</game>")),
            "x.dat:5: expected at most 10000 files in a game, got more");
}

TEST(Dat, SurvivesEveryTruncation) {
  const std::string text = in_datafile(game("a", rom("a.bin", digests(3, 'a'))));
  for (std::size_t n = 0; n + kTail.size() <= text.size(); ++n) {
    EXPECT_NE(error_of(std::string_view(text).substr(0, n)), "(read)") << n;
  }
}

class DatLookupTest : public testing::Test {
 protected:
  DatLookup look_up(const std::string& games, const Audit& audit = audit_of_three()) {
    EXPECT_TRUE(write_atomically(dir_ / "x.dat", in_datafile(games)));
    auto result = look_up_dat(dir_ / "x.dat", audit, digests(1, 'c'));
    EXPECT_TRUE(result) << result.error().message;
    return result ? std::move(*result) : DatLookup{};
  }
  std::string all_three() const {
    std::string roms;
    for (const TrackAudit& track : audit_of_three().tracks) roms += rom("t.bin", track.digests);
    return roms;
  }
  test::TempDir dir_;
};

TEST_F(DatLookupTest, NamesTheDisc) {
  const DatLookup result =
      look_up(game("other", rom("x.bin", digests(5, '9'))) + game("part", rom("x.bin", digests(101, '2'))) +
              game("this", rom("t.cue", digests(1, 'c')) + all_three()));
  EXPECT_EQ(result.header.name, "Sony - PlayStation");
  EXPECT_EQ(result.games, 3);
  ASSERT_EQ(result.matches.size(), 1U);
  EXPECT_EQ(result.matches[0].game, "this");
  EXPECT_TRUE(result.matches[0].whole);
  EXPECT_EQ(result.matches[0].tracks, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(result.matches[0].sheet, DatMatch::Sheet::same);
}

TEST_F(DatLookupTest, NamesDiscsThatHaveSomeOfItsTracks) {
  const Audit audit = audit_of_three();
  const std::string one = rom("1", audit.tracks[0].digests);
  const std::string three = rom("3", audit.tracks[2].digests);
  const DatLookup result = look_up(game("one", one) + game("two", rom("t.cue", digests(2, 'c')) + one +
                                                                      rom("2", digests(101, '8')) + three +
                                                                      rom("4", digests(1, '7'))));
  ASSERT_EQ(result.matches.size(), 2U);
  EXPECT_EQ(result.matches[0].game, "two");
  EXPECT_FALSE(result.matches[0].whole);
  EXPECT_EQ(result.matches[0].tracks, (std::vector<int>{1, 3}));
  EXPECT_EQ(result.matches[0].game_tracks, 4U);
  EXPECT_EQ(result.matches[0].sheet, DatMatch::Sheet::different);
  EXPECT_EQ(result.matches[1].game, "one");
  EXPECT_EQ(result.matches[1].sheet, DatMatch::Sheet::not_given);
  EXPECT_TRUE(look_up(game("more", all_three() + rom("4", digests(1, '7')))).matches.at(0).whole == false);
}

TEST_F(DatLookupTest, TakesAFileWithAllTracksForAllOfThem) {
  const DatLookup result = look_up(game("one file", rom("all.bin", audit_of_three().whole)));
  ASSERT_EQ(result.matches.size(), 1U);
  EXPECT_TRUE(result.matches[0].whole);
  EXPECT_EQ(result.matches[0].tracks, (std::vector<int>{1, 2, 3}));
}

TEST_F(DatLookupTest, WantsSizeAndEachDigestThatIsGiven) {
  const Digests right = audit_of_three().tracks[1].digests;
  const auto found = [&](const std::string& attributes) {
    return !look_up(game("a", "<rom name=\"a\" " + attributes + "/>")).matches.empty();
  };
  const std::string size = fmt::format("size=\"{}\" ", right.size);
  EXPECT_TRUE(found(size + "crc=\"22222222\""));
  EXPECT_TRUE(found(size + "sha1=\"" + right.sha1 + "\""));
  EXPECT_FALSE(found(size));
  EXPECT_FALSE(found("size=\"2352\" crc=\"22222222\""));
  EXPECT_FALSE(found(size + "crc=\"22222223\" sha1=\"" + right.sha1 + "\""));
  EXPECT_FALSE(found(size + "crc=\"22222222\" md5=\"" + hex('3', 32) + "\""));
  EXPECT_FALSE(found(size + "crc=\"22222222\" sha1=\"" + hex('3', 40) + "\""));
}

// Two tracks of the same silence are two files.
TEST_F(DatLookupTest, CountsEqualTracksOnce) {
  Audit audit = audit_of_three();
  audit.tracks[1].digests = audit.tracks[0].digests;
  const std::string silent = rom("1", audit.tracks[0].digests), third = rom("3", audit.tracks[2].digests);
  EXPECT_TRUE(look_up(game("a", silent + silent + third), audit).matches.at(0).whole);
  EXPECT_FALSE(look_up(game("a", silent + third), audit).matches.at(0).whole);
  EXPECT_EQ(look_up(game("a", silent + third), audit).matches.at(0).tracks, (std::vector<int>{1, 3}));
}

TEST_F(DatLookupTest, KeepsTheBestOfMany) {
  std::string games;
  for (int i = 0; i < 100; ++i)
    games += game(fmt::format("{}", i), rom("1", audit_of_three().tracks[0].digests));
  DatLookup result = look_up(games + game("two", rom("1", audit_of_three().tracks[0].digests) +
                                                     rom("2", audit_of_three().tracks[1].digests)));
  EXPECT_EQ(result.matches.size(), DatLookup::kMostMatches);
  EXPECT_EQ(result.matches[0].game, "two");
  EXPECT_EQ(result.matches[1].game, "0");
  EXPECT_EQ(result.more_matches, 81);
  result = look_up(games + game("all", all_three()));
  EXPECT_EQ(result.matches.size(), 1U);
  EXPECT_EQ(result.more_matches, 0);
}

TEST_F(DatLookupTest, FindsWhatWriteDatWrites) {
  const Audit audit = audit_of_three();
  const std::string text = write_dat("A & <B> \"C\" \xE9\x01", audit.tracks, "9.9", "2031-05-01");
  ASSERT_TRUE(write_atomically(dir_ / "own.dat", text));
  const auto result = look_up_dat(dir_ / "own.dat", audit, {});
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->matches.size(), 1U);
  EXPECT_TRUE(result->matches[0].whole);
  EXPECT_EQ(result->matches[0].game, "A & <B> \"C\" é?");
  EXPECT_EQ(games_of(text).at(0).files.at(2).name, "A & <B> \"C\" é? (Track 3).bin");
}

class DatZipTest : public DatLookupTest {
 protected:
  // Names and contents, in the order given.
  void pack(const std::vector<std::pair<std::string, std::string>>& files) const {
    int problem = 0;
    zip_t* archive = zip_open((dir_ / "x.zip").c_str(), ZIP_CREATE | ZIP_TRUNCATE, &problem);
    ASSERT_NE(archive, nullptr);
    for (const auto& [name, text] : files) {
      zip_source_t* source = zip_source_buffer(archive, text.data(), text.size(), 0);
      ASSERT_GE(zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_CP437), 0);
    }
    ASSERT_EQ(zip_close(archive), 0);
  }
  std::string outcome() const {
    int games = 0;
    const auto header = read_dat(dir_ / "x.zip", [&](DatGame&&) { ++games; });
    if (header) return fmt::format("{} games of {}", games, header->name);
    std::string message = header.error().message;
    if (const std::size_t at = message.find(dir_.path().string()); at != message.npos) {
      message.erase(at, dir_.path().string().size() + 1);
    }
    return message;
  }
};

TEST_F(DatZipTest, ReadsAllDatsInAnArchive) {
  pack({{"readme.txt", "<html>"},
        {"one.dat", in_datafile(game("a", "") + game("b", ""))},
        {"folder/", ""},
        {"folder/two.XML", "<datafile><header><name>Two</name></header><game name='c'/></datafile>"}});
  EXPECT_EQ(outcome(), "3 games of Sony - PlayStation");
}

TEST_F(DatZipTest, NamesAreOnlyShown) {
  pack({{"../../../etc/cron.d/\x1b[31mx.dat", "\n<html>"}});
  EXPECT_EQ(outcome(), "x.zip: ?[31mx.dat:2: expected <datafile>, got <html>");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir_.path()), {}), 1);
}

TEST_F(DatZipTest, RefusesWhatHasNone) {
  pack({{"readme.txt", "x"}});
  EXPECT_EQ(outcome(), "x.zip: expected a *.dat or *.xml in it, got none");
  ASSERT_TRUE(write_atomically(dir_ / "x.zip", "PK\3\4 and no more"));
  EXPECT_EQ(outcome(), "x.zip: expected a zip archive, got: Not a zip archive");
}

TEST_F(DatZipTest, EndsAtABomb) {
  pack({{"bomb.dat", std::string(kHead) + std::string(std::size_t{8} << 20, ' ')}});
  ASSERT_LT(std::filesystem::file_size(dir_ / "x.zip"), 16U << 10);
  const auto header = read_zipped_dat(
      dir_ / "x.zip", [](DatGame&&) {}, {}, 1U << 20);
  ASSERT_FALSE(header);
  EXPECT_NE(header.error().message.find("bomb.dat: expected at most 1 MiB unpacked, got more"),
            std::string::npos);
}

TEST_F(DatZipTest, SurvivesEveryTruncation) {
  pack({{"one.dat", in_datafile(game("a", ""))}});
  const std::string whole = read_text(dir_ / "x.zip").value();
  for (std::size_t n = 2; n < whole.size(); ++n) {
    std::ofstream(dir_ / "x.zip", std::ios::binary) << whole.substr(0, n);
    EXPECT_EQ(outcome().find("games of"), std::string::npos) << n;
  }
}

}  // namespace
}  // namespace binrip::verify
