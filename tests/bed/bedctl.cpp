// binrip-bedctl: what a robot or a person does at the bed's station. See usage().
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

constexpr const char* kUsage =
    "Usage: binrip-bedctl COMMAND, in a binrip-bed --control SOCKET. DRIVE is its place in the station (0, "
    "1, ...),\n"
    "its node, or its serial number or a name that ends with it.\n"
    "  state                     lines PLACE NODE|- SERIAL open|closed|gone DISC|-\n"
    "  stack                     the discs before the robot, lines NAME DISC\n"
    "  load DRIVE                lays the next disc of the stack on the open tray; exit code 80: none is "
    "left\n"
    "  unload DRIVE              takes the disc from the open tray, and says which it was; exit code 80: "
    "there is "
    "none\n"
    "  reject DRIVE              the same, for the other pile\n"
    "  insert DRIVE NAME [DISC]  lays this disc on the open tray: what --disc takes, or upside-down, with\n"
    "                            @KEY=VALUE for damage, as --sim-option takes it, or @deaf-at=LBA,\n"
    "                            @unplug-at=LBA: what becomes of the drive when that is read\n"
    "  take DRIVE                as unload, for no pile\n"
    "  eject DRIVE, close DRIVE  moves the tray, as by its button\n"
    "  unplug DRIVE, replug DRIVE NUMBER\n"
    "  hang DRIVE, heal DRIVE    no command is answered any more, or all are again\n";

int complain(const std::string& what) {
  std::fprintf(stderr, "binrip-bedctl: %s\n", what.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const char* path = std::getenv("BINRIP_BED_CONTROL");
  if (argc < 2 || path == nullptr) {
    std::fputs(kUsage, stderr);
    return 1;
  }
  std::string request;
  for (int i = 1; i < argc; ++i) request += (i > 1 ? " " : "") + std::string(argv[i]);
  request += '\n';
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (std::strlen(path) >= sizeof(address.sun_path)) return complain("too long a name");
  std::strcpy(address.sun_path, path);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
    return complain(std::string(path) + ": " + std::strerror(errno));
  }
  std::string reply;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(fd, buffer, sizeof(buffer))) > 0;) {
    reply.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(fd);
  const std::size_t line = reply.find('\n');
  if (line == reply.npos) return complain("no answer");
  const int code = std::atoi(reply.c_str());
  if (code != 0) {
    complain(reply.substr(line + 1));
    return code;
  }
  std::fputs(reply.c_str() + line + 1, stdout);
  return 0;
}
