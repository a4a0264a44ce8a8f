// Text is held against the library that others of our programs and tests read it with, in its own
// order-keeping type.
#include "binrip/base/json.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace binrip {
namespace {

using Library = nlohmann::ordered_json;

constexpr int kIndent = 2;

std::string in_one_line(const Library& json) {
  return json.dump(-1, ' ', false, Library::error_handler_t::replace);
}
std::string indented(const Library& json) {
  return json.dump(kIndent, ' ', false, Library::error_handler_t::replace);
}

// What the library makes of the text; nothing where it refuses it.
std::optional<Library> parse_with_library(std::string_view text) {
  Library json = Library::parse(text, nullptr, false);
  return json.is_discarded() ? std::nullopt : std::optional(std::move(json));
}

void expect_read_as_by_library(std::string_view text) {
  SCOPED_TRACE(text);
  const auto expected = parse_with_library(text);
  const auto json = parse_json(text);
  ASSERT_EQ(json.has_value(), expected.has_value());
  if (!json) return;
  EXPECT_EQ(json->dump(), in_one_line(*expected));
  EXPECT_EQ(json->dump(kIndent), indented(*expected));
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, IsNullAtFirst) {
  EXPECT_EQ(Json().kind(), Json::Kind::null);
  EXPECT_EQ(Json().dump(), "null");
}

TEST(Json, BuildsObjectsFromFieldsInTheirOrder) {
  const std::string text = "text";
  const std::vector<std::string> list{"b", "a"};
  const Json json{{"zero", 0},
                  {"text", text},
                  {"view", std::string_view("view")},
                  {"two texts", {{"b", "a"}}},
                  {"list", list},
                  {"numbers", std::vector<int>{3, -1}},
                  {"true", true},
                  {"nothing", nullptr},
                  {"nested", {{"one", {{"two", 2}}}}},
                  {"empty", Json::object()},
                  {"none", Json::array()},
                  {"byte", std::uint8_t{200}},
                  {"half", 0.5}};
  EXPECT_EQ(
      json.dump(),
      R"({"zero":0,"text":"text","view":"view","two texts":{"b":"a"},"list":["b","a"],"numbers":[3,-1],)"
      R"("true":true,"nothing":null,"nested":{"one":{"two":2}},"empty":{},"none":[],"byte":200,"half":0.5})");
}

TEST(Json, IndentsAsTheLibraryDoes) {
  const Json json{{"a", Json::array()}, {"b", {{"c", std::vector<int>{1, 2}}, {"d", Json::object()}}}};
  EXPECT_EQ(json.dump(kIndent),
            "{\n"
            "  \"a\": [],\n"
            "  \"b\": {\n"
            "    \"c\": [\n"
            "      1,\n"
            "      2\n"
            "    ],\n"
            "    \"d\": {}\n"
            "  }\n"
            "}");
  EXPECT_EQ(json.dump(kIndent), indented(*parse_with_library(json.dump())));
}

TEST(Json, ChangesMembersInPlaceAndAddsAtTheEnd) {
  Json json{{"a", 1}, {"b", 2}, {"c", 3}};
  json["a"] = "first";
  json["d"] = nullptr;
  json.erase("b");
  json.erase("no such member");
  json["b"] = 4;
  EXPECT_EQ(json.dump(), R"({"a":"first","c":3,"d":null,"b":4})");
}

TEST(Json, NullBecomesWhatIsAddedTo) {
  Json object;
  object["list"].push_back({{"n", 1}});
  object["list"].push_back("x");
  EXPECT_EQ(object.dump(), R"({"list":[{"n":1},"x"]})");
}

TEST(Json, CopiesAreIndependent) {
  Json json{{"list", std::vector<int>{1}}};
  const Json copy = json;
  json["list"].push_back(2);
  EXPECT_EQ(copy.dump(), R"({"list":[1]})");
  EXPECT_EQ(json.dump(), R"({"list":[1,2]})");
}

TEST(Json, TellsWhatAValueIs) {
  const Json json =
      *parse_json(R"({"yes": true, "n": -3, "x": 2.0, "s": "text", "list": [1, 2], "null": null})");
  EXPECT_TRUE(json.is_object());
  EXPECT_EQ(json.members().size(), 6U);
  EXPECT_EQ(json.find("yes")->as_boolean(), true);
  EXPECT_EQ(json.find("n")->as_integer(), -3);
  EXPECT_EQ(json.find("n")->as_number(), -3.0);
  EXPECT_EQ(json.find("x")->as_integer(), std::nullopt);
  EXPECT_EQ(json.find("x")->as_number(), 2.0);
  EXPECT_EQ(*json.find("s")->as_string(), "text");
  EXPECT_TRUE(json.find("list")->is_array());
  EXPECT_EQ(json.find("list")->elements().size(), 2U);
  EXPECT_EQ(json.find("null")->kind(), Json::Kind::null);
  EXPECT_EQ(json.find("absent"), nullptr);
  EXPECT_EQ(json.member("s").as_string(), json.find("s")->as_string());
  EXPECT_EQ(json.member("absent").member("absent").kind(), Json::Kind::null);
}

TEST(Json, ValuesOfOtherKindsGiveNothing) {
  for (const char* text : {"null", "true", "1", "\"s\"", "[1]", "{\"a\":1}"}) {
    SCOPED_TRACE(text);
    const Json json = *parse_json(text);
    EXPECT_EQ(json.as_boolean().has_value(), json.kind() == Json::Kind::boolean);
    EXPECT_EQ(json.as_integer().has_value(), json.kind() == Json::Kind::number);
    EXPECT_EQ(json.as_number().has_value(), json.kind() == Json::Kind::number);
    EXPECT_EQ(json.as_string() != nullptr, json.kind() == Json::Kind::string);
    EXPECT_EQ(!json.elements().empty(), json.is_array());
    EXPECT_EQ(!json.members().empty(), json.is_object());
    EXPECT_EQ(json.find("a") != nullptr, json.is_object());
  }
}

TEST(Json, IntegersKeepTheirValueAtTheLimits) {
  EXPECT_EQ(Json(std::numeric_limits<std::int64_t>::min()).dump(), "-9223372036854775808");
  EXPECT_EQ(Json(std::numeric_limits<std::int64_t>::max()).dump(), "9223372036854775807");
  EXPECT_EQ(Json(std::numeric_limits<std::uint64_t>::max()).dump(), "18446744073709551615");
  EXPECT_EQ(parse_json("-9223372036854775808")->as_integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parse_json("9223372036854775807")->as_integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parse_json("9223372036854775808")->as_integer(), std::nullopt);
  EXPECT_EQ(parse_json("9223372036854775808")->as_number(), 9223372036854775808.0);
  EXPECT_EQ(parse_json("-9223372036854775809")->as_integer(), std::nullopt);
  EXPECT_EQ(parse_json("18446744073709551616")->as_integer(), std::nullopt);
}

TEST(Json, WritesNumbersWithAFractionAsTheLibraryDoes) {
  using Limits = std::numeric_limits<double>;
  for (const double value : {0.0,
                             -0.0,
                             1.0,
                             0.1,
                             -2.5,
                             1e15,
                             1e16,
                             1e17,
                             1e22,
                             123456.789,
                             1e-4,
                             1e-5,
                             5e-324,
                             Limits::max(),
                             Limits::min(),
                             Limits::denorm_min(),
                             Limits::epsilon(),
                             Limits::infinity(),
                             -Limits::infinity(),
                             Limits::quiet_NaN()}) {
    EXPECT_EQ(Json(value).dump(), in_one_line(Library(value)));
  }
  EXPECT_EQ(Json(Limits::infinity()).dump(), "null");
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t bits = random();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    ASSERT_EQ(Json(value).dump(), in_one_line(Library(value)));
    const double speed = static_cast<double>(bits >> 40U) / 1000;
    ASSERT_EQ(Json(speed).dump(), in_one_line(Library(speed)));
  }
}

TEST(Json, WritesStringsAsTheLibraryDoes) {
  std::string all_bytes;
  for (int c = 0; c < 256; ++c) {
    all_bytes += static_cast<char>(c);
    const std::string one(1, static_cast<char>(c));
    EXPECT_EQ(Json(one).dump(), in_one_line(Library(one)));
    EXPECT_EQ((Json{{one, 1}}).dump(), in_one_line(Library{{one, 1}}));
  }
  for (const std::string& text : {all_bytes, std::string("\"\\/\b\f\n\r\t"),
                                  std::string("Beyonc\xc3\xa9 \xe2\x82\xac \xf0\x9f\x92\xbf"),
                                  std::string("\x7f\xc2\x80\xe2\x80\xa8"), std::string("nul\0nul", 7)}) {
    EXPECT_EQ(Json(text).dump(), in_one_line(Library(text)));
  }
}

TEST(Json, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(Json("a\xff"
                 "b")
                .dump(),
            "\"a\xef\xbf\xbd"
            "b\"");
  EXPECT_EQ(Json("\xe2\x82").dump(), "\"\xef\xbf\xbd\"");  // cut short
  for (const std::string text :
       {"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82x\xe2", "\x80\x80"}) {
    EXPECT_EQ(Json(text).dump(), in_one_line(Library(text)));
  }
}

TEST(Json, ReadsAndRefusesWhatTheLibraryDoes) {
  for (const std::string_view text : {"",
                                      " ",
                                      "null",
                                      "true",
                                      "tru",
                                      "nul",
                                      "1",
                                      "-1",
                                      "-0",
                                      "01",
                                      "1.",
                                      ".5",
                                      "+1",
                                      "1e5",
                                      "1E+400",
                                      "-1e999",
                                      "1e-999",
                                      "0.1",
                                      "100000000000000000000",
                                      "\"a\"",
                                      "\"a",
                                      "\"\\u00e9\"",
                                      "\"\\ud83d\\udcbf\"",
                                      "\"\\ud83d\"",
                                      "\"\\udcbf\"",
                                      "\"\\u12\"",
                                      "\"\\x\"",
                                      "\"\t\"",
                                      "\"\xff\"",
                                      "\"\xc3\xa9\"",
                                      "\"\xed\xa0\x80\"",
                                      "[]",
                                      "[",
                                      "]",
                                      "[1,]",
                                      "[1 2]",
                                      "[1,2,[3]]",
                                      "{}",
                                      "{",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1,}",
                                      "{\"a\":1 \"b\":2}",
                                      "{a:1}",
                                      "{'a':1}",
                                      "{\"b\":1,\"a\":{\"c\":[{}]}}",
                                      "1 2",
                                      "[] x",
                                      "// comment\n1",
                                      "/* comment */ 1",
                                      "\xef\xbb\xbf[1]",
                                      "\xef\xbb[1]",
                                      "NaN",
                                      "Infinity",
                                      "\r\n\t [ 1 ]\n"}) {
    expect_read_as_by_library(text);
  }
  expect_read_as_by_library(std::string_view("1\0", 2));
  expect_read_as_by_library(std::string_view("\0", 1));
}

TEST(Json, OfMembersWithOneNameTheFirstPlaceAndTheLastValueStay) {
  EXPECT_EQ(parse_json(R"({"a":1,"b":2,"a":[3],"c":4,"b":{"x":5,"x":6},"a":7})")->dump(),
            R"({"a":7,"b":{"x":6},"c":4})");
  expect_read_as_by_library(R"({"a":1,"b":2,"a":[3],"c":4,"b":{"x":5,"x":6},"a":7})");
  expect_read_as_by_library(R"({"a":{"b":1},"a":{"c":2}})");
  expect_read_as_by_library(R"({"":1,"":2})");
}

TEST(Json, ErrorsNameTheTextTheLineAndTheByte) {
  const auto json = parse_json("{\n  \"a\": 1,\n  b\n}", "disc.json");
  ASSERT_FALSE(json.has_value());
  EXPECT_EQ(json.error().kind, ErrorKind::invalid);
  EXPECT_EQ(json.error().message, "disc.json:3: expected JSON, got something else at byte 15");
  EXPECT_EQ(parse_json("", "disc.json").error().message,
            "disc.json:1: expected JSON, got something else at byte 1");
  EXPECT_EQ(parse_json("[1e999]", "disc.json").error().message,
            "disc.json:1: expected JSON, got something else at byte 6");
}

TEST(Json, ReadsToTheGreatestDepthAndNoFurther) {
  const auto deepest = parse_json(nested(kMaxJsonDepth));
  ASSERT_TRUE(deepest.has_value());
  EXPECT_EQ(Json(*deepest).dump(), nested(kMaxJsonDepth));
  EXPECT_EQ(parse_json(nested(kMaxJsonDepth + 1), "disc.json").error().message,
            "disc.json: expected JSON of at most 1000 levels");
}

TEST(Json, HostileDepthIsRefused) {
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(parse_json(std::string(100'000, '[')).has_value());
  EXPECT_FALSE(parse_json(nested(100'000)).has_value());
  EXPECT_FALSE(parse_json(objects).has_value());
  EXPECT_FALSE(parse_json(objects + '1' + std::string(100'000, '}')).has_value());
}

TEST(Json, ManyMembersTakeNoQuadraticTime) {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i)
    text += '"' + std::to_string(i % 100'000) + "\":" + std::to_string(i) + ',';
  text.back() = '}';
  const auto json = parse_json(text);
  ASSERT_TRUE(json.has_value());
  ASSERT_EQ(json->members().size(), 100'000U);
  EXPECT_EQ(json->members().front().name, "0");
  EXPECT_EQ(json->members().front().value.as_integer(), 100'000);
}

// A value and what the library holds for it, built side by side.
class RandomValue {
 public:
  explicit RandomValue(std::uint64_t seed) : random_(seed) {}

  std::pair<Json, Library> make(int depth) {
    switch (below(depth > 0 ? 8 : 6)) {
      case 0:
        return {nullptr, nullptr};
      case 1:
        return {true, true};
      case 2: {
        const auto value = static_cast<std::int64_t>(random_()) >> below(64);
        return {value, value};
      }
      case 3: {
        const std::uint64_t value = random_() >> below(64);
        return {value, value};
      }
      case 4: {
        const double value = std::ldexp(static_cast<double>(random_()), static_cast<int>(below(200)) - 100);
        return {value, value};
      }
      case 5: {
        const std::string value = text();
        return {value, value};
      }
      case 6:
        return array(depth);
      default:
        return object(depth);
    }
  }

 private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  std::string text() {
    std::string bytes;
    for (std::uint64_t n = below(12); n > 0; --n) bytes += static_cast<char>(below(256));
    return bytes;
  }
  std::pair<Json, Library> array(int depth) {
    std::pair<Json, Library> both{Json::array(), Library::array()};
    for (std::uint64_t n = below(5); n > 0; --n) {
      auto [json, library] = make(depth - 1);
      both.first.push_back(std::move(json));
      both.second.push_back(std::move(library));
    }
    return both;
  }
  std::pair<Json, Library> object(int depth) {
    std::pair<Json, Library> both{Json::object(), Library::object()};
    for (std::uint64_t n = below(5); n > 0; --n) {
      const std::string name = text();
      auto [json, library] = make(depth - 1);
      both.first[name] = std::move(json);
      both.second[name] = std::move(library);
    }
    return both;
  }

  std::mt19937_64 random_;
};

TEST(Json, RandomValuesAreWrittenAndReadAsByTheLibrary) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE(seed);
    const auto [json, library] = RandomValue(seed).make(4);
    ASSERT_EQ(json.dump(), in_one_line(library));
    ASSERT_EQ(json.dump(kIndent), indented(library));
    const auto again = parse_json(json.dump(kIndent));
    ASSERT_TRUE(again.has_value());
    ASSERT_EQ(again->dump(), in_one_line(*parse_with_library(indented(library))));
  }
}

}  // namespace
}  // namespace binrip
