// parse_dat takes any bytes; what it takes is the same whole or in pieces, and keeps to its limits.
#include <cstdlib>

#include "../../src/verify/dat_parser.hpp"

namespace {

using binrip::verify::DatGame;

constexpr std::size_t kLongestName = 1000;

std::vector<DatGame> games_in_pieces(std::string_view text, std::size_t piece, bool& read) {
  std::vector<DatGame> games;
  const binrip::verify::DatSink sink = [&](DatGame&& game) { games.push_back(std::move(game)); };
  binrip::verify::DatParser parser("fuzz.dat", sink);
  read = true;
  for (std::size_t at = 0; read && at < text.size(); at += piece) {
    read = parser.feed(text.substr(at, piece)).has_value();
  }
  if (read) read = parser.finish().has_value();
  return games;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  bool whole_read = false, pieces_read = false;
  const std::vector<DatGame> games = games_in_pieces(text, size + 1, whole_read);
  const std::vector<DatGame> in_pieces = games_in_pieces(text, 7, pieces_read);
  if (whole_read != pieces_read || games != in_pieces) std::abort();
  for (const DatGame& game : games) {
    if (game.name.empty() || game.name.size() > kLongestName) std::abort();
    for (const auto& file : game.files) {
      if (file.name.empty() || (!file.sha1.empty() && file.sha1.size() != 40)) std::abort();
    }
  }
  return 0;
}
