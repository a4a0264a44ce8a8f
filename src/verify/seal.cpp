#include "binrip/verify/seal.hpp"

#include "binrip/base/sha256.hpp"

namespace binrip::verify {
namespace {

constexpr std::size_t kSealDigits = 64;
constexpr std::string_view kJsonEnd = "\"\n}\n";
constexpr std::string_view kLogLine = "\nSHA-256 of the lines above: ";

}  // namespace

std::string seal_json(std::string json) {
  if (json.size() < kSealDigits + kJsonEnd.size() || !json.ends_with(kJsonEnd)) return json;
  const std::size_t at = json.size() - kJsonEnd.size() - kSealDigits;
  json.replace(at, kSealDigits, kSealDigits, '0');
  const std::string digest = sha256_hex(json);
  if (digest.size() == kSealDigits) json.replace(at, kSealDigits, digest);
  return json;
}

bool json_seal_right(std::string_view json) {
  return json.ends_with(kJsonEnd) && json.size() > kSealDigits + kJsonEnd.size() &&
         seal_json(std::string(json)) == json;
}

std::string seal_log(std::string log) {
  const std::string digest = sha256_hex(log);
  return log.append(kLogLine).append(digest).append("\n");
}

bool log_seal_right(std::string_view log) {
  const std::size_t line = kLogLine.size() + kSealDigits + 1;
  return log.size() > line && seal_log(std::string(log.substr(0, log.size() - line))) == log;
}

}  // namespace binrip::verify
