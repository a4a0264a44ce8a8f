// The one way to the network: a GET that is limited in size and time. What comes back is hostile until it has
// been parsed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "binrip/base/bytes.hpp"
#include "binrip/base/result.hpp"

namespace binrip::net {

struct ByteRange {
  std::uint64_t first = 0, count = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct Request {
  std::string url;                 // http or https
  std::optional<ByteRange> range;  // of the document; nothing: all of it
  std::size_t largest = 1U << 20;  // bytes of an answer; one more is an Error (invalid)
};

struct Response {
  bool found = false;  // false: the server says that it has none (404)
  ByteVector body;     // with a range: exactly those bytes, or fewer at the document's end
  friend bool operator==(const Response&, const Response&) = default;
};

class Fetcher {
 public:
  virtual ~Fetcher() = default;
  // Any thread. Errors: network (no way there, an answer that is neither 200, 206 nor 404, --offline and not
  // in the cache), timeout, invalid (too long, not the range that was asked for), cancelled.
  virtual Result<Response> get(const Request& request) = 0;
};

}  // namespace binrip::net
