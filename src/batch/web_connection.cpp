#include "batch/web_connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace binrip::batch {
namespace {

constexpr int kBacklog = 64;

std::string shown_address(const ListenAddress& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(ipv6 ? "[{}]:{}" : "{}:{}"), address.host, address.port);
}

Error listen_error(int error_number, const ListenAddress& address) {
  std::string message =
      fmt::format("cannot listen on {}: {}", shown_address(address), std::strerror(error_number));
  switch (error_number) {
    case EADDRINUSE:
      return {ErrorKind::exists, std::move(message),
              "another program, or another binrip, listens there; "
              "give another port"};
    case EACCES:
    case EPERM:
      return {ErrorKind::permission, std::move(message), "ports below 1024 are root's; give another one"};
    case EADDRNOTAVAIL:
      return {ErrorKind::usage, std::move(message), "no network of this machine has that address"};
    default:
      return {ErrorKind::io, std::move(message)};
  }
}

Result<Socket> listen_at(const addrinfo& found, const ListenAddress& address) {
  Socket socket(::socket(found.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int fd = socket.descriptor();
  const int yes = 1, no = 0;
  // Not SO_REUSEPORT: a second server on the same port is a mistake. An IPv6 wildcard serves IPv4 too.
  if (fd < 0 || ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      (found.ai_family == AF_INET6 && ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no) != 0) ||
      ::bind(fd, found.ai_addr, found.ai_addrlen) != 0 || ::listen(fd, kBacklog) != 0) {
    return fail(listen_error(errno, address));
  }
  return socket;
}

}  // namespace

Socket::~Socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Socket::end() const { ::shutdown(descriptor_, SHUT_RDWR); }

Result<Socket> listen_on(const ListenAddress& address) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int problem =
      ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &wanted, &list);
  if (problem != 0) {
    return fail(ErrorKind::usage,
                fmt::format("cannot listen on {}: {}", shown_address(address), ::gai_strerror(problem)));
  }
  Result<Socket> socket = listen_at(*list, address);
  for (const addrinfo* next = list->ai_next; !socket && next != nullptr; next = next->ai_next) {
    if (auto other = listen_at(*next, address)) socket = std::move(other);
  }
  ::freeaddrinfo(list);
  return socket;
}

Result<ListenAddress> address_of(const Socket& socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* const plain = reinterpret_cast<sockaddr*>(&storage);
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (::getsockname(socket.descriptor(), plain, &size) != 0 ||
      ::getnameinfo(plain, size, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return fail(ErrorKind::io, fmt::format("cannot tell where it listens: {}", std::strerror(errno)));
  }
  return ListenAddress{host.data(), static_cast<std::uint16_t>(std::atoi(port.data()))};
}

Connection::Connection(int descriptor, const ConnectionLimits& limits)
    : descriptor_(descriptor),
      limits_(limits),
      last_(Clock::now() + limits.request_time),
      body_left_(limits.body_bytes) {}

HeadEnd Connection::read_head() {
  std::array<char, 2048> buffer;
  while (true) {
    const ssize_t got = receive(buffer.data(), buffer.size());
    if (got <= 0) return HeadEnd::gone;
    const std::size_t before = head_.size() < 3 ? 0 : head_.size() - 3;
    head_.append(buffer.data(), static_cast<std::size_t>(got));
    const std::size_t end = head_.find("\r\n\r\n", before);
    if (std::min(end, head_.size()) > limits_.head_bytes) return HeadEnd::too_large;
    if (end != std::string::npos) return HeadEnd::complete;
  }
}

void Connection::finish() {
  ::shutdown(descriptor_, SHUT_WR);
  const Clock::time_point last = Clock::now() + std::chrono::seconds(1);
  std::array<char, 4096> ignored;
  while (wait_for(POLLIN, last) && ::recv(descriptor_, ignored.data(), ignored.size(), 0) > 0) continue;
}

bool Connection::is_readable() const { return given_ < head_.size() || wait_for(POLLIN, last_); }
bool Connection::is_writable() const { return wait_for(POLLOUT, Clock::now() + limits_.write_time); }

ssize_t Connection::read(char* to, std::size_t size) {
  if (given_ < head_.size()) {
    const std::size_t n = std::min(size, head_.size() - given_);
    std::memcpy(to, head_.data() + given_, n);
    given_ += n;
    return static_cast<ssize_t>(n);
  }
  const ssize_t got = receive(to, std::min(size, body_left_));
  if (got > 0) body_left_ -= static_cast<std::size_t>(got);
  return got;
}

ssize_t Connection::write(const char* from, std::size_t size) {
  const Clock::time_point last = Clock::now() + limits_.write_time;
  std::size_t sent = 0;
  while (sent < size) {
    const ssize_t n = ::send(descriptor_, from + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) {
      sent += static_cast<std::size_t>(n);
    } else if (errno == EINTR) {
      continue;
    } else if ((errno != EAGAIN && errno != EWOULDBLOCK) || !wait_for(POLLOUT, last)) {
      return -1;
    }
  }
  return static_cast<ssize_t>(size);
}

// Nothing but the limits keeps the library from reading a line without an end.
ssize_t Connection::receive(char* to, std::size_t size) {
  if (size == 0 || !wait_for(POLLIN, last_)) return -1;
  return ::recv(descriptor_, to, size, 0);
}

bool Connection::wait_for(short event, Clock::time_point until) const {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{descriptor_, event, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}
void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

}  // namespace binrip::batch
