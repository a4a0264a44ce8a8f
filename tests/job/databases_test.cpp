// What the databases do to a rip: tracks that others have just so are not read again for proof.
#include <map>

#include <gmock/gmock.h>

#include "support/temp_dir.hpp"
#include "verify/accuraterip_discs.hpp"

#include "binrip/base/file.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::job {
namespace {

using cd::SectorState;
using testing::HasSubstr;
using verify::AccurateRipEntry;

constexpr int kTracks = 3, kTrackSectors = 500;
constexpr const char* kServer = "http://accuraterip.test/";

// A server that answers by address.
class Server : public net::Fetcher {
 public:
  Result<net::Response> get(const net::Request& request) override {
    const auto found = answers.find(request.url);
    if (found == answers.end()) return net::Response{};
    if (error) return fail(*error);
    return net::Response{.found = true, .body = found->second};
  }
  std::map<std::string, ByteVector> answers;
  std::optional<Error> error;
};

class DatabasesTest : public testing::Test {
 protected:
  DatabasesTest() : samples_(verify::test::samples_of(*disc_)) {
    options_.cue = dir_ / "out.cue";
    options_.network = server_;
    options_.databases = {kServer, ""};
    options_.overrides.read_offset = 0;
  }

  std::vector<AccurateRipEntry> pressing(int confidence) const {
    return verify::test::pressing(samples_, kTracks, kTrackSectors, confidence);
  }
  void answer(const std::vector<AccurateRipEntry>& entries) {
    const auto ids = verify::accuraterip_ids(disc_->disc()).value();
    server_->answers[kServer + verify::accuraterip_path(ids)] = verify::test::answer_of(ids, {entries});
  }
  // By a drive without C2, so that nothing in a single read proves audio.
  RipOutcome rip(const sim::FaultMap& faults = {}) {
    sim::SimDrive drive(disc_, {.c2 = drive::C2Support::none});
    drive.set_faults(faults);
    auto outcome = rip_disc(drive, options_, listener_, {});
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome ? std::move(*outcome) : RipOutcome{};
  }
  static std::int64_t count(const cd::StateCounts& counts, SectorState state) {
    return counts[static_cast<std::size_t>(state)];
  }
  bool image_is_right() const {
    const std::string bin = read_text(dir_ / "out.bin").value();
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      if (load_le32({reinterpret_cast<const Byte*>(bin.data()), bin.size()}, 4 * i) != samples_[i]) {
        return false;
      }
    }
    return bin.size() == 4 * samples_.size();
  }

  binrip::test::TempDir dir_;
  std::shared_ptr<image::DiscImage> disc_ =
      sim::make_disc(sim::plain_recipe(cd::TrackMode::audio, kTracks, {kTracks * kTrackSectors}));
  verify::test::Samples samples_;
  std::shared_ptr<Server> server_ = std::make_shared<Server>();
  RipOptions options_;
  rip::Listener listener_;
};

TEST_F(DatabasesTest, AKnownDiscTakesOnePassWithoutC2) {
  const RipOutcome unknown = rip();
  options_.cue = dir_ / "known.cue";
  answer(pressing(20));
  const RipOutcome known = rip();
  // Without the database all is read twice. With it, only what AccurateRip leaves out at the disc's ends.
  const std::int64_t all = std::int64_t{kTracks} * kTrackSectors;
  EXPECT_GE(unknown.report.reading.sectors_read, 2 * all);
  EXPECT_LT(known.report.reading.sectors_read, all + all / 2);
  EXPECT_EQ(known.report.exit_code, 0);
  EXPECT_GE(count(known.report.states, SectorState::proven), all - 12);
  EXPECT_EQ(count(unknown.report.states, SectorState::proven), 0);
}

TEST_F(DatabasesTest, TheReportNamesWhatTheySay) {
  auto entries = pressing(20);
  entries[1].sum ^= 1;
  entries[1].frame450 ^= 1;
  answer(entries);
  const RipOutcome outcome = rip();
  ASSERT_EQ(outcome.report.databases.size(), 1U);
  const image::ReportDatabase& database = outcome.report.databases[0];
  EXPECT_EQ(database.name, "AccurateRip");
  EXPECT_EQ(database.answer, "known");
  ASSERT_EQ(database.tracks.size(), 3U);
  EXPECT_EQ(database.tracks[0], (image::ReportDatabaseTrack{1, "v2", 0, 20, 20}));
  EXPECT_EQ(database.tracks[1], (image::ReportDatabaseTrack{2, "none", 0, 0, 20}));
  EXPECT_EQ(database.tracks[2], (image::ReportDatabaseTrack{3, "v2", 0, 20, 20}));
  EXPECT_EQ(image::report_from_json(read_text(dir_ / "out.json").value(), "out.json"), outcome.report);
  const std::string log = read_text(dir_ / "out.log").value();
  EXPECT_THAT(log, HasSubstr("track  1  as in 20 of 20 rips (v2)"));
  EXPECT_THAT(log, HasSubstr("track  2  differs from all 20 rips"));
}

// Only the track in dispute is read for proof.
TEST_F(DatabasesTest, OnlyTracksInDisputeAreReadAgain) {
  auto entries = pressing(20);
  entries[2].sum ^= 1;
  answer(entries);
  const RipOutcome outcome = rip();
  EXPECT_EQ(outcome.report.exit_code, 0);
  EXPECT_EQ(outcome.report.tracks[1].states,
            (cd::StateCounts{0, 0, 0, 0, 0, kTrackSectors}));  // all of it proven
  EXPECT_EQ(count(outcome.report.tracks[2].states, SectorState::consistent), kTrackSectors);
  EXPECT_LT(outcome.report.reading.sectors_read, 5 * kTrackSectors);  // 3, and 1 again, and some around it
}

// A sector that came wrong at first makes its track differ; read again it is right, and then the database
// says so.
TEST_F(DatabasesTest, ATrackThatWasReadWrongAtFirstMatchesInTheEnd) {
  answer(pressing(20));
  sim::FaultMap faults;
  for (int lba = 700; lba < 703; ++lba) {
    faults.emplace(
        lba, sim::Fault{.kind = sim::Fault::Kind::c2, .flagged = false, .bytes = 4, .reads_until_good = 1});
  }
  const RipOutcome outcome = rip(faults);
  EXPECT_EQ(outcome.report.exit_code, 0);
  EXPECT_TRUE(image_is_right());
  EXPECT_EQ(outcome.report.tracks[1].states, (cd::StateCounts{0, 0, 0, 0, 0, kTrackSectors}));
}

// One rip could be of the same drive with the same error, and v1 does not see every bit.
TEST_F(DatabasesTest, WhatProvesLittleMakesConsistent) {
  answer(pressing(1));
  EXPECT_EQ(count(rip().report.tracks[1].states, SectorState::consistent), kTrackSectors);
  options_.cue = dir_ / "v1.cue";
  auto entries = pressing(20);
  for (int i = 0; i < kTracks; ++i) {
    const std::int64_t last = std::int64_t{kTrackSectors} * 588 - (i == kTracks - 1 ? 2940 : 0);
    entries[static_cast<std::size_t>(i)].sum =
        verify::test::naive_v1(samples_, i * kTrackSectors, i == 0 ? 2940 : 1, last, 0);
  }
  answer(entries);
  const RipOutcome outcome = rip();
  EXPECT_EQ(count(outcome.report.tracks[1].states, SectorState::consistent), kTrackSectors);
  EXPECT_EQ(outcome.report.databases[0].tracks[1].match, "v1");
  EXPECT_LT(outcome.report.reading.sectors_read, 3 * kTrackSectors + 3 * kTrackSectors / 2);
}

TEST_F(DatabasesTest, AServerThatDoesNotAnswerHoldsNothingUp) {
  answer(pressing(20));
  server_->error = Error{ErrorKind::timeout, "no answer in time"};
  const RipOutcome outcome = rip();
  EXPECT_EQ(outcome.report.exit_code, 0);
  EXPECT_EQ(outcome.report.databases[0].answer, "no answer");
  EXPECT_EQ(outcome.report.databases[0].problem, "no answer in time");
  server_->error = Error{ErrorKind::offline, "offline"};
  options_.cue = dir_ / "offline.cue";
  EXPECT_TRUE(rip().report.databases.empty());
}

TEST_F(DatabasesTest, AShiftOfAllTracksIsTold) {
  answer(verify::test::pressing(verify::test::shifted(samples_, -30), kTracks, kTrackSectors, 20));
  const RipOutcome outcome = rip();
  EXPECT_EQ(outcome.report.databases[0].tracks[1].offset, 30);
  EXPECT_THAT(outcome.report.notes, testing::Contains(HasSubstr("shifted by +30 samples")));
}

TEST_F(DatabasesTest, NamesComeOnlyWhenAskedForAndAfterThoseOfTheUser) {
  const std::string id = "BhgVYPTlpB0dUBT.0bp2WGfwYc8-";
  const std::string answer =
      R"({"releases": [{"id": "r1", "title": "Title", "artist-credit": [{"name": "A"}], "media": [{"discs":
      [{"id": ")" +
      id + R"("}], "tracks": [{"position": 2, "title": "Two"}, {"position": 9, "title": "X"}]}]}]})";
  server_
      ->answers["http://mb.test/ws/2/discid/" + id + "?inc=recordings+artist-credits&cdstubs=no&fmt=json"] = {
      answer.begin(), answer.end()};
  options_.databases.musicbrainz = "http://mb.test";
  EXPECT_EQ(rip().report.disc.text.title, "");
  options_.cue = dir_ / "named.cue";
  options_.names = Names::and_of_musicbrainz;
  options_.texts = {{"performer", "mine"}};
  const RipOutcome outcome = rip();
  EXPECT_EQ(outcome.report.disc.text.title, "Title");
  EXPECT_EQ(outcome.report.disc.text.performer, "mine");
  EXPECT_THAT(read_text(dir_ / "named.cue").value(), HasSubstr("TITLE \"Two\""));
  EXPECT_THAT(outcome.report.notes, testing::Contains(HasSubstr("MusicBrainz' release r1")));
}

}  // namespace
}  // namespace binrip::job
