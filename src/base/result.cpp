#include "binrip/base/result.hpp"

namespace binrip {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::invalid:
      return "invalid";
    case ErrorKind::io:
      return "io";
    case ErrorKind::no_space:
      return "no_space";
    case ErrorKind::exists:
      return "exists";
    case ErrorKind::permission:
      return "permission";
    case ErrorKind::no_device:
      return "no_device";
    case ErrorKind::no_medium:
      return "no_medium";
    case ErrorKind::not_ready:
      return "not_ready";
    case ErrorKind::medium_changed:
      return "medium_changed";
    case ErrorKind::medium:
      return "medium";
    case ErrorKind::illegal:
      return "illegal";
    case ErrorKind::hardware:
      return "hardware";
    case ErrorKind::timeout:
      return "timeout";
    case ErrorKind::bus:
      return "bus";
    case ErrorKind::mismatch:
      return "mismatch";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::network:
      return "network";
    case ErrorKind::offline:
      return "offline";
    case ErrorKind::cancelled:
      return "cancelled";
  }
  return "io";
}

}  // namespace binrip
