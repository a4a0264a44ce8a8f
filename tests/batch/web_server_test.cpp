#include "binrip/batch/web_server.hpp"

#include <fstream>
#include <list>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "prometheus_text.hpp"
#include "support/stations.hpp"
#include "support/temp_dir.hpp"
#include "web_client.hpp"

namespace binrip::batch {
namespace {

using nlohmann::json;
using test::converse;
using test::get;
using test::WebAnswer;
using test::WebClient;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kToken = "correct-horse-battery";

class RecordedControl : public StationControl {
 public:
  Result<void> set_aside(const std::string& drive) override { return note("set_aside " + drive); }
  Result<void> take_back(const std::string& drive) override { return note("take_back " + drive); }
  Result<void> eject(const std::string& drive) override { return note("eject " + drive); }
  Result<void> stop_after_current() override { return note("stop"); }

  std::vector<std::string> wishes() const {
    const std::lock_guard lock(mutex_);
    return wishes_;
  }
  Result<void> answer;

 private:
  Result<void> note(const std::string& wish) {
    const std::lock_guard lock(mutex_);
    wishes_.push_back(wish);
    return answer;
  }
  mutable std::mutex mutex_;
  std::vector<std::string> wishes_;
};

class WebServerTest : public testing::Test {
 protected:
  void start(const std::string& token = {}, const std::string& host = "127.0.0.1") {
    auto started = WebServer::start({{host, 0}, token, {"tower.example"}}, board_, &control_);
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  const std::string& url() const { return server_->url(); }
  WebAnswer post(const std::string& body, const std::string& headers) const {
    return converse(url(), "POST /api/v1/control HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " +
                               std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body);
  }

  ViewBoard board_;
  RecordedControl control_;
  std::unique_ptr<WebServer> server_;
};

const std::string kJson = "Content-Type: application/json\r\n";
const std::string kAuthorized = kJson + "Authorization: Bearer " + kToken + "\r\n";
const std::string kEject = R"({"action": "eject", "drive": "ATA-0001"})";

TEST_F(WebServerTest, GivesOnePageThatMayRunNothingButItsOwnScript) {
  start();
  const WebAnswer page = get(url(), "/");
  ASSERT_EQ(page.status, 200);
  EXPECT_THAT(page.head, HasSubstr("Content-Type: text/html; charset=utf-8\r\n"));
  EXPECT_THAT(page.head, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(page.head, HasSubstr("Content-Security-Policy: default-src 'none'; script-src 'nonce-"));
  EXPECT_THAT(page.head, HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(page.head, Not(HasSubstr("unsafe")));
  const std::size_t at = page.head.find("'nonce-") + 7;
  const std::string nonce = page.head.substr(at, page.head.find('\'', at) - at);
  EXPECT_EQ(nonce.size(), 32U);
  EXPECT_THAT(page.body, HasSubstr("<script nonce=\"" + nonce + "\">"));
  EXPECT_THAT(page.body, HasSubstr("<style nonce=\"" + nonce + "\">"));
  for (const char* outside :
       {"http://", "https://", "src=", "@import", "innerHTML", "@NONCE@", "@SCRIPT@", "style=\""}) {
    EXPECT_THAT(page.body, Not(HasSubstr(outside)));
  }
  EXPECT_THAT(get(url(), "/").body, Not(HasSubstr(nonce)));
}

TEST_F(WebServerTest, GivesStationMetricsAndHealth) {
  board_.publish(test::busy_station());
  start();
  const WebAnswer station = get(url(), "/api/v1/station");
  EXPECT_EQ(station.status, 200);
  EXPECT_THAT(station.head, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_EQ(json::parse(station.body)["drives"].size(), 8U);
  EXPECT_EQ(json::parse(station.body)["version"], 1);
  const WebAnswer metrics = get(url(), "/metrics");
  EXPECT_THAT(metrics.head, HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  const test::PrometheusText text(metrics.body);
  EXPECT_EQ(text.problem(), "");
  EXPECT_EQ(text.value("binrip_discs_total", {{"end", "published"}}), 41);
  EXPECT_EQ(get(url(), "/healthz").body, "ok\n");
  EXPECT_EQ(get(url(), "/etc/passwd").status, 404);
  EXPECT_EQ(get(url(), "/../etc/passwd").status, 404);
}

TEST_F(WebServerTest, SendsTheStationAtOnceAndWhenItChanges) {
  board_.publish(test::busy_station());
  start();
  WebClient client(url());
  client.send("GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  const std::string first = client.read_until("}\n\n");
  EXPECT_THAT(first, HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_THAT(first, HasSubstr("event: station\ndata: {\"version\":1,"));
  client.forget();
  StationView next = test::busy_station();
  next.needs_a_hand = {"bring coffee"};
  board_.publish(next);
  EXPECT_THAT(client.read_until("}\n\n"), HasSubstr("bring coffee"));
}

TEST_F(WebServerTest, EndsOpenStreamsAndIdleConnectionsWhenItIsStopped) {
  board_.publish({});
  start();
  WebClient stream(url()), idle(url()), half(url());
  stream.send("GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  half.send("GET /eve");
  stream.read_until("\n\n");
  server_.reset();
  stream.read_all();
  idle.read_all();
  half.read_all();
  EXPECT_TRUE(stream.closed());
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_EQ(half.read_all(), "");
}

TEST_F(WebServerTest, ClientsThatDoNotReadHoldUpNobody) {
  StationView large = test::busy_station();
  large.drives.resize(64);
  for (DriveView& drive : large.drives) drive.disc = std::string(20'000, 'x');
  board_.publish(large);
  start();
  std::list<WebClient> sleepers;
  for (int i = 0; i < 8; ++i) {
    sleepers.emplace_back(url()).send("GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  }
  for (std::uint64_t i = 0; i < 200; ++i) {
    large.free_bytes = i;
    board_.publish(large);
  }
  EXPECT_EQ(get(url(), "/healthz").status, 200);
  server_.reset();  // stops although they are in the middle of a write
}

TEST_F(WebServerTest, SaysWhenThereAreTooManyConnectionsAndServesAgainWhenTheyHaveGone) {
  start();
  std::list<WebClient> idle;
  for (int i = 0; i < 48; ++i) idle.emplace_back(url());
  EXPECT_EQ(get(url(), "/healthz").status, 503);
  idle.clear();
  while (get(url(), "/healthz").status != 200) continue;
}

TEST_F(WebServerTest, SaysWhenThereAreTooManyStreamsAndStillAnswersOthers) {
  start();
  std::list<WebClient> streams;
  for (int i = 0; i < 32; ++i) {
    streams.emplace_back(url()).send("GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    streams.back().read_until("data: {");
  }
  EXPECT_EQ(get(url(), "/events").status, 503);
  EXPECT_EQ(get(url(), "/healthz").status, 200);
}

TEST_F(WebServerTest, AnswersNoForeignNames) {
  start();
  const auto status = [&](const std::string& headers) {
    return converse(url(), "GET /api/v1/station HTTP/1.1\r\n" + headers + "\r\n").status;
  };
  EXPECT_EQ(status("Host: 127.0.0.1:8700\r\n"), 200);
  EXPECT_EQ(status("Host: tower.example\r\n"), 200);
  EXPECT_EQ(status("Host: evil.example\r\n"), 403);
  EXPECT_EQ(status(""), 403);
  EXPECT_EQ(status("Host: 127.0.0.1\r\nHost: evil.example\r\n"), 403);
}

TEST_F(WebServerTest, TakesNoControlWithoutAToken) {
  start();
  const WebAnswer answer = post(kEject, kAuthorized);
  EXPECT_EQ(answer.status, 403);
  EXPECT_THAT(control_.wishes(), IsEmpty());
  EXPECT_EQ(json::parse(get(url(), "/api/v1/station").body)["control"], false);
}

TEST_F(WebServerTest, TakesControlWithTheToken) {
  start(kToken);
  EXPECT_EQ(json::parse(get(url(), "/api/v1/station").body)["control"], true);
  EXPECT_EQ(post(kEject, kAuthorized).status, 202);
  EXPECT_EQ(post(R"({"action": "set_aside", "drive": "b"})", kAuthorized).status, 202);
  EXPECT_EQ(post(R"({"action": "take_back", "drive": "b"})", kAuthorized).status, 202);
  EXPECT_EQ(post(R"({"action": "stop"})", kAuthorized + "Origin: http://127.0.0.1\r\n").status, 202);
  EXPECT_THAT(control_.wishes(), ElementsAre("eject ATA-0001", "set_aside b", "take_back b", "stop"));
}

TEST_F(WebServerTest, RefusesControlThatIsNotAllRight) {
  start(kToken);
  EXPECT_EQ(post(kEject, kJson).status, 401);
  EXPECT_EQ(post(kEject, kJson + "Authorization: Bearer wrong-horse-battery-x\r\n").status, 401);
  EXPECT_EQ(post(kEject, kAuthorized + "Origin: http://evil.example\r\n").status, 403);
  EXPECT_EQ(post(kEject, kAuthorized + "Origin: null\r\n").status, 403);
  EXPECT_EQ(post(kEject, kAuthorized + "Sec-Fetch-Site: cross-site\r\n").status, 403);
  EXPECT_EQ(post(kEject, "Content-Type: text/plain\r\nAuthorization: Bearer " + std::string(kToken) + "\r\n")
                .status,
            415);
  EXPECT_EQ(post(kEject, kAuthorized + "Content-Encoding: gzip\r\n").status, 415);
  EXPECT_EQ(post("{", kAuthorized).status, 400);
  EXPECT_EQ(
      get(url(), "/api/v1/control?action=eject", "Authorization: Bearer " + std::string(kToken) + "\r\n")
          .status,
      405);
  EXPECT_EQ(converse(url(), "PUT /api/v1/control HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").status, 405);
  EXPECT_EQ(converse(url(), "OPTIONS /api/v1/control HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").status, 405);
  EXPECT_THAT(control_.wishes(), IsEmpty());
}

TEST_F(WebServerTest, TellsWhyAWishWasNotTaken) {
  start(kToken);
  const auto with = [&](ErrorKind kind) {
    control_.answer = fail(kind, "because");
    return post(kEject, kAuthorized);
  };
  EXPECT_EQ(with(ErrorKind::no_device).status, 404);
  EXPECT_EQ(with(ErrorKind::illegal).status, 409);
  EXPECT_EQ(with(ErrorKind::timeout).status, 504);
  EXPECT_EQ(json::parse(with(ErrorKind::io).body), json({{"error", "because"}}));
}

TEST_F(WebServerTest, BoundsRequests) {
  start(kToken);
  const std::string huge(40'000, 'a');
  EXPECT_EQ(get(url(), "/", "X: " + huge + "\r\n").status, 431);
  EXPECT_EQ(converse(url(), "GET /" + huge).status, 431);
  EXPECT_EQ(converse(url(), huge + huge).status, 431);
  EXPECT_EQ(get(url(), "/" + huge.substr(0, 9000)).status, 414);
  EXPECT_NE(post(huge, kAuthorized).status, 202);
  std::string ranges = "Range: bytes=0-1";
  while (ranges.size() < 8000) ranges += ",0-1";
  EXPECT_EQ(get(url(), "/healthz", ranges + "\r\n").body, "ok\n");
  EXPECT_EQ(get(url(), "/healthz", "Range: bytes=" + huge.substr(0, 8000) + "\r\n").status, 416);
  for (const char* rubbish : {"\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\r\n\r\n", "GET / HTTP/9\r\n\r\n",
                              "GET / HTTP/1.1\r\nHost\r\n\r\n"}) {
    EXPECT_THAT(converse(url(), rubbish).status, testing::AnyOf(0, 400, 403)) << rubbish;
  }
  EXPECT_THAT(control_.wishes(), IsEmpty());
  EXPECT_EQ(get(url(), "/healthz").status, 200);
}

TEST_F(WebServerTest, SaysThatAnAddressIsInUse) {
  start();
  const std::uint16_t port = parse_listen_address(url().substr(7, url().size() - 8))->port;
  const auto second = WebServer::start({{"127.0.0.1", port}, {}, {}}, board_, nullptr);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::exists);
  EXPECT_EQ(second.error().message,
            "cannot listen on 127.0.0.1:" + std::to_string(port) + ": Address already in use");
  EXPECT_THAT(second.error().hint, HasSubstr("another port"));
}

TEST_F(WebServerTest, SaysThatAnAddressIsNotOfThisMachine) {
  const auto server = WebServer::start({{"192.0.2.1", 0}, {}, {}}, board_, nullptr);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind, ErrorKind::usage);
  const auto nowhere = WebServer::start({{"256.0.0.1.invalid", 0}, {}, {}}, board_, nullptr);
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().kind, ErrorKind::usage);
}

TEST_F(WebServerTest, ListensOnIPv6) {
  if (!WebServer::start({{"::1", 0}, {}, {}}, board_, nullptr)) GTEST_SKIP() << "no IPv6 here";
  start({}, "::1");
  EXPECT_TRUE(url().starts_with("http://[::1]:")) << url();
  EXPECT_EQ(converse(url(), "GET /healthz HTTP/1.1\r\nHost: [::1]\r\n\r\n").status, 200);
}

TEST_F(WebServerTest, WarnsWhereOthersCanReachIt) {
  start();
  EXPECT_EQ(server_->warning(), "");
  start({}, "0.0.0.0");
  EXPECT_THAT(server_->warning(), HasSubstr("look at this station"));
  start(kToken, "0.0.0.0");
  EXPECT_THAT(server_->warning(), HasSubstr("unencrypted"));
}

TEST(ListenAddressText, IsAnAddressAndAPort) {
  const auto is = [](const char* text, const std::string& host, int port) {
    const auto address = parse_listen_address(text);
    return address && address->host == host && address->port == port;
  };
  EXPECT_TRUE(is("127.0.0.1:8700", "127.0.0.1", 8700));
  EXPECT_TRUE(is("[::1]:8700", "::1", 8700));
  EXPECT_TRUE(is("tower:0", "tower", 0));
  for (const char* wrong :
       {"", ":", "8700", ":8700", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:80x", "::1:8700", "[::1]", "[]:80"}) {
    const auto address = parse_listen_address(wrong);
    ASSERT_FALSE(address) << wrong;
    EXPECT_EQ(address.error().kind, ErrorKind::usage);
  }
}

TEST(ControlToken, IsTheFirstLineOfAFileThatIsNotForEverybody) {
  const test::TempDir folder;
  const auto file = folder / "token";
  const auto read = [&](const std::string& contents, mode_t mode) {
    std::ofstream(file) << contents;
    ::chmod(file.c_str(), mode);
    return read_control_token(file);
  };
  EXPECT_EQ(read("0123456789abcdef\n", 0600), "0123456789abcdef");
  EXPECT_EQ(read("0123456789abcdef\r\nmore\n", 0640), "0123456789abcdef");
  EXPECT_EQ(read("0123456789abcdef\n", 0644).error().kind, ErrorKind::permission);
  for (const char* wrong :
       {"", "\n0123456789abcdef", "0123456789abcde", "0123456789 abcdef", "0123456789\tabcdef"}) {
    EXPECT_EQ(read(wrong, 0600).error().kind, ErrorKind::usage) << wrong;
  }
  EXPECT_FALSE(read_control_token(folder / "none"));
}

}  // namespace
}  // namespace binrip::batch
