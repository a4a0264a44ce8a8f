#include "binrip/batch/web_server.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>

#include <fmt/format.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch/web_connection.hpp"
#include "batch/web_guard.hpp"
#include "batch/web_page.hpp"

#include "binrip/base/file.hpp"
#include "binrip/base/json.hpp"
#include "binrip/batch/station_json.hpp"
#include "binrip/batch/station_metrics.hpp"

namespace binrip::batch {
namespace {

using httplib::Request;
using httplib::Response;

constexpr std::size_t kMostConnections = 48;
constexpr int kMostEventStreams = 32;  // so that others always find a connection
constexpr std::size_t kShortestToken = 16;
constexpr std::chrono::milliseconds kBetweenEvents{500};
constexpr std::chrono::milliseconds kBeat{5000};
constexpr std::chrono::milliseconds kUntilDescriptorsAreFree{100};

constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
constexpr std::string_view kTooLarge =
    "HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

bool is_loopback(std::string_view host) { return host.starts_with("127.") || host == "::1"; }

// For the Content-Security-Policy of one answer.
Result<std::string> fresh_nonce() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return fail(ErrorKind::io, "no random bytes from the system");
  }
  return fmt::format("{:02x}", fmt::join(bytes, ""));
}

std::vector<std::string> own_names(const WebOptions& options) {
  std::vector<std::string> names = options.names;
  names.push_back(options.address.host);
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0 && host.front() != '\0') {
    names.emplace_back(host.data());
    names.push_back(std::string(host.data()) + ".local");
  }
  return names;
}

void answer_json(Response& response, int status, const Json& body) {
  response.status = status;
  response.set_content(body.dump() + "\n", "application/json");
}
void refuse(Response& response, int status, const std::string& why) {
  answer_json(response, status, {{"error", why}});
}

int status_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::no_device:
      return 404;
    case ErrorKind::invalid:
      return 400;
    case ErrorKind::timeout:
      return 504;
    case ErrorKind::illegal:
    case ErrorKind::not_ready:
    case ErrorKind::no_medium:
      return 409;
    default:
      return 500;
  }
}

// The station as JSON, made once for all who ask for the same version.
class JsonOfLatest {
 public:
  explicit JsonOfLatest(ControlAccess control) : control_(control) {}
  std::shared_ptr<const std::string> of(const PostedView& posted) {
    const std::lock_guard lock(mutex_);
    if (!text_ || version_ != posted.version) {
      text_ = std::make_shared<const std::string>(station_json(posted, control_));
      version_ = posted.version;
    }
    return text_;
  }

 private:
  ControlAccess control_;
  std::mutex mutex_;
  std::uint64_t version_ = 0;
  std::shared_ptr<const std::string> text_;
};

// What is answered to whom. Requests are parsed and answers framed by the HTTP library; it never sees a
// socket.
class Site : private httplib::Server {
 public:
  Site(const WebOptions& options, const ViewBoard& board, StationControl* control)
      : board_(board),
        control_(options.token.empty() ? nullptr : control),
        token_(options.token),
        names_(own_names(options)),
        json_(control_ == nullptr ? ControlAccess::none : ControlAccess::with_token) {
    svr_sock_ = 0;  // the library takes an invalid one for a wish to stop
    set_payload_max_length(ConnectionLimits{}.body_bytes);
    set_default_headers({{"X-Content-Type-Options", "nosniff"},
                         {"Referrer-Policy", "no-referrer"},
                         {"Cache-Control", "no-store"},
                         {"Cross-Origin-Resource-Policy", "same-origin"}});
    set_pre_routing_handler([this](const Request& request, Response& response) {
      return admit(request, response) ? HandlerResponse::Unhandled : HandlerResponse::Handled;
    });
    add_pages();
  }

  // One request and its answer; the connection is closed afterwards.
  void serve(Connection& connection) {
    bool closed = false;
    // Ranges and compressed answers would cost time and give nothing here.
    process_request(connection, true, closed, [](Request& request) {
      request.ranges.clear();
      request.headers.erase("Accept-Encoding");
    });
  }

  void stop() { stop_.request_stop(); }

 private:
  void add_pages() {
    Get("/", [](const Request&, Response& response) { give_page(response); });
    Get("/events", [this](const Request&, Response& response) { give_events(response); });
    Get("/api/v1/station", [this](const Request&, Response& response) {
      response.set_content(*json_.of(board_.latest()) + "\n", "application/json");
    });
    Get("/metrics", [this](const Request&, Response& response) {
      response.set_content(station_metrics(*board_.latest().view),
                           "text/plain; version=0.0.4; charset=utf-8");
    });
    Get("/healthz", [](const Request&, Response& response) {
      response.set_content("ok\n", "text/plain; charset=utf-8");
    });
    Post("/api/v1/control",
         [this](const Request& request, Response& response) { control(request, response); });
    Get("/api/v1/control", [](const Request&, Response& response) {
      response.set_header("Allow", "POST");
      refuse(response, 405, "control takes POST only");
    });
  }

  // Before the body is read.
  bool admit(const Request& request, Response& response) const {
    const std::string host = request.get_header_value("Host");
    if (request.get_header_value_count("Host") != 1 || !is_own_host(host, names_)) {
      refuse(response, 403, "this server does not go by the name in the Host header");
      return false;
    }
    if (request.has_header("Transfer-Encoding") || request.has_header("Content-Encoding")) {
      refuse(response, 415, "bodies come plain and with their length");
      return false;
    }
    if (request.method == "GET" || request.method == "HEAD") return true;
    if (request.method != "POST") {
      refuse(response, 405, "no such method here");
      return false;
    }
    return admit_control(request, host, response);
  }

  bool admit_control(const Request& request, const std::string& host, Response& response) const {
    const std::string site = request.get_header_value("Sec-Fetch-Site");
    if (control_ == nullptr) {
      refuse(response, 403, "this station may only be looked at");
    } else if ((request.has_header("Origin") && !is_same_origin(request.get_header_value("Origin"), host)) ||
               (!site.empty() && site != "same-origin" && site != "none")) {
      refuse(response, 403, "asked by a foreign page");
    } else if (!has_token(request.get_header_value("Authorization"), token_)) {
      response.set_header("WWW-Authenticate", "Bearer");
      refuse(response, 401, "the token is missing or wrong");
    } else if (!request.get_header_value("Content-Type").starts_with("application/json")) {
      refuse(response, 415, "a request is application/json");
    } else {
      return true;
    }
    return false;
  }

  static void give_page(Response& response) {
    const Result<std::string> nonce = fresh_nonce();
    if (!nonce) return refuse(response, 500, nonce.error().message);
    response.set_header(
        "Content-Security-Policy",
        fmt::format("default-src 'none'; script-src 'nonce-{0}'; style-src 'nonce-{0}'; connect-src 'self'; "
                    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                    *nonce));
    response.set_content(web_page(*nonce), "text/html; charset=utf-8");
  }

  void give_events(Response& response) {
    if (event_streams_.fetch_add(1) >= kMostEventStreams) {
      --event_streams_;
      response.set_header("Retry-After", "5");
      return refuse(response, 503, "too many displays are open");
    }
    response.set_content_provider(
        "text/event-stream",
        [this, version = std::uint64_t{0}, first = true](std::size_t, httplib::DataSink& sink) mutable {
          return give_next_event(sink, version, first);
        },
        [this](bool) { --event_streams_; });
  }

  // The station when it has changed, else a beat, by which a page knows that it is still connected.
  bool give_next_event(httplib::DataSink& sink, std::uint64_t& version, bool& first) {
    const std::stop_token stop = stop_.get_token();
    if (!first) board_.wait_newer(UINT64_MAX, kBetweenEvents, stop);
    const PostedView posted = first ? board_.latest() : board_.wait_newer(version, kBeat, stop);
    if (stop.stop_requested()) return false;
    std::string event = "event: beat\ndata: \n\n";
    if (first || posted.version > version) event = "event: station\ndata: " + *json_.of(posted) + "\n\n";
    first = false;
    version = posted.version;
    return sink.write(event.data(), event.size());
  }

  void control(const Request& request, Response& response) {
    const Result<ControlRequest> wish = parse_control_request(request.body);
    if (!wish) return refuse(response, 400, wish.error().message);
    if (const auto done = carry_out(*wish, *control_); !done) {
      return refuse(response, status_of(done.error()), done.error().message);
    }
    answer_json(response, 202, {{"taken", true}});
  }

  const ViewBoard& board_;
  StationControl* control_;
  std::string token_;
  std::vector<std::string> names_;
  JsonOfLatest json_;
  std::atomic<int> event_streams_ = 0;
  std::stop_source stop_;
};

std::string url_of(const ListenAddress& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return fmt::format("http://{}{}{}:{}/", ipv6 ? "[" : "", address.host, ipv6 ? "]" : "", address.port);
}

std::string warning_of(const ListenAddress& address, const WebOptions& options) {
  if (is_loopback(address.host)) return {};
  if (options.token.empty()) return url_of(address) + " lets everybody on the network look at this station";
  return url_of(address) + " takes the token for control over the network, unencrypted";
}

}  // namespace

class WebServer::Impl {
 public:
  Impl(Socket listener, const ListenAddress& address, const WebOptions& options, const ViewBoard& board,
       StationControl* control)
      : url(url_of(address)),
        warning(warning_of(address, options)),
        listener_(std::move(listener)),
        site_(options, board, control),
        acceptor_([this](const std::stop_token& stop) { accept_all(stop); }) {}

  ~Impl() {
    acceptor_.request_stop();
    listener_.end();
    acceptor_.join();
    site_.stop();
    for (const Guest& guest : guests_) guest.socket.end();
  }  // and the threads are waited for

  std::string url, warning;

 private:
  struct Guest {
    explicit Guest(Socket connected) : socket(std::move(connected)) {}
    Socket socket;
    std::atomic<bool> gone = false;
    std::jthread thread;
  };

  void accept_all(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd waiting{listener_.descriptor(), POLLIN, 0};
      ::poll(&waiting, 1, -1);
      if (stop.stop_requested()) return;
      Socket socket(::accept4(listener_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC));
      if (socket.descriptor() >= 0) {
        welcome(std::move(socket));
      } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        std::this_thread::sleep_for(kUntilDescriptorsAreFree);
      }
    }
  }

  void welcome(Socket socket) {
    guests_.remove_if([](const Guest& guest) { return guest.gone.load(); });
    if (guests_.size() < kMostConnections) {
      Guest& guest = guests_.emplace_back(std::move(socket));
      try {
        guest.thread = std::jthread([this, &guest] { attend(guest); });
        return;
      } catch (const std::system_error&) {  // no thread to be had
        socket = std::move(guest.socket);
        guests_.pop_back();
      }
    }
    ::send(socket.descriptor(), kTooMany.data(), kTooMany.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }

  void attend(Guest& guest) {
    Connection connection(guest.socket.descriptor(), ConnectionLimits{});
    const HeadEnd head = connection.read_head();
    if (head == HeadEnd::complete) site_.serve(connection);
    if (head == HeadEnd::too_large) connection.write(kTooLarge.data(), kTooLarge.size());
    if (head != HeadEnd::gone) connection.finish();
    guest.socket.end();  // closed by the acceptor, but the other side sees it now
    guest.gone = true;
  }

  Socket listener_;
  Site site_;
  std::list<Guest> guests_;  // the acceptor's, while it runs
  std::jthread acceptor_;
};

WebServer::WebServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
WebServer::~WebServer() = default;
const std::string& WebServer::url() const { return impl_->url; }
const std::string& WebServer::warning() const { return impl_->warning; }

Result<std::unique_ptr<WebServer>> WebServer::start(const WebOptions& options, const ViewBoard& board,
                                                    StationControl* control) {
  TRY(Socket listener, listen_on(options.address));
  TRY(const ListenAddress address, address_of(listener));
  return std::unique_ptr<WebServer>(
      new WebServer(std::make_unique<Impl>(std::move(listener), address, options, board, control)));
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const auto wrong = [&] {
    return fail(ErrorKind::usage, fmt::format("cannot listen on {}: no address with a port", text),
                "such as 127.0.0.1:8700 or [::1]:8700");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong();
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return wrong();  // an IPv6 address stands in brackets
  }
  ListenAddress address{std::string(host), 0};
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (host.empty() || problem != std::errc() || stop != end) return wrong();
  return address;
}

Result<std::string> read_control_token(const std::filesystem::path& file) {
  TRY(const std::string text, read_text(file, 4096));
  struct stat status {};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0) {
    return fail(ErrorKind::permission, fmt::format("everybody may read the token in {}", file.string()),
                fmt::format("chmod o-r {}", file.string()));
  }
  std::string token = text.substr(0, text.find_first_of("\r\n"));
  const bool plain = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (token.size() < kShortestToken || !plain) {
    return fail(ErrorKind::usage,
                fmt::format("{} has no token: a line of {} or more characters without spaces", file.string(),
                            kShortestToken),
                fmt::format("(umask 77; openssl rand -hex 16 > {})", file.string()));
  }
  return token;
}

}  // namespace binrip::batch
