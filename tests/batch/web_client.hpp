// A client that sends what it is told, well-formed or not, and knows nothing of HTTP but where a head ends.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace binrip::test {

class WebClient {
 public:
  // "http://127.0.0.1:8700/"
  explicit WebClient(const std::string& url) {
    const std::size_t begin = url.find("//") + 2, colon = url.rfind(':');
    std::string host = url.substr(begin, colon - begin);
    if (host.front() == '[') host = host.substr(1, host.size() - 2);
    std::string port = url.substr(colon + 1);
    port.pop_back();
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found) != 0) std::abort();
    socket_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int result = ::connect(socket_, found->ai_addr, found->ai_addrlen);
    ::freeaddrinfo(found);
    if (result != 0) std::abort();
  }
  ~WebClient() { ::close(socket_); }
  WebClient(const WebClient&) = delete;
  WebClient& operator=(const WebClient&) = delete;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  // All that came so far, once `mark` is in it, or the other side has closed.
  const std::string& read_until(std::string_view mark) {
    char buffer[4096];
    while (got_.find(mark) == std::string::npos) {
      const ssize_t n = ::recv(socket_, buffer, sizeof buffer, 0);
      if (n <= 0) {
        closed_ = true;
        break;
      }
      got_.append(buffer, static_cast<std::size_t>(n));
    }
    return got_;
  }
  const std::string& read_all() { return read_until(std::string_view("\xff\0\xff", 3)); }
  bool closed() const { return closed_; }
  void forget() { got_.clear(); }

 private:
  int socket_ = -1;
  bool closed_ = false;
  std::string got_;
};

struct WebAnswer {
  int status = 0;
  std::string head, body;
};

inline WebAnswer converse(const std::string& url, std::string_view request) {
  WebClient client(url);
  client.send(request);
  const std::string all = client.read_all();
  const std::size_t end = all.find("\r\n\r\n");
  if (end == std::string::npos || !all.starts_with("HTTP/1.1 ")) return {0, all, {}};
  return {std::atoi(all.c_str() + 9), all.substr(0, end + 2), all.substr(end + 4)};
}

inline WebAnswer get(const std::string& url, const std::string& path, const std::string& headers = {}) {
  return converse(url, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n");
}

}  // namespace binrip::test
