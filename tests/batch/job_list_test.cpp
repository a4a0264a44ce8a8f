#include "binrip/batch/job_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace binrip::batch {
namespace {

std::string list_error(std::string_view text) {
  const auto list = parse_job_list(text, "jobs.csv");
  return list ? "no error" : list.error().message;
}

TEST(JobList, IsReadByItsHeader) {
  const auto list = parse_job_list(
      "\xEF\xBB\xBFTitle,shelf, ORDER ,Barcode,volume,artist\r\n"
      "\"Jazz, live\",A1,1,5099902895222,,Queen\r\n"
      "Übung,A2,2,,2,\r\n",
      "jobs.csv");
  ASSERT_TRUE(list) << list.error().message;
  const std::vector<ListEntry> expected = {
      {.line = 2, .order = "1", .barcode = "5099902895222", .title = "Jazz, live", .artist = "Queen"},
      {.line = 3, .order = "2", .title = "Übung", .volume = "2"}};
  EXPECT_EQ(*list, expected);
}

TEST(JobList, SaysWhatIsWrongAndWhere) {
  const std::string header = "order,barcode,title,volume\n";
  EXPECT_EQ(list_error(""), "jobs.csv:1: expected a header, got nothing");
  EXPECT_EQ(list_error("order,barcode,titel,volume\n"),
            "jobs.csv:1: expected a column title, got \"order,barcode,titel,volume\"");
  EXPECT_EQ(list_error("order;barcode;title;volume\n"), "jobs.csv:1: expected columns divided by commas");
  EXPECT_EQ(list_error("order,barcode,title,volume,Title\n"), "jobs.csv:1: two columns title");
  EXPECT_EQ(list_error(header + "1,,a,\n2,,b\n"), "jobs.csv:3: expected 4 fields, got 3");
  EXPECT_EQ(list_error(header + "1,,a,\n,,b,\n"), "jobs.csv:3: expected an order, got nothing");
  EXPECT_EQ(list_error(header + "1,,a,\n\n1,,b,\n"), "jobs.csv:4: order 1 is in line 2 already");
  EXPECT_EQ(list_error(header + "1,,\"a,\n"), "jobs.csv:2: a quote is not closed");
  EXPECT_EQ(list_error(header), "no error");
}

Fit fit(const ListEntry& entry, const ObservedDisc& disc) { return compare(entry, disc).fit; }

// 4006381333931 and 5901234123457 are examples of EANs that are published with their check digits,
// 036000291452 of a UPC.
TEST(CompareDisc, BarcodesDecideWhereBothAreValid) {
  EXPECT_EQ(fit({.barcode = "4006381333931"}, {.mcn = "4006381333931"}), Fit::agrees);
  EXPECT_EQ(fit({.barcode = "4 006381-333931"}, {.mcn = "4006381333931"}), Fit::agrees);
  EXPECT_EQ(fit({.barcode = "036000291452"}, {.mcn = "0036000291452"}), Fit::agrees);
  EXPECT_EQ(fit({.barcode = "4006381333931", .title = "Jazz"}, {.mcn = "5901234123457", .title = "Jazz"}),
            Fit::contradicts);
  EXPECT_EQ(compare({.barcode = "4006381333931"}, {.mcn = "5901234123457"}).reason,
            "the disc has the barcode 5901234123457, the list has 4006381333931");
  // A set of discs has one barcode, and a title for each disc.
  EXPECT_EQ(
      fit({.barcode = "4006381333931", .title = "The Box"}, {.mcn = "4006381333931", .title = "Early Years"}),
      Fit::agrees);
}

TEST(CompareDisc, BarcodesThatAreNoneAreNotCounted) {
  EXPECT_EQ(fit({.barcode = "4006381333931"}, {}), Fit::cannot_be_told);
  EXPECT_EQ(fit({}, {.mcn = "4006381333931"}), Fit::cannot_be_told);
  EXPECT_EQ(fit({.barcode = "4006381333931"}, {.mcn = "0000000000000"}), Fit::cannot_be_told);
  EXPECT_EQ(fit({.barcode = "4006381333931"}, {.mcn = "4006381333932"}), Fit::cannot_be_told);  // check digit
  EXPECT_EQ(fit({.barcode = "B12345"}, {.mcn = "4006381333931"}), Fit::cannot_be_told);  // the library's own
}

TEST(CompareDisc, TitlesAgreeHoweverTheyAreWritten) {
  EXPECT_EQ(fit({.title = "The Best of Händel"}, {.title = "HANDEL: BEST OF"}), Fit::agrees);
  EXPECT_EQ(fit({.title = "Best of Mozart / Wiener Philharmoniker"}, {.title = "Best of Mozart"}),
            Fit::agrees);
  EXPECT_EQ(fit({.title = "Motörhead live"}, {.title = "MOTO\u0308RHEAD LIVE"}), Fit::agrees);
  EXPECT_EQ(fit({.title = "Чайка"}, {.title = "ЧАЙКА"}), Fit::agrees);
  EXPECT_EQ(fit({.title = "日本の歌"}, {.title = "日本の歌"}), Fit::agrees);
  EXPECT_EQ(fit({.title = "1984"}, {.title = "1984"}), Fit::agrees);
}

TEST(CompareDisc, TitlesThatShareNothingContradict) {
  EXPECT_EQ(fit({.title = "The Wall"}, {.title = "The Hits"}), Fit::contradicts);
  EXPECT_EQ(compare({.title = "The Wall"}, {.title = "Jazz\x1b"}).reason,
            "the disc is called \"Jazz\\x1b\", the list has \"The Wall\"");
  EXPECT_EQ(fit({.title = "Лебединое озеро"}, {.title = "Swan Lake"}),
            Fit::cannot_be_told);  // another script
  EXPECT_EQ(fit({.title = "Greatest Hits of Queen"}, {.title = "Greatest Songs of Abba"}),
            Fit::cannot_be_told);
  EXPECT_EQ(fit({.title = "Jazz"}, {}), Fit::cannot_be_told);
  EXPECT_EQ(fit({.title = "Jazz"}, {.title = "---"}), Fit::cannot_be_told);
}

TEST(CompareDisc, AnotherArtistTakesAwayWhatTheTitleSays) {
  EXPECT_EQ(fit({.title = "Greatest Hits", .artist = "Queen"}, {.title = "Greatest Hits", .artist = "Queen"}),
            Fit::agrees);
  EXPECT_EQ(fit({.title = "Greatest Hits", .artist = "Queen"}, {.title = "Greatest Hits", .artist = "ABBA"}),
            Fit::cannot_be_told);
}

TEST(CompareDisc, ALabelMayAgreeButContradictsNothing) {
  EXPECT_EQ(fit({.title = "Greatest Hits"}, {.label = "GREATEST_HITS"}), Fit::agrees);
  EXPECT_EQ(fit({.title = "Greatest Hits of the Eighties"}, {.label = "GREATESTHITSOFTH"}), Fit::agrees);
  EXPECT_EQ(fit({.title = "Greatest Hits"}, {.label = "081112_1530"}), Fit::cannot_be_told);
  EXPECT_EQ(fit({.title = "Encarta"}, {.label = "MYST"}), Fit::cannot_be_told);
}

TEST(CompareDisc, ADiscMaySayThatItIsAnotherOneOfItsSet) {
  const ListEntry second = {.barcode = "4006381333931", .title = "The Box", .volume = "2"};
  EXPECT_EQ(fit(second, {.mcn = "4006381333931", .title = "The Box (Disc 2)"}), Fit::agrees);
  EXPECT_EQ(fit(second, {.mcn = "4006381333931", .title = "The Box (Disc 1)"}), Fit::contradicts);
  EXPECT_EQ(fit(second, {.title = "The Box CD1"}), Fit::contradicts);
  EXPECT_EQ(fit(second, {.label = "THE_BOX_CD_2"}), Fit::agrees);
  EXPECT_EQ(fit(second, {.title = "The Box"}), Fit::agrees);
  EXPECT_EQ(fit({.title = "The Box", .volume = "Disc 2"}, {.title = "The Box, disk 1"}), Fit::contradicts);
}

class Queue : public testing::Test {
 protected:
  const std::vector<ListEntry> entries_ = {
      {.order = "1", .barcode = "4006381333931", .title = "Jazz"},
      {.order = "2", .barcode = "5901234123457", .title = "News of the World"},
      {.order = "3", .title = "Data"},
      {.order = "4", .title = "Innuendo"}};
  static ManifestRow row(const ListEntry& entry, DiscEnd end, std::string_view disc_id = "") {
    return {.time = "t",
            .order = entry.order,
            .barcode = entry.barcode,
            .title = entry.title,
            .volume = entry.volume,
            .disc_id = std::string(disc_id),
            .folder = end == DiscEnd::failed ? "" : entry.title,
            .end = end};
  }
  const ObservedDisc jazz_ = {.mcn = "4006381333931", .disc_id = "j"};
  const ObservedDisc news_ = {.mcn = "5901234123457", .disc_id = "n"};
  const ObservedDisc mute_ = {.disc_id = "m"};
};

TEST_F(Queue, GoesThroughTheListInOrder) {
  JobQueue queue(entries_, {});
  ASSERT_NE(queue.next(), nullptr);
  EXPECT_EQ(queue.next()->order, "1");
  const auto answer = queue.expect("a", jazz_);
  EXPECT_EQ(answer.fit, Fit::agrees);
  EXPECT_EQ(answer.reason, "the barcode is 4006381333931");
  EXPECT_EQ(answer.repeats, "");
  ASSERT_NE(queue.entry_of("a"), nullptr);
  EXPECT_EQ(queue.entry_of("a")->order, "1");
  EXPECT_EQ(queue.next()->order, "2");
  queue.finish("a", row(entries_[0], DiscEnd::published, "j"));
  EXPECT_EQ(queue.entry_of("a"), nullptr);
  EXPECT_EQ(queue.expect("a", news_).fit, Fit::agrees);
  EXPECT_EQ(queue.expect("b", mute_).fit, Fit::cannot_be_told);
  EXPECT_EQ(queue.entry_of("b")->order, "3");
  EXPECT_EQ(queue.counts(), (JobQueue::Counts{.waiting = 1, .in_drives = 2, .done = 1, .failed = 0}));
}

TEST_F(Queue, TellsThatADiscWasLeftOut) {
  JobQueue queue(entries_, {});
  const auto answer = queue.expect("a", news_);
  EXPECT_EQ(answer.fit, Fit::contradicts);
  EXPECT_EQ(answer.reason,
            "expected order 1 (Jazz), but the disc has the barcode 5901234123457, the list has "
            "4006381333931; it looks "
            "like order 2 (News of the World), which is still to come: the barcode is 5901234123457");
  EXPECT_EQ(queue.entry_of("a"), nullptr);
  EXPECT_EQ(queue.next()->order, "1");
}

// The third entry knows too little to contradict; that the disc is the fourth one says it.
TEST_F(Queue, TellsADriftThatTheExpectedEntryCannotSee) {
  JobQueue queue({{.order = "1"}, {.order = "2", .title = "Innuendo"}}, {});
  const auto answer = queue.expect("a", {.title = "Innuendo"});
  EXPECT_EQ(answer.fit, Fit::contradicts);
  EXPECT_EQ(answer.reason,
            "expected order 1; it looks like order 2 (Innuendo), which is still to come: the title is "
            "\"Innuendo\"");
}

TEST_F(Queue, PeopleMayFillDrivesInAnyOrder) {
  JobQueue queue(entries_, {});
  EXPECT_EQ(queue.expect("b", news_, 2).fit, Fit::agrees);
  EXPECT_EQ(queue.entry_of("b")->order, "2");
  EXPECT_EQ(queue.next()->order, "1");
  EXPECT_EQ(queue.expect("a", {.title = "Innuendo"}, 2).fit,
            Fit::contradicts);  // beyond the two that wait first
  EXPECT_EQ(queue.expect("a", jazz_, 2).fit, Fit::agrees);
}

TEST_F(Queue, TellsRepeats) {
  JobQueue queue(entries_, {});
  queue.expect("a", jazz_);
  EXPECT_EQ(queue.expect("a", jazz_).repeats, "");  // the same drive asks again
  EXPECT_EQ(queue.entry_of("a")->order, "1");
  EXPECT_EQ(queue.expect("b", jazz_).repeats, "the same disc is in drive a");
  EXPECT_EQ(queue.entry_of("b"), nullptr);
  queue.finish("a", row(entries_[0], DiscEnd::published, "j"));
  EXPECT_EQ(queue.expect("b", jazz_).repeats,
            "the same disc was there before: order 1 (Jazz), in the archive as Jazz");
  EXPECT_EQ(queue.expect("b", jazz_).fit, Fit::contradicts);
  EXPECT_EQ(queue.next()->order, "2");
}

TEST_F(Queue, TellsRepeatsOfDiscsThatSayNothing) {
  JobQueue queue({{.order = "1", .title = "A"}, {.order = "2", .title = "B"}}, {});
  queue.expect("a", mute_);
  queue.finish("a", row({.order = "1", .title = "A"}, DiscEnd::published, "m"));
  EXPECT_EQ(queue.expect("a", mute_).repeats,
            "the same disc was there before: order 1 (A), in the archive as A");
  EXPECT_EQ(queue.entry_of("a"), nullptr);
  EXPECT_EQ(queue.next()->order, "2");
}

TEST_F(Queue, WithoutAListOnlyRepeatsAreTold) {
  const std::vector rows = {ManifestRow{.time = "2026", .disc_id = "j", .end = DiscEnd::published},
                            ManifestRow{.time = "2026", .disc_id = "f", .end = DiscEnd::failed}};
  JobQueue queue({}, rows);
  EXPECT_EQ(queue.next(), nullptr);
  EXPECT_EQ(queue.expect("a", jazz_).repeats, "the same disc was there before: the disc of 2026");
  EXPECT_EQ(queue.expect("a", {.disc_id = "f"}).repeats, "");
  EXPECT_EQ(queue.expect("a", news_).fit, Fit::cannot_be_told);
  EXPECT_EQ(queue.expect("b", news_).repeats, "the same disc is in drive a");
  queue.release("a");
  EXPECT_EQ(queue.expect("b", news_).repeats, "");
}

TEST_F(Queue, IsTheSameAfterARestart) {
  const std::vector rows = {row(entries_[0], DiscEnd::published, "j"), row(entries_[1], DiscEnd::failed),
                            row({.order = "3", .title = "of another list"}, DiscEnd::published)};
  const JobQueue queue(entries_, rows);
  EXPECT_EQ(queue.next()->order, "3");
  EXPECT_EQ(queue.counts(), (JobQueue::Counts{.waiting = 2, .in_drives = 0, .done = 1, .failed = 1}));
}

TEST_F(Queue, TakesADiscThatFailedWhenItComesAgain) {
  const std::vector rows = {row(entries_[0], DiscEnd::failed, "j")};
  JobQueue queue(entries_, rows);
  EXPECT_EQ(queue.next()->order, "2");
  const auto answer = queue.expect("a", jazz_);
  EXPECT_EQ(answer.fit, Fit::agrees);
  EXPECT_EQ(answer.repeats, "");
  EXPECT_EQ(queue.entry_of("a")->order, "1");
  queue.finish("a", row(entries_[0], DiscEnd::published, "j"));
  EXPECT_EQ(queue.counts().done, 1U);
}

TEST_F(Queue, AnInterruptedDiscWaitsAgain) {
  JobQueue queue(entries_, {});
  queue.expect("a", jazz_);
  queue.release("a");
  EXPECT_EQ(queue.next()->order, "1");
  EXPECT_EQ(queue.expect("b", jazz_).fit, Fit::agrees);
}

TEST_F(Queue, TellsDiscsBeyondItsEnd) {
  const std::vector rows = {row(entries_[0], DiscEnd::published, "j")};
  JobQueue queue({entries_[0]}, rows);
  EXPECT_EQ(queue.expect("a", mute_).reason, "the list has no further disc");
  EXPECT_EQ(queue.expect("a", mute_).fit, Fit::contradicts);
  EXPECT_EQ(queue.expect("a", {.mcn = "4006381333931", .disc_id = "k"}).reason,
            "the list has no further disc; it looks like order 1 (Jazz), which is done: the barcode is "
            "4006381333931");
}

// Discs of one stack lie in several drives, and the drives know them in any order.
TEST_F(Queue, WhatALoaderBringsIsTheNextOfTheListWhicheverDriveKnowsItFirst) {
  JobQueue queue({{.order = "1", .title = "A"}, {.order = "2", .title = "B"}, {.order = "3", .title = "C"}},
                 {});
  EXPECT_EQ(queue.bring("a")->order, "1");
  EXPECT_EQ(queue.bring("b")->order, "2");
  EXPECT_EQ(queue.expect("b", {.disc_id = "y"}, 3).fit, Fit::cannot_be_told);
  EXPECT_EQ(queue.entry_of("b")->order, "2");
  queue.release("b");  // the drive went away with it
  EXPECT_EQ(queue.entry_of("b")->order, "2");
  EXPECT_EQ(queue.bring("c")->order, "3");
  EXPECT_EQ(queue.expect("a", {.disc_id = "x"}, 3).fit, Fit::cannot_be_told);
  EXPECT_EQ(queue.entry_of("a")->order, "1");
  queue.finish("a", row({.order = "1", .title = "A"}, DiscEnd::published, "x"));
  EXPECT_EQ(queue.bring("a"), nullptr);
  EXPECT_EQ(queue.counts(), (JobQueue::Counts{.waiting = 0, .in_drives = 2, .done = 1, .failed = 0}));
}

TEST_F(Queue, ADiscOfTheStackThatIsAnotherOneStopsTheLine) {
  JobQueue queue(entries_, {});
  queue.bring("a");
  queue.bring("b");
  // By hand it would do.
  const auto answer = queue.expect("a", news_, 3);
  EXPECT_EQ(answer.fit, Fit::contradicts);
  EXPECT_THAT(answer.reason, testing::HasSubstr("expected order 1"));
  EXPECT_THAT(answer.reason, testing::HasSubstr("looks like order 2"));
  EXPECT_EQ(queue.entry_of("a"), nullptr);
  EXPECT_EQ(queue.next()->order, "1");
}

TEST_F(Queue, TakesWhatADriveHadBeforeARestart) {
  JobQueue queue(entries_, {});
  EXPECT_TRUE(queue.take("a", "2", JobQueue::Came::by_loader));
  EXPECT_FALSE(queue.take("b", "2", JobQueue::Came::by_hand));  // that is in a drive
  EXPECT_FALSE(queue.take("b", "none of the list", JobQueue::Came::by_hand));
  EXPECT_EQ(queue.expect("a", mute_).fit, Fit::cannot_be_told);
  EXPECT_EQ(queue.entry_of("a")->order, "2");
  EXPECT_EQ(queue.next()->order, "1");
}

}  // namespace
}  // namespace binrip::batch
