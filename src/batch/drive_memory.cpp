#include "drive_memory.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace binrip::batch {
namespace {

constexpr std::array<std::pair<Lies, std::string_view>, 6> kWords = {{{Lies::unknown, ""},
                                                                      {Lies::nothing, "nothing"},
                                                                      {Lies::loading, "loading"},
                                                                      {Lies::a_disc, "disc"},
                                                                      {Lies::good, "good"},
                                                                      {Lies::rejected, "rejected"}}};

}  // namespace

std::string to_string(const DriveMemory& memory) {
  const auto* const word =
      std::find_if(kWords.begin(), kWords.end(), [&](const auto& w) { return w.first == memory.lies; });
  std::string text(word->second);
  return memory.has_ended() && !memory.identity.empty() ? text + ' ' + memory.identity : text;
}

DriveMemory parse_drive_memory(std::string_view text) {
  const std::size_t space = text.find(' ');
  const auto* const word = std::find_if(kWords.begin(), kWords.end(),
                                        [&](const auto& w) { return w.second == text.substr(0, space); });
  if (word == kWords.end()) return {};
  DriveMemory memory{word->first};
  if (memory.has_ended() && space != text.npos) memory.identity = text.substr(space + 1);
  return memory;
}

}  // namespace binrip::batch
