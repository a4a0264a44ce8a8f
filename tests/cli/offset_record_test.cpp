#include "cli/offset_record.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace binrip::cli {
namespace {

std::optional<OffsetConclusion> add(OffsetRecord& record, std::string id, std::vector<int> offsets) {
  return add_to_record(record, "V", "P", {std::move(id), std::move(offsets)});
}

TEST(OffsetRecord, CountsDifferentDiscs) {
  OffsetRecord record;
  EXPECT_EQ(add(record, "a", {6}), (OffsetConclusion{{6}, 1}));
  EXPECT_EQ(add(record, "a", {6}), (OffsetConclusion{{6}, 1}));
  EXPECT_EQ(add(record, "b", {6}), (OffsetConclusion{{6}, 2}));
  EXPECT_EQ(add(record, "a", {6}), (OffsetConclusion{{6}, 2}));
  EXPECT_EQ(record, (OffsetRecord{{"V", "P", {{"b", {6}}, {"a", {6}}}}}));
}

TEST(OffsetRecord, TakesWhatAllDiscsAllow) {
  OffsetRecord record;
  EXPECT_EQ(add(record, "a", {670, 6, -30}), (OffsetConclusion{{-30, 6, 670}, 1}));
  EXPECT_EQ(add(record, "b", {6, 670, 100}), (OffsetConclusion{{6, 670}, 2}));
  EXPECT_EQ(add(record, "c", {-30, 6}), (OffsetConclusion{{6}, 3}));
}

TEST(OffsetRecord, AContradictionChangesNothing) {
  OffsetRecord record;
  add(record, "a", {6});
  const OffsetRecord before = record;
  EXPECT_EQ(add(record, "b", {30}), std::nullopt);
  EXPECT_EQ(add(record, "a", {30}), std::nullopt);  // not even the same disc
  EXPECT_EQ(record, before);
}

TEST(OffsetRecord, KeepsDrivesApart) {
  OffsetRecord record;
  add(record, "a", {6});
  EXPECT_EQ(add_to_record(record, "V", "Q", {"a", {30}}), (OffsetConclusion{{30}, 1}));
  EXPECT_EQ(record.size(), 2U);
}

TEST(OffsetRecord, IsReadAsItWasWritten) {
  OffsetRecord record;
  add(record, "0002189a-00087f33-1f02e004", {-30, 6});
  add_to_record(record, "A\"\\", "", {"b", {-5880, 5880}});
  EXPECT_EQ(parse_offset_record(to_json(record), "x").value(), record);
  EXPECT_EQ(parse_offset_record(to_json({}), "x").value(), OffsetRecord{});
}

TEST(OffsetRecord, WhatIsNoRecordIsRefused) {
  for (const char* text :
       {"", "[]", "{}", "{", R"({"drives":1})", R"({"drives":[1]})", R"({"drives":[{"vendor":"V"}]})",
        R"({"drives":[{"vendor":"V","product":"P","discs":[{}]}]})",
        R"({"drives":[{"vendor":"V","product":"P","discs":[{"id":"a","offsets":[]}]}]})",
        R"({"drives":[{"vendor":"V","product":"P","discs":[{"id":"a","offsets":[1.5]}]}]})",
        R"({"drives":[{"vendor":"V","product":"P","discs":[{"id":"a","offsets":[5881]}]}]})",
        R"({"drives":[{"vendor":1,"product":"P","discs":[]}]})"}) {
    const auto record = parse_offset_record(text, "read-offsets.json");
    ASSERT_FALSE(record.has_value()) << text;
    EXPECT_EQ(record.error().message, "read-offsets.json: expected drives with discs and offsets");
  }
}

TEST(OffsetRecord, IsAFileThatIsMadeWhenNeeded) {
  const binrip::test::TempDir folder;
  const auto path = folder / "binrip/read-offsets.json";
  EXPECT_EQ(load_offset_record(path).value(), OffsetRecord{});
  OffsetRecord record;
  add(record, "a", {6});
  ASSERT_TRUE(save_offset_record(record, path).has_value());
  EXPECT_EQ(load_offset_record(path).value(), record);
  EXPECT_EQ(load_offset_record({}).error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace binrip::cli
