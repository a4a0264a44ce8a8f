// The one way to the network: a GET that is limited in size and time. What comes back is hostile until it has
// been parsed.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "binrip/base/bytes.hpp"
#include "binrip/base/result.hpp"

namespace binrip::net {

struct ByteRange {
  std::uint64_t first = 0, count = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct Request {
  std::string url;                             // http or https
  std::optional<ByteRange> range = {};         // of the document; nothing: all of it
  std::size_t largest = std::size_t{1} << 20;  // bytes of an answer; one more is an Error (invalid)
  std::stop_token stop = {};
};

struct Response {
  bool found = false;                  // false: the server says that it has none (404)
  ByteVector body;                     // with a range: exactly those bytes, or fewer at the document's end
  std::chrono::sys_seconds fetched{};  // when the server said so
};

class Fetcher {
 public:
  virtual ~Fetcher() = default;
  // Any thread. Errors: network (no way there, an answer that is neither 200, 206 nor 404, a redirection to
  // where it must not go), offline (and not in the cache), timeout, invalid (too long, not the range that was
  // asked for), cancelled; and what File gives where the cache cannot be used.
  virtual Result<Response> get(const Request& request) = 0;
};

enum class Access { online, offline };

struct FetcherOptions {
  std::filesystem::path cache;  // a folder, made when missing; the rate gates lie in it, too
  std::string user_agent;       // "binrip/0.1.0 ( https://… )"
  Access access = Access::online;
  std::chrono::milliseconds connect_limit = std::chrono::seconds(10);
  std::chrono::milliseconds limit = std::chrono::seconds(60);  // for a whole answer, redirections included
  std::chrono::milliseconds gap = std::chrono::seconds(1);  // between requests to one host, by all processes
  std::chrono::seconds keep_found = std::chrono::days(7);   // an answer of the cache is asked for anew then
  std::chrono::seconds keep_missing = std::chrono::hours(12);
};

// By libcurl, through a cache that all processes share. An answer of the cache that is too old is still taken
// where no new one can be got. Offline, whatever the cache has is taken, and nothing else.
std::unique_ptr<Fetcher> make_fetcher(FetcherOptions options);

// $XDG_CACHE_HOME/binrip, else ~/.cache/binrip; empty where neither is known.
std::filesystem::path cache_folder();

}  // namespace binrip::net
