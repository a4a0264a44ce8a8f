// Results and errors. A function that can fail returns Result<T>; exceptions stay for what cannot happen.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace binrip {

// What went wrong, as far as a caller can act on it.
enum class ErrorKind {
  usage,           // the user asked for something that makes no sense
  invalid,         // malformed input: a file, a reply, a value
  io,              // a file could not be read or written
  no_space,        // the file system is full
  exists,          // a file stands in the way
  permission,      // the operating system says no
  no_device,       // no such drive, or it has vanished
  no_medium,       // no disc, or the tray is open
  not_ready,       // the drive is not ready and did not become so in time
  medium_changed,  // another disc may be in the drive
  medium,          // the disc cannot be read here (sense 3/xx)
  illegal,         // the drive rejects the command or its fields (sense 5/xx)
  hardware,        // hardware error or aborted command (sense 4/xx, B/xx)
  timeout,         // no answer in time
  bus,             // the command did not reach the drive, or its answer was lost
  mismatch,        // belongs to another disc
  unsupported,     // not something that binrip can rip (a DVD, a blank disc)
  network,         // a server could not be reached, or did not answer as it should
  offline,         // it was not to be asked
  cancelled,       // the user or a signal asked to stop
};

// "no_space": for programs.
std::string_view to_string(ErrorKind kind);

// One line for people, without a full stop, and where there is one a hint that says what to do.
struct Error {
  ErrorKind kind = ErrorKind::io;
  std::string message;
  std::string hint = {};

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;

// `return fail(ErrorKind::io, "cannot read …");` from any function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(hint)});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace binrip

#define BINRIP_CONCAT_(a, b) a##b
#define BINRIP_CONCAT(a, b) BINRIP_CONCAT_(a, b)

// TRY(auto x, expression): x is the value, or the enclosing function returns the error.
#define TRY(declaration, ...) BINRIP_TRY_(BINRIP_CONCAT(binrip_try_, __LINE__), declaration, __VA_ARGS__)
#define BINRIP_TRY_(result, declaration, ...)                    \
  auto result = (__VA_ARGS__);                                   \
  if (!result) return ::binrip::fail(std::move(result).error()); \
  declaration = std::move(*result)

// TRY_VOID(expression): for Result<void>, or where the value is not wanted.
#define TRY_VOID(...)                                                            \
  do {                                                                           \
    auto binrip_result = (__VA_ARGS__);                                          \
    if (!binrip_result) return ::binrip::fail(std::move(binrip_result).error()); \
  } while (false)
