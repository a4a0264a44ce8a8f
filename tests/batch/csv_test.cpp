#include "batch/csv.hpp"

#include <gtest/gtest.h>

namespace binrip::batch {
namespace {

using Fields = std::vector<std::string>;

std::vector<Fields> read(std::string_view text) {
  std::vector<Fields> result;
  const auto records = parse_csv(text, "x.csv");
  if (!records) return {{"error", records.error().message}};
  for (const CsvRecord& record : *records) result.push_back(record.fields);
  return result;
}
std::string error(std::string_view text) {
  const auto records = parse_csv(text, "x.csv");
  return records ? "no error" : records.error().message;
}

// The rules of RFC 4180, section 2, one by one.
TEST(Csv, ReadsWhatTheRfcShows) {
  const std::vector<Fields> two = {{"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}};
  EXPECT_EQ(read("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n"), two);
  EXPECT_EQ(read("aaa,bbb,ccc\nzzz,yyy,xxx"), two);
  EXPECT_EQ(read("\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx"), two);
  EXPECT_EQ(read("\"aaa\",\"b\r\nbb\",\"ccc\""), (std::vector<Fields>{{"aaa", "b\r\nbb", "ccc"}}));
  EXPECT_EQ(read("\"aaa\",\"b\"\"bb\",\"c,c\""), (std::vector<Fields>{{"aaa", "b\"bb", "c,c"}}));
  EXPECT_EQ(read("a, b ,\n,"), (std::vector<Fields>{{"a", " b ", ""}, {"", ""}}));
  EXPECT_EQ(read("\xEF\xBB\xBF\"a\",b\n\r\n\nc,d\n\n"), (std::vector<Fields>{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(read("\"\"\n"), (std::vector<Fields>{{""}}));
  EXPECT_TRUE(read("").empty());
}

TEST(Csv, KnowsItsLines) {
  const auto records = parse_csv("a\n\n\"b\nc\"\r\nd\n", "x");
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 3U);
  EXPECT_EQ((*records)[1].line, 3);
  EXPECT_EQ((*records)[2].line, 5);
}

TEST(Csv, SaysWhereItIsWrong) {
  EXPECT_EQ(error("a\nb,\"c\nd"), "x.csv:2: a quote is not closed");
  EXPECT_EQ(error("a\n\"b\"c"), "x.csv:2: expected a comma after the closing quote");
  EXPECT_EQ(error("a\nb\"c"), "x.csv:2: a quote inside of a field that does not begin with one");
  EXPECT_EQ(error("a\nM\xF6tley\n"), "x.csv:2: expected UTF-8, got other bytes");
  EXPECT_EQ(error(std::string_view("a\nb\0", 4)), "x.csv:2: expected text, got a zero byte");
}

TEST(Csv, ReadsBackWhatItWrites) {
  const std::vector<Fields> rows = {
      {"a", "b,c", "d\"e", "f\ng"}, {""}, {"", ""}, {" a ", "\r", "ü"}, {"\"", "\"\"", ","}};
  std::string text;
  for (const Fields& row : rows) text += csv_line(row);
  EXPECT_EQ(read(text), rows);
}

TEST(Csv, OneLineIsOneLine) {
  EXPECT_EQ(one_line("  a\r\nb\x1b\tc  "), "a  b  c");
  EXPECT_EQ(one_line("M\xF6tley"), "Mötley");
  EXPECT_EQ(one_line(" \n "), "");
}

}  // namespace
}  // namespace binrip::batch
