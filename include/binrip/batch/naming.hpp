// Under which name a disc goes into the archive: a template, what is known of the disc, and what is there
// already.
#pragma once

#include <array>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"

namespace binrip::batch {

// What a name can be made of; empty where it is not known. Any bytes may stand here: they come from discs,
// from lists and from servers.
struct NameFields {
  std::string artist = {}, title = {};
  std::string volume = {};   // which disc of a set
  std::string barcode = {};  // the list's, or else the disc's MCN
  std::string disc_id = {};
  std::string order = {};  // in the operator's list
  std::string date = {};   // of the rip, "2026-11-26"
  std::string drive = {};  // its id
};

inline constexpr std::string_view kDefaultName = "{artist}/{title} [{discid}]";
inline constexpr std::size_t kLongestComponent = 120;  // bytes
inline constexpr std::size_t kMostFolders = 8;
// What batch keeps at the top of an archive beside the discs. No disc gets such a name.
inline constexpr std::array<std::string_view, 6> kArchiveOwnNames = {
    "failed", "catalog.db", "catalog.db-wal", "catalog.db-shm", "catalog.db-journal", "manifest.csv"};

// A template like "{artist}/{title} [{discid}]". Fields: artist, title, volume, barcode, discid, order, date,
// drive. What stands in [] or () goes together: without any of its fields the whole of it is left out. Where
// a field is empty, the separator (spaces and -_.,;+&#~=) next to it is left out, too; words of the template
// stay.
class NameTemplate {
 public:
  // Error usage, "name template, column N: …", columns counted in characters from 1: unknown field, brace or
  // bracket without its other half, absolute path, "." and "..", empty folder name; empty, too long, too
  // deep.
  static Result<NameTemplate> parse(std::string_view text);

  // A relative path in valid UTF-8, 1 to kMostFolders components divided by "/", never empty. Each component
  // has at most kLongestComponent bytes, no control or invisible characters, none of <>:"/\|?* (they become
  // "_"), no dot or space at its beginning or end, and is no name that Windows keeps for devices. Text that
  // is not UTF-8 is taken as Latin-1. What is too long is cut before a last part in brackets, which stays.
  // Folders without a name are left out; the last component is then the disc id, or "disc" where there is
  // none.
  std::string expand(const NameFields& fields) const;

 private:
  struct Piece {
    enum class Kind { word, separator, field, group } kind = Kind::word;
    std::string text = {};  // word, separator
    std::string NameFields::*field = nullptr;
    char open = 0, close = 0;        // group
    std::vector<Piece> inside = {};  // group
  };
  struct Joined {
    std::string text = {};
    bool has_fields = false, has_values = false;
  };
  class Parser;

  static Joined join(const std::vector<Piece>& pieces, const NameFields& fields);
  static Joined text_of(const Piece& piece, const NameFields& fields);

  std::vector<std::vector<Piece>> components_;
};

// `path`, as expand() gives it, or the nearest one that is free in the archive: " (2)" and so on. Names that
// differ only by capital and small letters are the same. A folder that is there is used as it is spelled; the
// folder of a disc (one with a CUE sheet), another file, and what batch itself keeps there, are not gone
// into. `promised`: what other discs got, though it is not there yet. Errors: a folder cannot be read.
Result<std::string> free_path(const std::filesystem::path& archive, std::string_view path,
                              std::span<const std::string> promised = {});

}  // namespace binrip::batch
