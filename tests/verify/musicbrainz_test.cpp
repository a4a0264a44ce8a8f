#include "binrip/verify/musicbrainz.hpp"

#include <gmock/gmock.h>

namespace binrip::verify {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr const char* kId = "nljDXdC8B_pDwbdY1vZJvdrAZI4-";
// As the web service answers, with the parts that are of no interest left out.
const std::string kAnswer = R"({
  "id": "nljDXdC8B_pDwbdY1vZJvdrAZI4-", "sectors": 55370,
  "releases": [
    {"id": "r0", "title": "Another disc of a box", "media": [{"discs": [{"id": "other"}], "tracks": []}]},
    {"id": "r1", "title": "The Title",
     "artist-credit": [{"name": "A", "joinphrase": " feat. "}, {"name": "B", "joinphrase": ""}],
     "media": [
       {"position": 1, "discs": [{"id": "x"}], "tracks": [{"position": 1, "title": "wrong"}]},
       {"position": 2, "discs": [{"id": "y"}, {"id": "nljDXdC8B_pDwbdY1vZJvdrAZI4-"}],
        "tracks": [
          {"position": 1, "number": "1", "title": "One", "artist-credit": [{"name": "A", "joinphrase": ""}]},
          {"position": 2, "number": "2", "title": "Zwei\u0007\n", "artist-credit": []},
          {"position": 100, "title": "no such track"}, {"position": -1, "title": "nor this"}, 7]}]},
    {"id": "r2", "title": "The same again",
     "media": [{"discs": [{"id": "nljDXdC8B_pDwbdY1vZJvdrAZI4-"}]}]}]})";

class Server : public net::Fetcher {
 public:
  Result<net::Response> get(const net::Request& request) override {
    url = request.url;
    return net::Response{.found = !body.empty(), .body = {body.begin(), body.end()}};
  }
  std::string url, body;
};

TEST(MusicBrainz, NamesTheDiscAndItsTracks) {
  Server server;
  server.body = kAnswer;
  const auto names = look_up_musicbrainz(server, "https://mb.test", kId);
  ASSERT_TRUE(names && *names);
  EXPECT_EQ((*names)->release, "r1");
  EXPECT_EQ((*names)->releases, 2);
  EXPECT_THAT((*names)->fields,
              ElementsAre(Pair("title", "The Title"), Pair("performer", "A feat. B"), Pair("1.title", "One"),
                          Pair("1.performer", "A"), Pair("2.title", "Zwei  ")));
  EXPECT_EQ(server.url,
            "https://mb.test/ws/2/discid/nljDXdC8B_pDwbdY1vZJvdrAZI4-"
            "?inc=recordings+artist-credits&cdstubs=no&fmt=json");
}

TEST(MusicBrainz, UnknownDiscs) {
  Server server;
  EXPECT_EQ(look_up_musicbrainz(server, "https://mb.test", kId).value(), std::nullopt);
  EXPECT_EQ(parse_musicbrainz(R"({"releases": []})", kId).value(), std::nullopt);
  EXPECT_EQ(parse_musicbrainz(kAnswer, "another").value(), std::nullopt);
}

TEST(MusicBrainz, WhatIsNoAnswerIsAnError) {
  for (const char* text :
       {"", "{", "<html>", "[]", "7", "{}", R"({"releases": {}})", R"({"releases": "x"})"}) {
    const auto names = parse_musicbrainz(text, kId);
    ASSERT_FALSE(names) << text;
    EXPECT_EQ(names.error().kind, ErrorKind::invalid);
  }
  // Cut anywhere it is no JSON.
  for (std::size_t size = 0; size < kAnswer.size(); ++size) {
    EXPECT_FALSE(parse_musicbrainz(kAnswer.substr(0, size), kId)) << size;
  }
}

TEST(MusicBrainz, LongNamesAreCutBetweenCharacters) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "ä";
  const std::string answer =
      R"({"releases": [{"title": ")" + many + R"(", "media": [{"discs": [{"id": "i"}]}]}]})";
  const auto names = parse_musicbrainz(answer, "i");
  ASSERT_TRUE(names && *names);
  EXPECT_EQ((*names)->fields[0].second, many.substr(0, 250));
}

}  // namespace
}  // namespace binrip::verify
