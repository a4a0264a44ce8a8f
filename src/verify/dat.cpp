#include "binrip/verify/dat.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "binrip/image/cue.hpp"
#include "binrip/image/text.hpp"

namespace binrip::verify {
namespace {

bool is_sheet(const DatFile& file) { return file.name.ends_with(".cue") || file.name.ends_with(".CUE"); }

// Digests that cannot be computed here are not compared.
bool same(const DatFile& file, const Digests& digests) {
  if (file.size != digests.size) return false;
  bool compared = false;
  const auto agree = [&](const std::string& theirs, const std::string& ours) {
    if (theirs.empty() || ours.empty()) return true;
    compared = true;
    return theirs == ours;
  };
  return agree(file.crc32, digests.crc32) && agree(file.md5, digests.md5) && agree(file.sha1, digests.sha1) &&
         compared;
}

class Matcher {
 public:
  Matcher(const Audit& audit, const Digests& sheet) : audit_(audit), sheet_(sheet) {}

  void look_at(const DatGame& game) {
    ++result_.games;
    DatMatch match{.game = game.name, .tracks = {}};
    std::vector<bool> found(audit_.tracks.size());
    for (const DatFile& file : game.files) {
      if (is_sheet(file)) {
        match.sheet = same(file, sheet_) ? DatMatch::Sheet::same : DatMatch::Sheet::different;
        continue;
      }
      ++match.game_tracks;
      find(file, found);
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (found[i]) match.tracks.push_back(audit_.tracks[i].number);
    }
    if (match.tracks.empty()) return;
    const bool in_one_file = match.game_tracks == 1;
    match.whole = match.tracks.size() == found.size() && (in_one_file || match.game_tracks == found.size());
    keep(std::move(match));
  }

  DatLookup finish(DatHeader header) {
    result_.header = std::move(header);
    if (any_whole_) {
      std::erase_if(result_.matches, [](const DatMatch& match) { return !match.whole; });
    }
    return std::move(result_);
  }

 private:
  // Each file stands for one track, or for all of them.
  void find(const DatFile& file, std::vector<bool>& found) const {
    if (same(file, audit_.whole)) {
      found.assign(found.size(), true);
      return;
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (found[i] || !same(file, audit_.tracks[i].digests)) continue;
      found[i] = true;
      return;
    }
  }

  void keep(DatMatch match) {
    if (match.whole && !any_whole_) {
      any_whole_ = true;
      result_.matches.clear();
      result_.more_matches = 0;
    }
    if (any_whole_ && !match.whole) return;
    std::vector<DatMatch>& kept = result_.matches;
    const auto after = std::find_if(kept.begin(), kept.end(), [&](const DatMatch& other) {
      return other.tracks.size() < match.tracks.size();
    });
    kept.insert(after, std::move(match));
    if (kept.size() <= DatLookup::kMostMatches) return;
    kept.pop_back();
    ++result_.more_matches;
  }

  const Audit& audit_;
  const Digests& sheet_;
  DatLookup result_;
  bool any_whole_ = false;
};

// For an attribute or a text. What XML cannot hold becomes "?"; what is no UTF-8 is taken as Latin-1.
std::string escaped_xml(std::string_view text) {
  std::string result;
  image::for_each_char(image::as_utf8(text), [&](char32_t code, std::string_view bytes) {
    constexpr char32_t kNoCharacter = 0xFFFE;  // nor is the one after it
    switch (code) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        const bool outside = code < 0x20 || code == 0x7F || code == kNoCharacter || code == kNoCharacter + 1;
        result += outside ? "?" : bytes;
    }
  });
  return result;
}

}  // namespace

Result<DatLookup> look_up_dat(const std::filesystem::path& path, const Audit& audit, const Digests& sheet,
                              const std::stop_token& stop) {
  Matcher matcher(audit, sheet);
  const DatSink sink = [&](DatGame&& game) { matcher.look_at(game); };
  TRY(DatHeader header, read_dat(path, sink, stop));
  return matcher.finish(std::move(header));
}

std::string write_dat(std::string_view dat_name, std::span<const DatGame> games,
                      std::string_view program_version, std::string_view date) {
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<!DOCTYPE datafile PUBLIC \"-//Logiqx//DTD ROM Management Datafile//EN\" "
      "\"http://www.logiqx.com/Dats/datafile.dtd\">\n"
      "<datafile>\n\t<header>\n\t\t<name>{0}</name>\n\t\t<description>{0}</description>\n"
      "\t\t<version>{1}</version>\n\t\t<date>{1}</date>\n\t\t<author>binrip {2}</author>\n\t</header>\n",
      escaped_xml(dat_name), escaped_xml(date), escaped_xml(program_version));
  for (const DatGame& game : games) {
    const std::string name = escaped_xml(game.name);
    text += fmt::format("\t<game name=\"{0}\">\n\t\t<description>{0}</description>\n", name);
    for (const DatFile& file : game.files) {
      text += fmt::format("\t\t<rom name=\"{}\" size=\"{}\"", escaped_xml(file.name), file.size);
      const auto digest = [&](std::string_view kind, const std::string& value) {
        if (!value.empty()) text += fmt::format(" {}=\"{}\"", kind, escaped_xml(value));
      };
      digest("crc", file.crc32);
      digest("md5", file.md5);
      digest("sha1", file.sha1);
      text += "/>\n";
    }
    text += "\t</game>\n";
  }
  return text + "</datafile>\n";
}

std::string write_dat(std::string_view stem, std::span<const TrackAudit> tracks,
                      std::string_view program_version, std::string_view date) {
  DatGame game{.name = std::string(stem), .files = {}};
  for (const TrackAudit& track : tracks) {
    const Digests& d = track.digests;
    game.files.push_back({.name = image::split_bin_name(stem, track.number, tracks.back().number),
                          .size = d.size,
                          .crc32 = d.crc32,
                          .md5 = d.md5,
                          .sha1 = d.sha1});
  }
  return write_dat(stem, std::span<const DatGame>(&game, 1), program_version, date);
}

}  // namespace binrip::verify
