#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "binrip/base/crc.hpp"
#include "binrip/cd/cdtext.hpp"
#include "binrip/image/ccd.hpp"
#include "binrip/image/text.hpp"

namespace binrip::image {
namespace {

constexpr std::size_t kMaxEntries = 2048;    // a full TOC holds fewer
constexpr std::size_t kMaxTextPacks = 2048;  // 8 blocks of 256 packs
constexpr std::size_t kPackWithoutCrc = 16;

std::string_view trim_blanks(std::string_view s) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// Decimal, or hexadecimal after 0x; with a sign.
std::optional<std::int64_t> parse_signed(std::string_view s) {
  const bool negative = s.starts_with('-');
  if (negative) s.remove_prefix(1);
  int base = 10;
  if (s.starts_with("0x") || s.starts_with("0X")) s.remove_prefix(2), base = 16;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value, base);
  if (s.empty() || error != std::errc{} || end != s.data() + s.size()) return std::nullopt;
  return negative ? -std::int64_t{value} : std::int64_t{value};
}

class CcdParser {
 public:
  explicit CcdParser(std::string_view name) : name_(name) {}

  Result<CcdSheet> parse(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      ++line_;
      TRY_VOID(parse_line(trim_blanks(text.substr(0, end))));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return finish();
  }

 private:
  enum class Section { none, clone_cd, disc, entry, track, cdtext, other };

  tl::unexpected<Error> expected(std::string_view what, std::string_view got) const {
    const std::string shown = got.empty() ? "nothing" : '"' + visible(cut_utf8(got, 60)) + '"';
    return fail(ErrorKind::invalid, fmt::format("{}:{}: expected {}, got {}", name_, line_, what, shown));
  }

  Result<void> parse_line(std::string_view line) {
    if (line.empty() || line.front() == ';') return {};
    if (line.front() == '[') {
      if (line.back() != ']') return expected("a section [...]", line);
      return begin_section(trim_blanks(line.substr(1, line.size() - 2)));
    }
    const std::size_t equals = line.find('=');
    if (equals == line.npos) return expected("KEY=VALUE", line);
    return set(lower(trim_blanks(line.substr(0, equals))), trim_blanks(line.substr(equals + 1)));
  }

  Result<void> begin_section(std::string_view title) {
    const std::string known = lower(title);
    const std::size_t blank = known.find(' ');
    const std::string kind = known.substr(0, blank);
    const std::string_view after = blank == known.npos ? "" : std::string_view(known).substr(blank);
    const auto number = parse_signed(trim_blanks(after)).value_or(0);
    section_ = Section::other;
    if (known == "clonecd") section_ = Section::clone_cd, is_ccd_ = true;
    if (known == "disc") section_ = Section::disc;
    if (known == "cdtext") section_ = Section::cdtext;
    if (kind == "entry") {
      if (sheet_.toc.entries.size() >= kMaxEntries) return expected("fewer entries", title);
      section_ = Section::entry;
      if (sheet_.toc.entries.empty()) sheet_.toc_line = line_;
      sheet_.toc.entries.emplace_back();
    }
    if (kind == "track") {
      if (number < 1 || number > 99) return expected("TRACK number 1-99", title);
      if (!sheet_.tracks.empty() && number <= sheet_.tracks.back().number) {
        return expected(fmt::format("TRACK above {}", sheet_.tracks.back().number), title);
      }
      section_ = Section::track;
      sheet_.tracks.emplace_back().number = static_cast<int>(number);
    }
    return {};
  }

  Result<void> set(const std::string& key, std::string_view value) {
    switch (section_) {
      case Section::disc:
        return set_disc(key, value);
      case Section::entry:
        return set_entry(key, value);
      case Section::track:
        return set_track(key, value);
      case Section::cdtext:
        return key.starts_with("entry ") ? add_pack(value) : Result<void>{};
      case Section::none:
        return expected("a section [...]", key);
      case Section::clone_cd:
      case Section::other:
        return {};
    }
    return {};
  }

  Result<std::int64_t> number(std::string_view value, std::int64_t min, std::int64_t max) const {
    const auto parsed = parse_signed(value);
    if (!parsed) return expected("a number", value);
    if (*parsed < min || *parsed > max) return expected(fmt::format("a number {} … {}", min, max), value);
    return *parsed;
  }

  Result<void> set_disc(const std::string& key, std::string_view value) {
    if (key == "tocentries") {
      TRY(const std::int64_t n, number(value, 1, kMaxEntries));
      toc_entries_ = static_cast<std::size_t>(n);
    } else if (key == "datatracksscrambled") {
      TRY(const std::int64_t n, number(value, 0, 1));
      sheet_.scrambled = n != 0;
    } else if (key == "catalog") {
      const bool digits =
          std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (value.size() != 13 || !digits) return expected("CATALOG of 13 digits", value);
      sheet_.catalog = value;
    }
    return {};
  }

  Result<void> set_entry(const std::string& key, std::string_view value) {
    struct Field {
      std::string_view key;
      std::int64_t max;
      void (*set)(cd::FullTocEntry&, int);
    };
    using E = cd::FullTocEntry;
    static constexpr std::array<Field, 12> fields = {
        {{"session", 99, [](E& e, int v) { e.session = static_cast<Byte>(v); }},
         {"point", 255, [](E& e, int v) { e.point = static_cast<Byte>(v); }},
         {"adr", 15, [](E& e, int v) { e.adr = static_cast<Byte>(v); }},
         {"control", 15, [](E& e, int v) { e.control = static_cast<Byte>(v); }},
         {"trackno", 255, [](E& e, int v) { e.tno = static_cast<Byte>(v); }},
         {"amin", 255, [](E& e, int v) { e.time.minute = v; }},
         {"asec", 255, [](E& e, int v) { e.time.second = v; }},
         {"aframe", 255, [](E& e, int v) { e.time.frame = v; }},
         {"zero", 255, [](E& e, int v) { e.zero = static_cast<Byte>(v); }},
         {"pmin", 255, [](E& e, int v) { e.p_time.minute = v; }},
         {"psec", 255, [](E& e, int v) { e.p_time.second = v; }},
         {"pframe", 255, [](E& e, int v) { e.p_time.frame = v; }}}};
    for (const Field& field : fields) {
      if (field.key != key) continue;
      TRY(const std::int64_t n, number(value, 0, field.max));
      field.set(sheet_.toc.entries.back(), static_cast<int>(n));
    }
    return {};  // ALBA and PLBA say the same as the times
  }

  Result<void> set_track(const std::string& key, std::string_view value) {
    CcdTrack& track = sheet_.tracks.back();
    if (key == "mode") {
      TRY(const std::int64_t n, number(value, 0, 2));
      track.mode = static_cast<int>(n);
    } else if (key == "isrc") {
      track.isrc = as_utf8(value);
    } else if (key.starts_with("index ")) {
      const auto index = parse_signed(trim_blanks(std::string_view(key).substr(6)));
      if (!index || *index < 0 || *index > 99) return expected("INDEX 0-99", key);
      if (!track.indexes.empty() && *index <= track.indexes.back().first) {
        return expected(fmt::format("INDEX above {}", track.indexes.back().first), key);
      }
      TRY(const std::int64_t lba, number(value, -cd::kPregapSectors, cd::kLastLba.value));
      track.indexes.emplace_back(static_cast<int>(*index), static_cast<int>(lba));
    }
    return {};
  }

  // 16 bytes, to which the CRC belongs, or 18 with it; two hexadecimal digits each.
  Result<void> add_pack(std::string_view value) {
    ByteVector pack;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      unsigned byte = 0;
      const auto [stop, error] = std::from_chars(rest.data(), rest.data() + end, byte, 16);
      if (error != std::errc{} || stop != rest.data() + end || byte > 0xFF) break;
      pack.push_back(static_cast<Byte>(byte));
      rest = trim_blanks(rest.substr(end));
    }
    if (!rest.empty() || (pack.size() != kPackWithoutCrc && pack.size() != cd::kCdTextPackSize)) {
      return expected("16 or 18 bytes of CD-TEXT", value);
    }
    if (sheet_.cdtext_packs.size() >= kMaxTextPacks * cd::kCdTextPackSize) {
      return expected("fewer CD-TEXT entries", value);
    }
    if (pack.size() == kPackWithoutCrc) {
      const auto crc = static_cast<std::uint16_t>(~crc16(pack));
      pack.push_back(static_cast<Byte>(crc >> 8));
      pack.push_back(static_cast<Byte>(crc));
    }
    sheet_.cdtext_packs.insert(sheet_.cdtext_packs.end(), pack.begin(), pack.end());
    return {};
  }

  Result<CcdSheet> finish() {
    if (!is_ccd_) return expected("section [CloneCD]", {});
    if (toc_entries_ && *toc_entries_ != sheet_.toc.entries.size()) {
      return expected(fmt::format("{} entries, as TocEntries says", *toc_entries_),
                      std::to_string(sheet_.toc.entries.size()));
    }
    if (sheet_.toc.entries.empty()) return expected("section [Entry 0]", {});
    const auto [first, last] = std::minmax_element(
        sheet_.toc.entries.begin(), sheet_.toc.entries.end(),
        [](const cd::FullTocEntry& a, const cd::FullTocEntry& b) { return a.session < b.session; });
    sheet_.toc.first_session = first->session;
    sheet_.toc.last_session = last->session;
    return std::move(sheet_);
  }

  std::string_view name_;
  std::size_t line_ = 0;
  Section section_ = Section::none;
  bool is_ccd_ = false;
  std::optional<std::size_t> toc_entries_;
  CcdSheet sheet_;
};

}  // namespace

bool operator==(const CcdSheet& a, const CcdSheet& b) {
  return a.toc == b.toc && a.scrambled == b.scrambled && a.catalog == b.catalog && a.tracks == b.tracks &&
         a.cdtext_packs == b.cdtext_packs;
}

Result<CcdSheet> parse_ccd(std::string_view text, std::string_view name) {
  return CcdParser(name).parse(text);
}

}  // namespace binrip::image
