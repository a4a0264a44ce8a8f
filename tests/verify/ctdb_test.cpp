#include "binrip/verify/ctdb.hpp"

#include <gmock/gmock.h>

#include "support/ctdb_fixture.hpp"

namespace binrip::verify {
namespace {

using test::audio_disc;
using testing::ElementsAre;
using testing::HasSubstr;

std::string answer(std::string_view inside) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ctdb xmlns=\"http://db.cuetools.net/ns/mmd-1.0#\" "
         "xmlns:ext=\"http://db.cuetools.net/ns/ext-1.0#\">\n" +
         std::string(inside) + "</ctdb>\n";
}
// Attributes of an entry that is well, each of which a test can replace.
std::string entry(const std::vector<std::pair<std::string, std::string>>& changes = {}) {
  std::vector<std::pair<std::string, std::string>> attributes{
      {"confidence", "896"}, {"crc32", "13f525de"}, {"id", "113068"},
      {"npar", "16"},        {"stride", "5880"},    {"toc", "0:24159:127166:278762:309864"}};
  for (const auto& change : changes) {
    const auto same = [&](const auto& a) { return a.first == change.first; };
    attributes.erase(std::remove_if(attributes.begin(), attributes.end(), same), attributes.end());
    if (change.second != "-") attributes.push_back(change);
  }
  std::string text = "<entry";
  for (const auto& [name, value] : attributes) text += " " + name + "=\"" + value + "\"";
  return text + "/>\n";
}

// Data, audio, data in a second session.
cd::Disc mixed_disc() {
  cd::Disc disc = audio_disc({0, 10'000, 20'000}, 30'000);
  const cd::Track data{.number = 4, .control = 4, .mode = cd::TrackMode::mode1, .indexes = {{1, {41'400}}}};
  disc.sessions.push_back({.number = 2, .tracks = {data}, .lead_out = {50'000}});
  return disc;
}

TEST(CtdbLayout, IsTheAudioFromItsFirstIndexOn) {
  const auto layout = ctdb_layout(audio_disc({33, 500, 900}, 1200));
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->audio, (cd::LbaRange{{33}, {1200}}));
  EXPECT_THAT(layout->tracks, ElementsAre(cd::Lba{33}, cd::Lba{500}, cd::Lba{900}));
  EXPECT_EQ(layout->start(1), 467 * 588);
  EXPECT_EQ(layout->start(3), 1167 * 588);
  EXPECT_EQ(ctdb_layout(mixed_disc())->audio, (cd::LbaRange{{0}, {30'000}}));
}

TEST(CtdbLayout, IsNoneWhereAudioIsNotInOnePiece) {
  EXPECT_FALSE(ctdb_layout({}));
  EXPECT_FALSE(ctdb_layout(audio_disc({0}, 29)));
  EXPECT_TRUE(ctdb_layout(audio_disc({0}, 30)));
  cd::Disc data_between = audio_disc({0, 1000, 2000}, 3000);
  data_between.sessions[0].tracks[1].mode = cd::TrackMode::mode1;
  EXPECT_FALSE(ctdb_layout(data_between));
  cd::Disc data_behind = audio_disc({0, 1000, 2000}, 3000);
  data_behind.sessions[0].tracks[2].mode = cd::TrackMode::mode1;
  EXPECT_FALSE(ctdb_layout(data_behind));
  cd::Disc two_sessions = mixed_disc();
  two_sessions.sessions[1].tracks[0].mode = cd::TrackMode::audio;
  EXPECT_FALSE(ctdb_layout(two_sessions));
  cd::Disc data_first = audio_disc({0, 1000, 2000}, 3000);
  data_first.sessions[0].tracks[0].mode = cd::TrackMode::mode1;
  EXPECT_EQ(ctdb_layout(data_first)->audio, (cd::LbaRange{{1000}, {3000}}));
}

TEST(CtdbQuery, NamesAllTracksAndTheLeadOut) {
  EXPECT_EQ(ctdb_query(audio_disc({0, 11'413, 25'024, 45'713}, 55'220)),
            "/lookup2.php?version=3&ctdb=1&fuzzy=1&metadata=none&toc=0:11413:25024:45713:55220");
  EXPECT_EQ(ctdb_toc(mixed_disc()), "0:10000:20000:-41400:50000");
  EXPECT_EQ(ctdb_toc(audio_disc({33, 500}, 900)), "33:500:900");
}

// An entry as the server has been seen to give it.
TEST(ParseCtdb, TakesAnEntry) {
  const auto entries = parse_ctdb(answer(entry({{"hasparity", "http://p.cuetools.net/113068"},
                                                {"syndrome", "HI0I8cxLz56i0JeEyXcrAKXVs/JFVwngnkaZ8a3jO58="},
                                                {"trackcrcs", "40c5dc10 65dfcc8a 1ef7b539 d21a8789"}}) +
                                         "<metadata source=\"x\"><track name=\"y\"/></metadata>"));
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_EQ(entries->size(), 1U);
  const CtdbEntry& e = entries->front();
  EXPECT_EQ(e.id, 113'068U);
  EXPECT_EQ(e.crc32, 0x13f525deU);
  EXPECT_EQ(e.confidence, 896);
  EXPECT_EQ(e.npar, 16);
  EXPECT_EQ(e.stride, kCtdbStride);
  EXPECT_EQ(e.parity_url, "http://p.cuetools.net/113068");
  EXPECT_THAT(e.syndrome, ElementsAre(0x8d1c, 0xf108, 0x4bcc, 0x9ecf, 0xd0a2, 0x8497, 0x77c9, 0x002b, 0xd5a5,
                                      0xf2b3, 0x5745, 0xe009, 0x469e, 0xf199, 0xe3ad, 0x9f3b));
  EXPECT_THAT(e.track_crcs, ElementsAre(0x40c5dc10, 0x65dfcc8a, 0x1ef7b539, 0xd21a8789));
  EXPECT_EQ(e.audio, cd::SectorCount{309'864});
  EXPECT_EQ(e.audio_tracks, 4);
  EXPECT_TRUE(fits(e, {.audio = {{0}, {309'864}}, .tracks = {{0}}}));
  EXPECT_FALSE(fits(e, {.audio = {{0}, {309'863}}, .tracks = {{0}}}));
}

// RFC 4648: four characters for three bytes, and = for each byte that the last three lack.
TEST(ParseCtdb, TakesBase64WithAndWithoutPadding) {
  const auto words = [](const std::string& base64, const char* npar = "1") {
    const auto entries = parse_ctdb(answer(entry({{"npar", npar}, {"syndrome", base64}})));
    return entries ? entries->at(0).syndrome : std::vector<std::uint16_t>{};
  };
  EXPECT_THAT(words("AQI="), ElementsAre(0x0201));
  EXPECT_THAT(words("AQIDBA==", "2"), ElementsAre(0x0201, 0x0403));
  EXPECT_THAT(words("AQIDBAUG", "3"), ElementsAre(0x0201, 0x0403, 0x0605));
  for (const char* wrong : {"AQ==", "AQIDBAU", "AQIDBAUG=", "AQIDBAUG====", "AQJ=", "AQIDBB==", "AQI*"}) {
    EXPECT_TRUE(words(wrong).empty()) << wrong;
  }
}

TEST(ParseCtdb, ReadsTocsOfMixedDiscs) {
  const auto audio = [](const std::string& toc) {
    const auto entries = parse_ctdb(answer(entry({{"toc", toc}})));
    return entries ? entries->at(0).audio.value : -1;
  };
  EXPECT_EQ(audio("0:13915:190165:-218477:241060"), 218'477 - 11'400);
  EXPECT_EQ(audio("-0:5000:9000:20000"), 15'000);
  EXPECT_EQ(audio("33:9000:20000"), 19'967);
  for (const char* wrong : {"", "0", "-0:100", "0:-100", "100:50", "0:100:", "0:x:100", "0::100", "0:+5:100",
                            "0:99999999999999999999", "0:100 ", "0:500001"}) {
    EXPECT_EQ(audio(wrong), -1) << wrong;
  }
  std::string long_toc = "0";
  for (int i = 1; i <= 101; ++i) long_toc += ":" + std::to_string(i * 400);
  EXPECT_EQ(audio(long_toc), -1);
}

TEST(ParseCtdb, TakesParityOfOldEntries) {
  // Parity words of a code word, as eight: by definition their syndromes are that word's.
  std::vector<std::uint16_t> words{1, 2, 3, 0xFFFF, 0, 77};
  const auto parity = slow::parity(words, 8);
  std::string base64;
  {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    ByteVector bytes(18, 0);
    for (std::size_t i = 0; i < 8; ++i) store_le16(bytes, 2 * i, parity[i]);
    for (std::size_t i = 0; i < 18; i += 3) {
      const std::uint32_t three = load_be24(bytes, i);
      for (int shift = 18; shift >= 0; shift -= 6) base64 += alphabet[(three >> shift) & 63U];
    }
    base64.replace(22, 2, "==");
  }
  const auto entries = parse_ctdb(answer(entry({{"npar", "8"}, {"parity", base64}})));
  ASSERT_TRUE(entries) << entries.error().message;
  EXPECT_EQ(entries->at(0).syndrome, slow::syndromes(words, 8));
  // Even where more is claimed.
  const auto more = parse_ctdb(answer(entry({{"npar", "16"}, {"parity", base64}})));
  ASSERT_TRUE(more);
  EXPECT_EQ(more->at(0).npar, 8);
}

TEST(ParseCtdb, TakesUrlsOfTheWebOnly) {
  const auto url = [](const std::string& text) {
    const auto entries = parse_ctdb(answer(entry({{"hasparity", text}})), "https://db.example");
    return entries ? entries->at(0).parity_url : "refused";
  };
  EXPECT_EQ(url("/parity/1.bin"), "https://db.example/parity/1.bin");
  EXPECT_EQ(url("https://p.example/1?a=b"), "https://p.example/1?a=b");
  for (const char* other : {"", "1", "file:///etc/passwd", "ftp://x/", "gopher://x/", "http:/x", "http://a b",
                            "http://a&#10;b", "http://\xC3\xA4/", "javascript:1"}) {
    EXPECT_EQ(url(other), "") << other;
  }
  EXPECT_EQ(url("http://" + std::string(500, 'a')), "");
}

TEST(ParseCtdb, LeavesOutWhatCueToolsLeavesOut) {
  const auto entries =
      parse_ctdb(answer(entry({{"toc", "-"}, {"crc32", "-"}}) + entry({{"trackcrcs", "1 2"}})));
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_EQ(entries->size(), 1U);
  EXPECT_TRUE(entries->at(0).track_crcs.empty());
  EXPECT_TRUE(parse_ctdb(answer("<metadata/>")).value().empty());
  EXPECT_TRUE(parse_ctdb(answer("<metadata>" + entry({{"crc32", "x"}}) + "</metadata>")).value().empty());
}

std::string error_of(const std::string& xml) {
  const auto entries = parse_ctdb(xml);
  if (entries) return "none";
  EXPECT_EQ(entries.error().kind, ErrorKind::invalid);
  return entries.error().message;
}

TEST(ParseCtdb, SaysWhatIsWrong) {
  EXPECT_EQ(error_of(answer(entry() + entry({{"crc32", "123456789"}}))),
            "CTDB's answer:4: expected crc32 as a checksum, got \"123456789\"");
  EXPECT_EQ(error_of(answer(entry({{"crc32", "-"}}))), "CTDB's answer:3: expected crc32, got none");
  EXPECT_EQ(error_of("<html xmlns=\"http://www.w3.org/1999/xhtml\"/>"),
            "CTDB's answer:1: expected <ctdb>, got <http://www.w3.org/1999/xhtml|html>");
  const std::string syndrome_of_30 = "HI0I8cxLz56i0JeEyXcrAKXVs/JFVwngnkaZ8a3j";
  for (const std::pair<std::string, std::string>& change :
       std::vector<std::pair<std::string, std::string>>{{"id", "-5"},
                                                        {"id", ""},
                                                        {"id", "99999999999999999999"},
                                                        {"confidence", "0x10"},
                                                        {"confidence", " 1"},
                                                        {"confidence", "1000000001"},
                                                        {"npar", "0"},
                                                        {"npar", "1e1"},
                                                        {"stride", "0"},
                                                        {"crc32", "12g"},
                                                        {"crc32", ""},
                                                        {"syndrome", syndrome_of_30},
                                                        {"syndrome", "????"},
                                                        {"syndrome", "abc"},
                                                        {"parity", "AAAA"},
                                                        {"trackcrcs", "1 2  3 4"},
                                                        {"trackcrcs", "1,2,3,4"}}) {
    EXPECT_THAT(error_of(answer(entry({change}))), HasSubstr("expected " + change.first)) << change.second;
  }
}

TEST(ParseCtdb, RefusesEntitiesDepthAndLength) {
  EXPECT_THAT(error_of("<!DOCTYPE ctdb [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>" + answer("&b;")),
              HasSubstr("document type"));
  EXPECT_THAT(error_of("<!DOCTYPE ctdb SYSTEM \"file:///etc/passwd\"><ctdb/>"), HasSubstr("document type"));
  EXPECT_THAT(error_of(answer("&unknown;")), HasSubstr("expected XML"));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_THAT(error_of(answer(deep)), HasSubstr("levels"));
  std::string many;
  for (int i = 0; i < 1001; ++i) many += entry();
  EXPECT_THAT(error_of(answer(many)), HasSubstr("1000 entries"));
  EXPECT_THAT(error_of(answer(std::string(2U << 20, ' '))), HasSubstr("too long"));
  EXPECT_THAT(error_of(""), HasSubstr("expected XML"));
}

TEST(ParseCtdb, RefusesEveryTruncation) {
  const std::string whole = answer(entry({{"trackcrcs", "1 2 3 4"}}));
  for (std::size_t size = 0; size < whole.size() - 1; ++size) {
    EXPECT_FALSE(parse_ctdb(std::string_view(whole).substr(0, size))) << size;
  }
  EXPECT_TRUE(parse_ctdb(whole));
}

TEST(LookUpCtdb, AsksTheServerAndTakes404ForUnknown) {
  net::Response response{.found = true, .body = {}};
  const std::string xml = answer(entry({{"hasparity", "/1"}}));
  response.body.assign(xml.begin(), xml.end());
  test::FakeFetcher fetcher([&](const net::Request&) { return Result<net::Response>(response); });
  const cd::Disc disc = audio_disc({0, 1000}, 2000);
  const auto entries = look_up_ctdb(disc, fetcher, "http://127.0.0.1:81");
  ASSERT_TRUE(entries) << entries.error().message;
  EXPECT_EQ(entries->at(0).parity_url, "http://127.0.0.1:81/1");
  ASSERT_EQ(fetcher.requests.size(), 1U);
  EXPECT_EQ(fetcher.requests[0].url, "http://127.0.0.1:81" + ctdb_query(disc));
  response = {.found = false, .body = {}};
  EXPECT_TRUE(look_up_ctdb(disc, fetcher).value().empty());
  const auto nothing = look_up_ctdb(audio_disc({0}, 20), fetcher);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().kind, ErrorKind::unsupported);
  EXPECT_EQ(fetcher.requests.size(), 2U);
  test::FakeFetcher broken(
      [](const net::Request&) -> Result<net::Response> { return fail(ErrorKind::timeout, "no answer"); });
  EXPECT_EQ(look_up_ctdb(disc, broken).error().kind, ErrorKind::timeout);
}

}  // namespace
}  // namespace binrip::verify
