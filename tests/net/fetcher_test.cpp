#include "binrip/net/fetcher.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "http_server.hpp"
#include "net/rate_gate.hpp"
#include "support/temp_dir.hpp"

namespace binrip::net {
namespace {

using std::chrono::milliseconds;
using test::http_answer;
using test::HttpServer;

std::string text(const Result<Response>& response) {
  if (!response) return "error: " + response.error().message;
  return {response->body.begin(), response->body.end()};
}

class FetcherTest : public testing::Test {
 protected:
  // Nothing of the machine's own proxies.
  FetcherTest() { ::setenv("no_proxy", "*", 1); }

  FetcherOptions options() const {
    return {.cache = folder_ / "cache", .user_agent = "binrip-test/1", .gap = milliseconds(0)};
  }
  std::unique_ptr<Fetcher> fetcher() const { return make_fetcher(options()); }
  Result<Response> get(const HttpServer& server, const std::string& path = "/") const {
    return fetcher()->get({.url = server.url(path)});
  }
  static HttpServer::Handler answering(std::string answer) {
    return [answer = std::move(answer)](const std::string&, const HttpServer::Send& send) { send(answer); };
  }

  test::TempDir folder_;
};

TEST_F(FetcherTest, GivesTheBodyAndSaysWhoAsks) {
  const HttpServer server(answering(http_answer("200 OK", "the body")));
  const auto response = get(server, "/a/b.bin");
  EXPECT_EQ(text(response), "the body");
  EXPECT_TRUE(response->found);
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_THAT(server.requests()[0], testing::StartsWith("GET /a/b.bin HTTP/1.1\r\n"));
  EXPECT_THAT(server.requests()[0], testing::HasSubstr("User-Agent: binrip-test/1\r\n"));
}

TEST_F(FetcherTest, NotFoundIsAnAnswer) {
  const HttpServer server(answering(http_answer("404 Not Found", "<html>none</html>")));
  const auto response = get(server);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_FALSE(response->found);
  EXPECT_TRUE(response->body.empty());
}

TEST_F(FetcherTest, OtherStatesAreErrors) {
  for (const std::string status : {"500 Oops", "403 No", "204 Nothing", "304 Same", "999 What"}) {
    const HttpServer server(answering(http_answer(status, "")));
    const auto response = get(server);
    ASSERT_FALSE(response) << status;
    EXPECT_EQ(response.error().kind, ErrorKind::network);
    EXPECT_THAT(response.error().message, testing::HasSubstr(status.substr(0, 3)));
  }
}

TEST_F(FetcherTest, ATruncatedAnswerIsNone) {
  const HttpServer server(answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this"));
  const auto response = get(server);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::network);
  EXPECT_FALSE(get(server));  // and it was not kept
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(FetcherTest, ALongerAnswerThanWantedIsRefusedWithoutReadingOn) {
  std::size_t sent = 0;
  const HttpServer server([&](const std::string&, const HttpServer::Send& send) {
    send("HTTP/1.1 200 OK\r\n\r\n");  // no length: it goes on and on
    const std::string block(65536, 'x');
    while (sent < (std::size_t{1} << 30) && send(block)) sent += block.size();
  });
  const auto response = fetcher()->get({.url = server.url(), .largest = 100000});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::invalid);
  EXPECT_THAT(response.error().message, testing::HasSubstr("100000"));
}

TEST_F(FetcherTest, AnAnswerOfJustTheLengthIsTaken) {
  const HttpServer server(answering(http_answer("200 OK", std::string(1000, 'x'))));
  EXPECT_TRUE(fetcher()->get({.url = server.url("/a"), .largest = 1000}));
  EXPECT_FALSE(fetcher()->get({.url = server.url("/b"), .largest = 999}));
}

TEST_F(FetcherTest, NonsenseIsAnError) {
  for (const std::string& nonsense : {std::string("\0\1\2\3", 4), std::string("SSH-2.0-x\r\n"), std::string(),
                                      std::string("HTTP/1.1 abc\r\n\r\n")}) {
    const HttpServer server(answering(nonsense));
    EXPECT_FALSE(get(server));
  }
}

TEST_F(FetcherTest, EndlessHeadersAreAnError) {
  const HttpServer server([](const std::string&, const HttpServer::Send& send) {
    send("HTTP/1.1 200 OK\r\n");
    const std::string line = "X: " + std::string(8000, 'y') + "\r\n";
    for (int i = 0; i < 100000 && send(line); ++i) {
    }
  });
  EXPECT_FALSE(get(server));
}

TEST_F(FetcherTest, ASilentServerIsGivenUp) {
  const HttpServer server([&](const std::string&, const HttpServer::Send& send) {
    while (send("")) std::this_thread::sleep_for(milliseconds(5));
  });
  FetcherOptions impatient = options();
  impatient.limit = milliseconds(200);
  // The server's thread ends with the connection: it looks at what it sends.
  const auto response = make_fetcher(impatient)->get({.url = server.url()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::timeout);
}

TEST_F(FetcherTest, StopsWhenAsked) {
  std::stop_source stop;
  const HttpServer server([&](const std::string&, const HttpServer::Send& send) {
    stop.request_stop();
    while (send("")) std::this_thread::sleep_for(milliseconds(5));
  });
  const auto response = fetcher()->get({.url = server.url(), .stop = stop.get_token()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::cancelled);
}

TEST_F(FetcherTest, FollowsRedirectionsButNotForEver) {
  const HttpServer server([](const std::string& request, const HttpServer::Send& send) {
    if (request.starts_with("GET /end")) {
      send(http_answer("200 OK", "here"));
    } else if (request.starts_with("GET /once")) {
      send(http_answer("302 Found", "elsewhere", "Location: /end\r\n"));
    } else {
      send(http_answer("302 Found", "", "Location: /round\r\n"));
    }
  });
  EXPECT_EQ(text(get(server, "/once")), "here");
  const auto round = get(server, "/round");
  ASSERT_FALSE(round);
  EXPECT_EQ(round.error().kind, ErrorKind::network);
}

TEST_F(FetcherTest, IsNotLedToOtherProtocols) {
  const auto secret = folder_ / "secret";
  std::ofstream(secret) << "secret";
  for (const std::string& target : {"file://" + secret.string(), std::string("gopher://127.0.0.1:1/"),
                                    std::string("dict://127.0.0.1:1/")}) {
    const HttpServer server(answering(http_answer("302 Found", "", "Location: " + target + "\r\n")));
    const auto response = get(server);
    ASSERT_FALSE(response) << target;
    EXPECT_EQ(response.error().kind, ErrorKind::network);
  }
  EXPECT_EQ(fetcher()->get({.url = "file://" + secret.string()}).error().kind, ErrorKind::invalid);
  EXPECT_EQ(fetcher()->get({.url = "no address"}).error().kind, ErrorKind::invalid);
}

TEST_F(FetcherTest, NobodyThereIsAnError) {
  const test::DeafPort nobody;
  const auto response = fetcher()->get({.url = nobody.url()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::network);
}

TEST_F(FetcherTest, AsksForARange) {
  const HttpServer server([](const std::string& request, const HttpServer::Send& send) {
    if (request.find("Range: bytes=2-4\r\n") == std::string::npos) return;
    if (request.starts_with("GET /ranges")) {
      send(http_answer("206 Partial", "cde", "Content-Range: bytes 2-4/10\r\n"));
    } else if (request.starts_with("GET /others")) {
      send(http_answer("206 Partial", "def", "Content-Range: bytes 3-5/10\r\n"));
    } else if (request.starts_with("GET /more")) {
      send(http_answer("206 Partial", "cdef", "Content-Range: bytes 2-5/10\r\n"));
    } else if (request.starts_with("GET /short")) {
      send(http_answer("200 OK", "a"));
    } else {
      send(http_answer("200 OK", "abcdefghij"));
    }
  });
  const auto part = [&](const std::string& path) {
    return fetcher()->get({.url = server.url(path), .range = ByteRange{2, 3}});
  };
  EXPECT_EQ(text(part("/ranges")), "cde");
  EXPECT_EQ(text(part("/whole")), "cde");
  EXPECT_EQ(text(part("/short")), "");
  EXPECT_EQ(part("/others").error().kind, ErrorKind::invalid);
  EXPECT_EQ(part("/more").error().kind, ErrorKind::invalid);
}

TEST_F(FetcherTest, KeepsAnswersAlsoThatThereIsNone) {
  const HttpServer server([](const std::string& request, const HttpServer::Send& send) {
    send(request.starts_with("GET /is") ? http_answer("200 OK", "there") : http_answer("404 None", ""));
  });
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(text(get(server, "/is")), "there");
    EXPECT_FALSE(get(server, "/none")->found);
  }
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(FetcherTest, AsksAnewForWhatIsOld) {
  int count = 0;
  const HttpServer server([&](const std::string&, const HttpServer::Send& send) {
    send(http_answer("200 OK", std::to_string(++count)));
  });
  FetcherOptions forgetful = options();
  forgetful.keep_found = std::chrono::seconds(0);
  EXPECT_EQ(text(make_fetcher(forgetful)->get({.url = server.url()})), "1");
  EXPECT_EQ(text(make_fetcher(forgetful)->get({.url = server.url()})), "2");
}

TEST_F(FetcherTest, TakesWhatIsOldWhereNothingNewIsToBeHad) {
  int count = 0;
  const HttpServer server([&](const std::string&, const HttpServer::Send& send) {
    if (++count == 1) send(http_answer("200 OK", "old"));
  });
  FetcherOptions forgetful = options();
  forgetful.keep_found = std::chrono::seconds(0);
  EXPECT_EQ(text(make_fetcher(forgetful)->get({.url = server.url()})), "old");
  EXPECT_EQ(text(make_fetcher(forgetful)->get({.url = server.url()})), "old");
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(FetcherTest, OfflineSendsNothing) {
  FetcherOptions offline = options();
  offline.access = Access::offline;
  offline.keep_found = std::chrono::seconds(0);
  const HttpServer server(answering(http_answer("200 OK", "kept")));
  const auto none = make_fetcher(offline)->get({.url = server.url()});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::offline);
  EXPECT_THAT(none.error().message, testing::HasSubstr("offline"));
  EXPECT_EQ(server.requests().size(), 0U);
  EXPECT_EQ(text(get(server)), "kept");
  EXPECT_EQ(text(make_fetcher(offline)->get({.url = server.url()})), "kept");
  EXPECT_EQ(server.requests().size(), 1U);
}

// Each byte of the file changed in turn: asked for anew, never believed.
TEST_F(FetcherTest, DoesNotBelieveADamagedCache) {
  std::size_t asked = 0;
  const HttpServer server([&](const std::string&, const HttpServer::Send& send) {
    ++asked;
    send(http_answer("200 OK", "right"));
  });
  ASSERT_TRUE(get(server));
  std::filesystem::path file;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "cache")) {
    if (entry.path().filename().string().starts_with("answer-")) file = entry.path();
  }
  const auto size = std::filesystem::file_size(file);
  // The first line's word and time are no part of the digest, and a changed time only ages the answer.
  for (std::uintmax_t at = 0; at < size; at += 3) {
    {
      std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
      stream.seekg(static_cast<std::streamoff>(at));
      const char changed = static_cast<char>(stream.get() ^ 1);
      stream.seekp(static_cast<std::streamoff>(at));
      stream.put(changed);
    }
    EXPECT_EQ(text(get(server)), "right") << at;
  }
  EXPECT_GT(asked, size / 3 - 5);  // the digits of the time
}

TEST_F(FetcherTest, ACacheThatCannotBeMadeIsAnError) {
  std::ofstream(folder_ / "file") << "x";
  const HttpServer server(answering(http_answer("200 OK", "")));
  FetcherOptions nowhere = options();
  nowhere.cache = folder_ / "file/cache";
  EXPECT_FALSE(make_fetcher(nowhere)->get({.url = server.url()}));
  nowhere.cache.clear();
  EXPECT_FALSE(make_fetcher(nowhere)->get({.url = server.url()}));
  EXPECT_EQ(server.requests().size(), 0U);
}

// Two processes and four passes each: however the system runs them, it takes seven gaps to the last one. The
// gate counts in whole milliseconds.
TEST(RateGate, KeepsADistanceBetweenProcesses) {
  const test::TempDir folder;
  constexpr milliseconds kGap{30};
  constexpr int kPasses = 4;
  const auto pass = [&] {
    for (int i = 0; i < kPasses; ++i) {
      if (!pass_gate(folder.path(), "host:80", kGap, std::chrono::seconds(60), {})) return 1;
    }
    return 0;
  };
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(pass());
  EXPECT_EQ(pass(), 0);
  int status = 1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, (kGap - milliseconds(1)) * (2 * kPasses - 1));
}

TEST(RateGate, ATimeFromTheFutureOrNonsenseHoldsNobodyUp) {
  const test::TempDir folder;
  ASSERT_TRUE(pass_gate(folder.path(), "h", milliseconds(0), milliseconds(1000), {}));
  const auto gate = std::filesystem::directory_iterator(folder.path())->path();
  for (const char* contents : {"9999999999999999999999", "9223372036854775807", "-5", "", "abc"}) {
    std::ofstream(gate, std::ios::trunc) << contents;
    EXPECT_TRUE(pass_gate(folder.path(), "h", milliseconds(1), milliseconds(1000), {})) << contents;
  }
}

TEST(RateGate, StopsWhenAsked) {
  const test::TempDir folder;
  std::stop_source stop;
  ASSERT_TRUE(pass_gate(folder.path(), "h", milliseconds(0), milliseconds(1000), {}));
  stop.request_stop();
  const auto passed =
      pass_gate(folder.path(), "h", std::chrono::hours(1), milliseconds(1000), stop.get_token());
  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.error().kind, ErrorKind::cancelled);
}

TEST(CacheFolder, FollowsTheEnvironment) {
  ::setenv("XDG_CACHE_HOME", "/somewhere", 1);
  EXPECT_EQ(cache_folder(), "/somewhere/binrip");
  ::setenv("XDG_CACHE_HOME", "relative", 1);
  ::setenv("HOME", "/home/u", 1);
  EXPECT_EQ(cache_folder(), "/home/u/.cache/binrip");
  ::unsetenv("XDG_CACHE_HOME");
}

}  // namespace
}  // namespace binrip::net
