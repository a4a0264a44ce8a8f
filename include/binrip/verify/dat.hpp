// DAT files as redump and others publish them (Logiqx XML): thousands of discs with a checksum of each track.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/verify/audit.hpp"

namespace binrip::verify {

struct DatFile {  // <rom>; empty digests are not given
  std::string name;
  std::uint64_t size = 0;
  std::string crc32, md5, sha1;  // lower-case hex
  friend bool operator==(const DatFile&, const DatFile&) = default;
};
struct DatGame {  // <game>, or <machine> as some write
  std::string name;
  std::vector<DatFile> files;
  friend bool operator==(const DatGame&, const DatGame&) = default;
};
struct DatHeader {
  std::string name, version;  // UTF-8; empty where they are not given
  friend bool operator==(const DatHeader&, const DatHeader&) = default;
};

// Gets each game as it ends.
using DatSink = std::function<void(DatGame&&)>;

// No more of the file is held in memory than one game. A document type may be named, as Logiqx's files do,
// and is never fetched; one that declares entities is refused. `path`: XML, or a .zip with files *.dat or
// *.xml in it, of which all are read; their names are only shown. Errors: what File gives; invalid,
// "name:line: expected …, got …"; cancelled.
Result<DatHeader> read_dat(const std::filesystem::path& path, const DatSink& sink,
                           const std::stop_token& stop = {});
// The same of XML in memory. `name`: as messages call it.
Result<DatHeader> parse_dat(std::string_view text, std::string_view name, const DatSink& sink);

struct DatMatch {
  std::string game;
  std::vector<int> tracks;      // of the image that are in it, ascending
  std::size_t game_tracks = 0;  // how many it has
  bool whole = false;           // all of the one are all of the other
  enum class Sheet { not_given, same, different } sheet = Sheet::not_given;  // its own .cue
};
struct DatLookup {
  static constexpr std::size_t kMostMatches = 20;
  DatHeader header;
  std::int64_t games = 0;
  // Those that are the disc; or where there are none, those with a track of it, the ones with most of them
  // first.
  std::vector<DatMatch> matches;
  std::int64_t more_matches = 0;  // beyond kMostMatches
};

// Looks for an image: tracks are the same when their size and all digests that the file gives are, of which
// one must be there; a file with all tracks counts as all of them. `sheet`: digests of the .cue.
Result<DatLookup> look_up_dat(const std::filesystem::path& path, const Audit& audit, const Digests& sheet,
                              const std::stop_token& stop = {});

// A DAT of many games. `date`: ISO 8601; it is the version, too.
std::string write_dat(std::string_view name, std::span<const DatGame> games, std::string_view program_version,
                      std::string_view date);

// The same with one game: the tracks as files of their own, whatever the layout of the image, named after
// `stem`.
std::string write_dat(std::string_view stem, std::span<const TrackAudit> tracks,
                      std::string_view program_version, std::string_view date);

}  // namespace binrip::verify
