#include "batch/web_guard.hpp"

#include <gtest/gtest.h>

namespace binrip::batch {
namespace {

TEST(WebGuard, GoesByAddressesLocalhostAndItsOwnNames) {
  const std::vector<std::string> names = {"tower", "tower.example"};
  for (const char* host : {"127.0.0.1:8700", "192.0.2.7", "[::1]:8700", "[2001:db8::1]", "localhost",
                           "LOCALHOST:1", "tower:8700", "Tower.Example"}) {
    EXPECT_TRUE(is_own_host(host, names)) << host;
  }
}

TEST(WebGuard, GoesByNoOtherName) {
  const std::vector<std::string> names = {"tower"};
  for (const char* host :
       {"", ":8700", "evil.example", "evil.example:8700", "tower.evil.example", "eviltower",
        "127.0.0.1.evil.example", "localhost.evil.example", "tower:80:80", "tower:port", "tower:123456",
        "[::1", "[::1]x", "[tower]", "0x7f.1", "127.1", "tower ", "127.0.0.1@evil.example"}) {
    EXPECT_FALSE(is_own_host(host, names)) << host;
  }
}

TEST(WebGuard, TakesOnlyItsOwnPageForTheSameOrigin) {
  EXPECT_TRUE(is_same_origin("http://127.0.0.1:8700", "127.0.0.1:8700"));
  for (const char* origin :
       {"null", "", "http://127.0.0.1", "http://127.0.0.1:8701", "https://127.0.0.1:8700",
        "http://evil.example", "http://127.0.0.1:8700.evil.example"}) {
    EXPECT_FALSE(is_same_origin(origin, "127.0.0.1:8700")) << origin;
  }
}

TEST(WebGuard, KnowsTheTokenAndNoOther) {
  const std::string token = "0123456789abcdef";
  EXPECT_TRUE(has_token("Bearer " + token, token));
  for (const std::string wrong :
       {"", "Bearer", "Bearer ", "bearer 0123456789abcdef", "Basic 0123456789abcdef",
        "Bearer 0123456789abcdeF", "Bearer 0123456789abcde", "Bearer 0123456789abcdeff",
        "Bearer  0123456789abcdef"}) {
    EXPECT_FALSE(has_token(wrong, token)) << wrong;
  }
  EXPECT_FALSE(has_token("Bearer ", ""));
}

TEST(WebGuard, ReadsControlRequests) {
  const auto eject = parse_control_request(R"({"action": "eject", "drive": "ATA-1"})");
  ASSERT_TRUE(eject);
  EXPECT_EQ(eject->action, ControlAction::eject);
  EXPECT_EQ(eject->drive, "ATA-1");
  EXPECT_EQ(parse_control_request(R"({"action": "stop"})")->action, ControlAction::stop);
  for (const char* wrong :
       {"", "{", "[]", "\"eject\"", "{}", R"({"action": "format", "drive": "a"})", R"({"action": "eject"})",
        R"({"action": "eject", "drive": 3})", R"({"action": ["eject"], "drive": "a"})",
        "{\"action\": \"stop\", \"drive\": \"\xff\"}"}) {
    const auto request = parse_control_request(wrong);
    ASSERT_FALSE(request) << wrong;
    EXPECT_EQ(request.error().kind, ErrorKind::invalid);
  }
}

}  // namespace
}  // namespace binrip::batch
