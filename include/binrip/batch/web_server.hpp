// A station as a web page for a tablet beside it, as JSON, and as metrics. See binrip-station(7).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/batch/station_control.hpp"
#include "binrip/batch/view_board.hpp"

namespace binrip::batch {

struct ListenAddress {
  std::string host;  // "127.0.0.1", "::1", "tower.example"
  std::uint16_t port = 0;
};
// "127.0.0.1:8700", "[::1]:8700", "localhost:8700"; port 0: any that is free. Errors: usage.
Result<ListenAddress> parse_listen_address(std::string_view text);

// The token for control: the first line of a file, at least 16 characters without spaces. Errors: usage when
// it is no such line, permission when others than its owner and group may read it; io.
Result<std::string> read_control_token(const std::filesystem::path& file);

struct WebOptions {
  ListenAddress address;
  std::string token;               // for control; empty: read-only
  std::vector<std::string> names;  // host names that browsers may call it by, besides those that it knows
};

// Has threads of its own, and ends them with all connections when it is destroyed. Board and control must
// outlive it. Connections, requests and event streams are bounded in number, size and time; none of them
// holds up whoever publishes.
class WebServer {
 public:
  // Listens when it returns. `control` may be null where there is no token. Errors: exists when the address
  // is in use, permission, usage for an address that this machine does not have.
  static Result<std::unique_ptr<WebServer>> start(const WebOptions& options, const ViewBoard& board,
                                                  StationControl* control);
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  const std::string& url() const;      // "http://127.0.0.1:8700/"
  const std::string& warning() const;  // what whoever started it should know; empty: nothing

 private:
  class Impl;
  explicit WebServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace binrip::batch
