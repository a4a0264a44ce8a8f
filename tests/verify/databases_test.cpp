#include "binrip/verify/databases.hpp"

#include <map>

#include <gmock/gmock.h>

#include "accuraterip_discs.hpp"
#include "support/ctdb_fixture.hpp"

#include "binrip/verify/ctdb_sums.hpp"

namespace binrip::verify {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Server : public net::Fetcher {
 public:
  Result<net::Response> get(const net::Request& request) override {
    urls.push_back(request.url);
    if (error) return fail(*error);
    const auto found = answers.find(request.url.substr(0, request.url.find('?')));
    if (found == answers.end()) return net::Response{};
    return net::Response{.found = true, .body = {found->second.begin(), found->second.end()}};
  }
  std::map<std::string, std::string> answers;  // by address, without what follows "?"
  std::optional<Error> error;
  std::vector<std::string> urls;
};

const DatabaseServers kServers{"http://a/", "http://c"};

cd::Disc audio() { return test::audio_disc({0, 100, 200}, 300); }

TEST(AskDatabases, TellsUnknownFromUnansweredAndUnasked) {
  Server server;
  DatabaseReplies replies = ask_databases(audio(), server, kServers);
  EXPECT_EQ(replies.accuraterip.kind, ReplyKind::unknown_disc);
  EXPECT_EQ(replies.ctdb.kind, ReplyKind::unknown_disc);
  EXPECT_FALSE(replies.known());
  ASSERT_EQ(server.urls.size(), 2U);
  EXPECT_THAT(server.urls[0], HasSubstr("http://a/"));
  EXPECT_THAT(server.urls[1], HasSubstr("http://c/lookup2.php?"));

  server.error = Error{ErrorKind::timeout, "too late"};
  replies = ask_databases(audio(), server, kServers);
  EXPECT_EQ(replies.accuraterip.kind, ReplyKind::no_answer);
  EXPECT_EQ(replies.ctdb.kind, ReplyKind::no_answer);
  EXPECT_EQ(replies.ctdb.problem, "too late");

  server.error = Error{ErrorKind::offline, "offline"};
  replies = ask_databases(audio(), server, kServers);
  EXPECT_EQ(replies.accuraterip.kind, ReplyKind::not_asked);
  EXPECT_EQ(replies.ctdb.kind, ReplyKind::not_asked);
}

TEST(AskDatabases, AsksOnlyWhoHasAnAddressAndOnlyForAudio) {
  Server server;
  EXPECT_EQ(ask_databases(audio(), server, {"", ""}).accuraterip.kind, ReplyKind::not_asked);
  const cd::Disc data = test::disc_of({{cd::TrackMode::mode1, 0}}, 300);
  EXPECT_EQ(ask_databases(data, server, kServers).ctdb.kind, ReplyKind::not_asked);
  EXPECT_THAT(server.urls, IsEmpty());
}

TEST(AskDatabases, NonsenseIsNoAnswer) {
  Server server;
  const std::string path = "http://a/" + accuraterip_path(accuraterip_ids(audio()).value());
  server.answers = {{path, "<html>"}, {"http://c/lookup2.php", "<ctdb"}};
  const DatabaseReplies replies = ask_databases(audio(), server, kServers);
  EXPECT_EQ(replies.accuraterip.kind, ReplyKind::no_answer);
  EXPECT_THAT(replies.accuraterip.problem, HasSubstr("AccurateRip"));
  EXPECT_EQ(replies.ctdb.kind, ReplyKind::no_answer);
  EXPECT_THAT(replies.ctdb.problem, HasSubstr("CTDB"));
}

// CTDB with two rips that agree about the disc proves all but its edges; one makes it consistent.
TEST(CheckDatabases, CtdbVouchesForWhatItCovers) {
  binrip::test::MemoryImage image(audio(),
                                  binrip::test::noise(3, std::size_t{300} * std::size_t{cd::kSectorSize}));
  const CtdbLayout layout = ctdb_layout(image.disc()).value();
  const CtdbSums sums = ctdb_sums(layout, source_of(image), CtdbScope::checksums).value();
  CtdbEntry entry;
  entry.crc32 = sums.disc.at(0).value();
  for (const OffsetCrcs& track : sums.tracks) entry.track_crcs.push_back(track.at(0).value());
  entry.audio = cd::SectorCount{300};
  entry.audio_tracks = 3;
  entry.stride = kCtdbStride;
  entry.toc = ctdb_toc(image.disc());
  for (const std::int64_t confidence : {1, 2}) {
    entry.confidence = confidence;
    DatabaseReplies replies;
    replies.ctdb = {ReplyKind::known, {}, {entry}};
    const DatabaseCheck check = check_databases(image.disc(), replies, source_of(image)).value();
    ASSERT_EQ(check.databases.size(), 1U);
    EXPECT_EQ(check.databases[0].disc_confidence, confidence);
    EXPECT_EQ(check.databases[0].tracks[1],
              (image::ReportDatabaseTrack{2, "crc32", 0, confidence, confidence}));
    const auto state = confidence == 2 ? cd::SectorState::proven : cd::SectorState::consistent;
    EXPECT_THAT(check.vouched, ElementsAre(image::StateRun{{cd::Lba{10}, cd::Lba{290}}, state}));
  }
}

TEST(TracksLikeNobodys, AreThoseThatDifferWhereOthersMatch) {
  using Track = image::ReportDatabaseTrack;
  const image::ReportDatabase ar{
      "AccurateRip",
      "known",
      {},
      0,
      {Track{1, "v2", 0, 9, 9}, Track{2, "none", 0, 0, 9}, Track{3, "none", 0, 0, 0}}};
  EXPECT_THAT(tracks_like_nobodys({ar}), ElementsAre(2));
  image::ReportDatabase ctdb = ar;
  ctdb.tracks[1].match = "crc32";
  EXPECT_THAT(tracks_like_nobodys({ar, ctdb}), IsEmpty());
  image::ReportDatabase none = ar;
  none.tracks[0].match = "none";  // perhaps another pressing
  EXPECT_THAT(tracks_like_nobodys({none}), IsEmpty());
  image::ReportDatabase one = ar;
  one.tracks[0].confidence = 1;
  EXPECT_THAT(tracks_like_nobodys({one}), IsEmpty());
}

}  // namespace
}  // namespace binrip::verify
