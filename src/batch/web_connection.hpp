// Sockets of the web server: one that listens, and one for each connection with bounds of size and time.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include <httplib.h>

#include "binrip/base/result.hpp"
#include "binrip/batch/web_server.hpp"

namespace binrip::batch {

// A descriptor that closes itself.
class Socket {
 public:
  explicit Socket(int descriptor = -1) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Socket();

  int descriptor() const { return descriptor_; }
  // Whoever waits on it, in any thread, finds that it has ended.
  void end() const;

 private:
  int descriptor_;
};

// Errors as WebServer::start.
Result<Socket> listen_on(const ListenAddress& address);
// Of a socket that listens.
Result<ListenAddress> address_of(const Socket& socket);

struct ConnectionLimits {
  std::size_t head_bytes = 16 * 1024;  // the request's line and headers
  std::size_t body_bytes = 4 * 1024;
  std::chrono::milliseconds request_time{10'000};  // from its first byte to its last
  std::chrono::milliseconds write_time{5'000};     // for each piece of the answer
};

enum class HeadEnd { complete, too_large, gone };  // gone: closed, or too slow

// What the HTTP library reads and writes. The head is read as a whole before the library sees any of it.
class Connection : public httplib::Stream {
 public:
  Connection(int descriptor, const ConnectionLimits& limits);

  HeadEnd read_head();
  // Says that no more comes, and lets the other side read to the end: closing with bytes unread would take
  // the answer away from it.
  void finish();

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* to, std::size_t size) override;
  ssize_t write(const char* from, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  int socket() const override { return descriptor_; }

 private:
  using Clock = std::chrono::steady_clock;
  ssize_t receive(char* to, std::size_t size);
  bool wait_for(short event, Clock::time_point until) const;

  int descriptor_;
  ConnectionLimits limits_;
  Clock::time_point last_;  // for the request
  std::string head_;        // and what came with it
  std::size_t given_ = 0;   // of these
  std::size_t body_left_;
};

}  // namespace binrip::batch
