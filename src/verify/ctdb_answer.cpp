#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <limits>
#include <memory>

#include <expat.h>
#include <fmt/format.h>

#include "binrip/base/bytes.hpp"
#include "binrip/verify/ctdb.hpp"
#include "binrip/verify/disc_ids.hpp"
#include "binrip/verify/reed_solomon.hpp"

namespace binrip::verify {
namespace {

constexpr std::size_t kLargestAnswer = 1U << 20, kMaxCtdbEntries = 1000, kMaxAnswerDepth = 16,
                      kLongestUrl = 500;
constexpr std::size_t kMaxCtdbTracks = 99;
constexpr std::int64_t kHighestAddress = 500'000;
constexpr std::int64_t kHighestConfidence = 1'000'000'000;
constexpr int kMostParity = 1000;      // that is believed to exist; only 16 are used
constexpr std::size_t kOldParity = 8;  // words in the attribute `parity`
constexpr std::string_view kNamespace = "http://db.cuetools.net/ns/mmd-1.0#";

// A name as expat gives it: with its namespace before it.
std::string element(std::string_view name) { return fmt::format("{}|{}", kNamespace, name); }

// The part before `separator`, which goes from `text` with it.
std::string_view next_part(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return part;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text, int base, Number most) {
  Number value{};
  if (text.empty() || text.front() == '-') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}
std::optional<std::uint32_t> parse_crc(std::string_view text) {
  return text.size() > 8 ? std::nullopt
                         : parse_number<std::uint32_t>(text, 16, std::numeric_limits<std::uint32_t>::max());
}

// With padding, and nothing else than that alphabet.
std::optional<ByteVector> parse_base64(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  text.remove_suffix(padding);
  ByteVector bytes;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<Byte>(bits >> count));
  }
  if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;
  return bytes;
}
std::optional<std::vector<std::uint16_t>> parse_words(std::string_view base64) {
  const auto bytes = parse_base64(base64);
  if (!bytes || bytes->size() % 2 != 0) return std::nullopt;
  std::vector<std::uint16_t> words;
  for (std::size_t at = 0; at < bytes->size(); at += 2) words.push_back(load_le16(*bytes, at));
  return words;
}

// Empty: none that can be used.
std::string parity_url(std::string_view text, std::string_view server) {
  std::string url = text.starts_with('/') ? std::string(server) + std::string(text) : std::string(text);
  const bool is_printable = std::all_of(url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  const bool is_web = url.starts_with("http://") || url.starts_with("https://");
  return is_web && is_printable && url.size() <= kLongestUrl ? url : std::string{};
}

// By CUETools' reading: data tracks, then audio ones, then others, before the first of which a gap lies.
bool parse_toc(std::string_view text, CtdbEntry& entry) {
  struct Start {
    bool data;
    std::int64_t lba;
  };
  std::vector<Start> starts;
  entry.toc = text;
  for (std::string_view rest = text; !rest.empty();) {
    std::string_view part = next_part(rest, ':');
    const bool data = part.starts_with('-');
    if (data) part.remove_prefix(1);
    const auto lba = parse_number<std::int64_t>(part, 10, kHighestAddress);
    if (!lba || starts.size() > kMaxCtdbTracks) return false;
    if (!starts.empty() && starts.back().lba >= *lba) return false;
    starts.push_back({data, *lba});
  }
  if (text.ends_with(':') || starts.size() < 2 || starts.back().data) return false;
  const auto lead_out = starts.end() - 1;
  const auto first = std::find_if(starts.begin(), lead_out, [](const Start& s) { return !s.data; });
  const auto behind = std::find_if(first, lead_out, [](const Start& s) { return s.data; });
  if (first == lead_out) return false;
  const std::int64_t length = behind->lba - first->lba - (behind == lead_out ? 0 : kDatabaseSessionGap.value);
  entry.audio = cd::SectorCount{static_cast<std::int32_t>(length)};
  entry.audio_tracks = static_cast<int>(behind - first);
  return true;
}

class AnswerParser {
 public:
  explicit AnswerParser(std::string_view server)
      : server_(server), parser_(XML_ParserCreateNS(nullptr, '|')) {
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), &on_start, &on_end);
    XML_SetStartDoctypeDeclHandler(parser_.get(), &on_doctype);
  }

  Result<std::vector<CtdbEntry>> parse(std::string_view xml) {
    if (xml.size() > kLargestAnswer) return fail(ErrorKind::invalid, "CTDB's answer is too long");
    const XML_Status status = XML_Parse(parser_.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE);
    if (status != XML_STATUS_OK && problem_.empty()) {
      complain(fmt::format("expected XML, got: {}", XML_ErrorString(XML_GetErrorCode(parser_.get()))));
    }
    if (!problem_.empty()) return fail(ErrorKind::invalid, problem_);
    return std::move(entries_);
  }

 private:
  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };
  // How one attribute goes into an entry; false: not what it should be.
  using Take = std::function<bool(std::string_view, CtdbEntry&)>;
  struct Attribute {
    std::string_view name, expected;
    bool required;
    Take take;
  };

  static AnswerParser& self(void* data) { return *static_cast<AnswerParser*>(data); }
  static void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
    self(data).start(name, attributes);
  }
  static void on_end(void* data, const XML_Char*) { --self(data).depth_; }
  static void on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    self(data).complain("expected no document type, got one");
  }

  void complain(const std::string& problem) {
    if (!problem_.empty()) return;
    problem_ = fmt::format("CTDB's answer:{}: {}", XML_GetCurrentLineNumber(parser_.get()), problem);
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  void start(std::string_view name, const XML_Char** attributes) {
    if (!problem_.empty()) return;
    const std::size_t depth = depth_++;
    if (depth >= kMaxAnswerDepth)
      return complain(fmt::format("expected at most {} levels, got more", kMaxAnswerDepth));
    if (depth == 0 && name != element("ctdb")) {
      return complain(fmt::format("expected <ctdb>, got <{:.100}>", name));
    }
    if (depth == 1 && name == element("entry")) take_entry(attributes);
  }

  void take_entry(const XML_Char** attributes) {
    if (entries_.size() == kMaxCtdbEntries) {
      return complain(fmt::format("expected at most {} entries, got more", kMaxCtdbEntries));
    }
    const auto find = [&](std::string_view name) -> std::optional<std::string_view> {
      for (const XML_Char** at = attributes; *at != nullptr; at += 2) {
        if (name == *at) return at[1];
      }
      return std::nullopt;
    };
    if (!find("toc")) return;
    CtdbEntry entry;
    for (const Attribute& attribute : known()) {
      const auto value = find(attribute.name);
      if (!value && !attribute.required) continue;
      if (!value) return complain(fmt::format("expected {}, got none", attribute.name));
      if (!attribute.take(*value, entry)) {
        return complain(
            fmt::format("expected {} as {}, got \"{:.100}\"", attribute.name, attribute.expected, *value));
      }
    }
    entries_.push_back(std::move(entry));
  }

  // In an order in which each finds what it needs of those before.
  std::vector<Attribute> known() const {
    const auto number = [](auto CtdbEntry::*field, std::int64_t least, std::int64_t most) -> Take {
      return [=](std::string_view text, CtdbEntry& entry) {
        const auto value = parse_number<std::int64_t>(text, 10, most);
        if (!value || *value < least) return false;
        entry.*field = static_cast<std::remove_reference_t<decltype(entry.*field)>>(*value);
        return true;
      };
    };
    return {
        {"id", "a number", true, number(&CtdbEntry::id, 0, std::numeric_limits<std::int64_t>::max())},
        {"toc", "a TOC with audio", true, parse_toc},
        {"crc32", "a checksum", true, take_crc},
        {"confidence", "a number", true, number(&CtdbEntry::confidence, 0, kHighestConfidence)},
        {"npar", "a number from 1", true, number(&CtdbEntry::npar, 1, kMostParity)},
        {"stride", "a number from 1", true, number(&CtdbEntry::stride, 1, 1'000'000)},
        {"parity", "16 bytes in Base64", false, take_old_parity},
        {"syndrome", "npar words in Base64", false, take_syndrome},
        {"trackcrcs", "checksums", false, take_track_crcs},
        {"hasparity", "a URL", false,
         [this](std::string_view text, CtdbEntry& entry) {
           entry.parity_url = parity_url(text, server_);
           return true;
         }},
    };
  }

  static std::size_t usable_parity(const CtdbEntry& entry) {
    return std::min(kMaxParity, static_cast<std::size_t>(entry.npar));
  }
  static bool take_crc(std::string_view text, CtdbEntry& entry) {
    const auto crc = parse_crc(text);
    entry.crc32 = crc.value_or(0);
    return crc.has_value();
  }
  // Of column 0, eight words whatever npar says. A syndrome that is there too replaces what comes of it.
  static bool take_old_parity(std::string_view text, CtdbEntry& entry) {
    const auto words = parse_words(text);
    if (!words || words->size() != kOldParity) return false;
    const Syndromes syndromes = syndromes_of_parity(*words);
    entry.syndrome.assign(syndromes.begin(), syndromes.begin() + kOldParity);
    return true;
  }
  static bool take_syndrome(std::string_view text, CtdbEntry& entry) {
    auto words = parse_words(text);
    if (!words || words->size() < usable_parity(entry)) return false;
    words->resize(usable_parity(entry));
    entry.syndrome = std::move(*words);
    return true;
  }
  // A list of another length than the TOC's is left alone, as CUETools does.
  static bool take_track_crcs(std::string_view text, CtdbEntry& entry) {
    std::vector<std::uint32_t> crcs;
    while (!text.empty()) {
      const auto crc = parse_crc(next_part(text, ' '));
      if (!crc || crcs.size() == kMaxCtdbTracks) return false;
      crcs.push_back(*crc);
    }
    if (crcs.size() == static_cast<std::size_t>(entry.audio_tracks)) entry.track_crcs = std::move(crcs);
    return true;
  }

  std::string server_;
  std::unique_ptr<XML_ParserStruct, Free> parser_;
  std::size_t depth_ = 0;
  std::string problem_;
  std::vector<CtdbEntry> entries_;
};

}  // namespace

Result<std::vector<CtdbEntry>> parse_ctdb(std::string_view xml, std::string_view server) {
  TRY(std::vector<CtdbEntry> entries, AnswerParser(server).parse(xml));
  for (CtdbEntry& entry : entries) {
    // Without `syndrome`, only the eight of `parity` are spoken of (DBEntry.cs).
    const std::size_t told = entry.syndrome.empty() ? kMaxParity : entry.syndrome.size();
    entry.npar = std::min(entry.npar, static_cast<int>(told));
    entry.syndrome.resize(std::min(told, static_cast<std::size_t>(entry.syndrome.empty() ? 0 : entry.npar)));
  }
  return entries;
}

}  // namespace binrip::verify
