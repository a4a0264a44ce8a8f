#include "rate_gate.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <mutex>

#include <fmt/format.h>
#include <sys/file.h>

#include "binrip/base/file.hpp"
#include "binrip/base/sha256.hpp"

namespace binrip::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPoll{20};

// False when `stop` was asked for meanwhile.
bool sleep(milliseconds duration, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

milliseconds now() {
  return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch());
}

// What stands in the gate's file: the time of the last pass in milliseconds. Nonsense is long ago, or in a
// future that is near enough to be computed with.
Result<milliseconds> last_pass(const File& file) {
  std::array<char, 24> text{};
  TRY(const std::size_t size, file.read_at({reinterpret_cast<Byte*>(text.data()), text.size()}, 0));
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + size, value);
  constexpr std::int64_t kFarFuture = std::int64_t{1} << 50;
  return milliseconds(error == std::errc{} ? std::clamp<std::int64_t>(value, 0, kFarFuture) : 0);
}

Result<void> lock(const File& file, steady_clock::time_point until, const std::stop_token& stop) {
  while (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return fail(errno_error(errno, "lock", file.path()));
    if (steady_clock::now() >= until) {
      return fail(ErrorKind::timeout, fmt::format("others kept {} for too long", file.path().string()));
    }
    if (!sleep(kPoll, stop)) return fail(ErrorKind::cancelled, "interrupted");
  }
  return {};
}

}  // namespace

Result<void> pass_gate(const std::filesystem::path& folder, std::string_view host, milliseconds gap,
                       milliseconds limit, std::stop_token stop) {
  constexpr std::size_t kNameDigits = 16;
  TRY(File file, File::open_update(folder / ("gate-" + sha256_hex(host).substr(0, kNameDigits))));
  TRY_VOID(lock(file, steady_clock::now() + limit, stop));  // until the file is closed
  TRY(const milliseconds last, last_pass(file));
  // A time in the future is a clock that was set back: then only the gap is kept.
  const milliseconds wait = std::clamp(last + gap - now(), milliseconds(0), gap);
  if (!sleep(wait, stop)) return fail(ErrorKind::cancelled, "interrupted");
  const std::string text = fmt::format("{:<20}\n", now().count());
  return file.write_at({reinterpret_cast<const Byte*>(text.data()), text.size()}, 0);
}

}  // namespace binrip::net
