#include "answer_cache.hpp"

#include <charconv>

#include <fmt/format.h>

#include "binrip/base/file.hpp"
#include "binrip/base/sha256.hpp"

namespace binrip::net {
namespace {

namespace fs = std::filesystem;

// First line: "binrip-answer 1 found 1790000000 SHA256", the digest of all that follows: the name of what was
// asked for in a line, and the body.
constexpr std::string_view kMagic = "binrip-answer 1 ";
constexpr std::string_view kFound = "found ", kMissing = "missing ";
constexpr std::size_t kLargestHead = 256, kLargestName = 8192;

std::string name_of(const Request& request) {
  if (!request.range) return request.url;
  return fmt::format("{} {}+{}", request.url, request.range->first, request.range->count);
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<std::string_view> line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view result = text.substr(0, end);
  text.remove_prefix(end + 1);
  return result;
}

std::optional<Response> parse(std::string_view text, const std::string& name) {
  auto head = line(text);
  if (!head || !take(*head, kMagic)) return std::nullopt;
  Response response;
  response.found = take(*head, kFound);
  if (!response.found && !take(*head, kMissing)) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(head->data(), head->data() + head->size(), seconds);
  if (error != std::errc{}) return std::nullopt;
  response.fetched = std::chrono::sys_seconds(std::chrono::seconds(seconds));
  const std::string_view digest(end, static_cast<std::size_t>(head->data() + head->size() - end));
  if (digest != " " + sha256_hex(text)) return std::nullopt;
  if (line(text) != name) return std::nullopt;
  response.body.assign(text.begin(), text.end());
  return response;
}

}  // namespace

Result<void> AnswerCache::prepare() const {
  if (folder_.empty()) {
    return fail(ErrorKind::io, "there is no folder for a cache", "set XDG_CACHE_HOME or HOME");
  }
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) return fail(errno_error(error.value(), "make", folder_));
  return {};
}

fs::path AnswerCache::file_of(const Request& request) const {
  constexpr std::size_t kNameDigits = 32;
  return folder_ / ("answer-" + sha256_hex(name_of(request)).substr(0, kNameDigits));
}

std::optional<Response> AnswerCache::find(const Request& request) const {
  const auto text = read_text(file_of(request), request.largest + kLargestHead + kLargestName);
  if (!text) return std::nullopt;
  auto response = parse(*text, name_of(request));
  if (response && response->body.size() > request.largest) return std::nullopt;
  return response;
}

Result<void> AnswerCache::keep(const Request& request, const Response& response) const {
  std::string rest = name_of(request) + '\n';
  rest.append(response.body.begin(), response.body.end());
  const std::string head = fmt::format("{}{}{} {}\n", kMagic, response.found ? kFound : kMissing,
                                       response.fetched.time_since_epoch().count(), sha256_hex(rest));
  return write_atomically(file_of(request), head + rest);
}

}  // namespace binrip::net
