#include "binrip/net/fetcher.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>

#include <curl/curl.h>
#include <fmt/format.h>

#include "answer_cache.hpp"
#include "rate_gate.hpp"

namespace binrip::net {
namespace {

namespace fs = std::filesystem;

constexpr long kMostRedirections = 3;
constexpr long kOk = 200, kPartialContent = 206, kNotFound = 404;
// A server that sends a byte now and then is given up.
constexpr long kSlowestBytesPerSecond = 10, kSlowestForSeconds = 15;

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct FreeText {
  void operator()(char* text) const { curl_free(text); }
};

// Once for the process, before any handle.
bool curl_ready() {
  static const bool kReady = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return kReady;
}

struct Address {
  std::string scheme, host;  // host with its port
};

Result<Address> address_of(const std::string& url) {
  const auto bad = [&] { return fail(ErrorKind::invalid, fmt::format("{} is no address of a server", url)); };
  const std::unique_ptr<CURLU, FreeUrl> parts(curl_url());
  if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return bad();
  const auto part = [&](CURLUPart which, unsigned flags) -> std::string {
    char* text = nullptr;
    if (curl_url_get(parts.get(), which, &text, flags) != CURLUE_OK) return {};
    return std::unique_ptr<char, FreeText>(text).get();
  };
  const Address address{part(CURLUPART_SCHEME, 0),
                        part(CURLUPART_HOST, 0) + ":" + part(CURLUPART_PORT, CURLU_DEFAULT_PORT)};
  if ((address.scheme != "http" && address.scheme != "https") || address.host.starts_with(':')) return bad();
  return address;
}

// One request on the wire.
class Exchange {
 public:
  Exchange(const Request& request, const FetcherOptions& options, const Address& address)
      : request_(request), handle_(curl_ready() ? curl_easy_init() : nullptr) {
    if (!handle_) return;
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_USERAGENT, options.user_agent.c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_limit.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.limit.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, kSlowestBytesPerSecond);
    set(CURLOPT_LOW_SPEED_TIME, kSlowestForSeconds);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, kMostRedirections);
    // What began encrypted stays so.
    set(CURLOPT_REDIR_PROTOCOLS_STR, address.scheme == "https" ? "https" : "http,https");
    set(CURLOPT_ERRORBUFFER, words_.data());
    set(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Exchange::on_progress);
    set(CURLOPT_XFERINFODATA, this);
    if (request.range) {
      range_ = fmt::format("{}-{}", request.range->first, request.range->first + request.range->count - 1);
      set(CURLOPT_RANGE, range_.c_str());
    }
  }

  Result<Response> run() {
    if (!handle_) return fail(ErrorKind::network, "libcurl does not start");
    const CURLcode code = curl_easy_perform(handle_.get());
    if (request_.stop.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
    if (too_long_) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}: the answer is longer than {} bytes", request_.url, request_.largest));
    }
    if (code == CURLE_OPERATION_TIMEDOUT) return fail(ErrorKind::timeout, problem("no answer in time"));
    if (code != CURLE_OK) {
      return fail(ErrorKind::network, problem(words_[0] != '\0' ? words_.data() : curl_easy_strerror(code)));
    }
    return answer();
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    // It can only fail for want of memory, or for an option that this libcurl was built without; then the
    // request must not go out.
    if (curl_easy_setopt(handle_.get(), option, value) != CURLE_OK) handle_.reset();
  }

  std::string problem(std::string_view what) const { return fmt::format("{}: {}", request_.url, what); }

  Result<Response> answer() {
    long status = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    Response response;
    response.fetched = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (status == kNotFound) return response;
    if (status != kOk && status != kPartialContent) {
      return fail(ErrorKind::network, problem(fmt::format("the server answers with status {}", status)));
    }
    response.found = true;
    response.body = std::move(body_);
    if (request_.range) TRY_VOID(fit_to_range(status, response.body));
    return response;
  }

  // A server that knows no ranges sends the whole document.
  Result<void> fit_to_range(long status, ByteVector& body) const {
    const ByteRange& range = *request_.range;
    if (status == kPartialContent) {
      if (content_range_ == fmt::format("bytes {}-", range.first) && body.size() <= range.count) return {};
      return fail(ErrorKind::invalid, problem("the server sent another part of the document"));
    }
    const std::size_t first = std::min<std::uint64_t>(range.first, body.size());
    body.erase(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(first));
    body.resize(std::min<std::uint64_t>(range.count, body.size()));
    return {};
  }

  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) {
    Exchange& exchange = *static_cast<Exchange*>(self);
    if (size > exchange.request_.largest - exchange.body_.size()) {
      exchange.too_long_ = true;
      return 0;
    }
    exchange.body_.insert(exchange.body_.end(), data, data + size);
    return size;
  }

  // "Content-Range: bytes 100-199/1000" leaves "bytes 100-". The status line of a redirection begins anew.
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) {
    constexpr std::string_view kName = "content-range:";
    Exchange& exchange = *static_cast<Exchange*>(self);
    const std::string_view line(data, size);
    if (line.starts_with("HTTP/")) {
      exchange.content_range_.clear();
      exchange.body_.clear();
    }
    if (line.size() < kName.size() || !std::equal(kName.begin(), kName.end(), line.begin(), same_letter)) {
      return size;
    }
    std::string_view value = line.substr(kName.size());
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    exchange.content_range_ = value.substr(0, value.find('-') + 1);
    return size;
  }
  static bool same_letter(char lower, char any) {
    return lower == (any >= 'A' && any <= 'Z' ? static_cast<char>(any - 'A' + 'a') : any);
  }

  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Exchange*>(self)->request_.stop.stop_requested() ? 1 : 0;
  }

  const Request& request_;
  std::unique_ptr<CURL, FreeHandle> handle_;
  std::array<char, CURL_ERROR_SIZE> words_{};
  std::string range_, content_range_;
  ByteVector body_;
  bool too_long_ = false;
};

class CurlFetcher : public Fetcher {
 public:
  explicit CurlFetcher(FetcherOptions options) : options_(std::move(options)), cache_(options_.cache) {}

  Result<Response> get(const Request& request) override {
    TRY(const Address address, address_of(request.url));
    if (request.range && request.range->count == 0) return Response{.found = true, .body = {}};
    const std::optional<Response> known = cache_.find(request);
    if (known && is_fresh(*known)) return *known;
    auto response =
        options_.access == Access::offline
            ? fail_with(ErrorKind::offline, fmt::format("{}: offline, and not in the cache", request.url))
            : ask(request, address);
    if (!response && known && response.error().kind != ErrorKind::cancelled) return *known;
    return response;
  }

 private:
  static Result<Response> fail_with(ErrorKind kind, std::string message) {
    return fail(kind, std::move(message));
  }

  bool is_fresh(const Response& response) const {
    if (options_.access == Access::offline) return true;
    const auto age = std::chrono::system_clock::now() - response.fetched;
    return age >= std::chrono::seconds(0) &&
           age < (response.found ? options_.keep_found : options_.keep_missing);
  }

  Result<Response> ask(const Request& request, const Address& address) {
    TRY_VOID(cache_.prepare());
    TRY_VOID(pass_gate(options_.cache, address.host, options_.gap, options_.limit, request.stop));
    TRY(const Response response, Exchange(request, options_, address).run());
    // What cannot be kept is asked for again next time.
    static_cast<void>(cache_.keep(request, response));
    return response;
  }

  FetcherOptions options_;
  AnswerCache cache_;
};

}  // namespace

std::unique_ptr<Fetcher> make_fetcher(FetcherOptions options) {
  return std::make_unique<CurlFetcher>(std::move(options));
}

fs::path cache_folder() {
  const char* configured = std::getenv("XDG_CACHE_HOME");
  // The XDG base directory specification: a path that is not absolute is to be ignored.
  if (configured != nullptr && configured[0] == '/') return fs::path(configured) / "binrip";
  const char* home = std::getenv("HOME");
  return home == nullptr || home[0] == '\0' ? fs::path() : fs::path(home) / ".cache/binrip";
}

}  // namespace binrip::net
