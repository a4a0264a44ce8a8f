#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "drive/config_file.hpp"
#include "drive/drive_table.hpp"
#include "drive/toml.hpp"

#include "binrip/base/file.hpp"
#include "binrip/drive/profile.hpp"

namespace binrip::drive {
namespace {

template <class T>
struct Word {
  std::string_view word;
  T value;
};
constexpr auto kC2Words = std::to_array<Word<C2Support>>(
    {{"none", C2Support::none}, {"bits", C2Support::bits}, {"bits-and-block", C2Support::bits_and_block}});
constexpr auto kSubWords = std::to_array<Word<SubSupport>>(
    {{"none", SubSupport::none}, {"q", SubSupport::formatted_q}, {"raw", SubSupport::raw}});
constexpr auto kOrderWords = std::to_array<Word<FieldOrder>>(
    {{"main-c2-sub", FieldOrder::main_c2_sub}, {"main-sub-c2", FieldOrder::main_sub_c2}});
constexpr auto kCombinationWords = std::to_array<Word<Combination>>(
    {{"together", Combination::together}, {"separate", Combination::separate}});
constexpr auto kTransportWords = std::to_array<Word<TransportChoice>>(
    {{"auto", TransportChoice::automatic}, {"cdio", TransportChoice::cdio}, {"sg", TransportChoice::sg}});

// Reads the values of one file; errors carry the file's name and the value's line.
class Reader {
 public:
  explicit Reader(std::string_view name) : name_(name) {}

  tl::unexpected<Error> expected(const toml::node& at, std::string_view what, std::string_view got) const {
    return fail(ErrorKind::invalid,
                fmt::format("{}:{}: expected {}, got {}", name_, at.source().begin.line, what, got));
  }

  Result<std::string> text(std::string_view key, const toml::node& node) const {
    if (const auto* value = node.as_string()) return value->get();
    return expected(node, fmt::format("a string for {}", key), type_name(node));
  }

  Result<bool> truth(std::string_view key, const toml::node& node) const {
    if (const auto* value = node.as_boolean()) return value->get();
    return expected(node, fmt::format("true or false for {}", key), type_name(node));
  }

  Result<std::string> url(std::string_view key, const toml::node& node) const {
    TRY(std::string given, text(key, node));
    if (given.starts_with("http://") || given.starts_with("https://")) return given;
    return expected(node, fmt::format("{} = \"https://…\"", key), fmt::format("\"{}\"", given));
  }

  template <class T>
  Result<T> number(std::string_view key, const toml::node& node, T low, T high) const {
    const std::string what = fmt::format("{} from {} to {}", key, low, high);
    const auto* value = node.as_integer();
    if (value == nullptr) return expected(node, what, type_name(node));
    if (value->get() < std::int64_t{low} || value->get() > std::int64_t{high}) {
      return expected(node, what, fmt::format("{}", value->get()));
    }
    return static_cast<T>(value->get());
  }

  template <class T, std::size_t N>
  Result<T> word(std::string_view key, const toml::node& node, const std::array<Word<T>, N>& words) const {
    TRY(const std::string given, text(key, node));
    std::string all;
    for (const Word<T>& w : words) {
      if (given == w.word) return w.value;
      all += fmt::format("{}\"{}\"", all.empty() ? "" : " or ", w.word);
    }
    return expected(node, fmt::format("{} = {}", key, all), fmt::format("\"{}\"", given));
  }

  Result<void> set(std::string_view key, const toml::node& node, ConfigFile::Entry& entry) const {
    const auto into = [](auto& target, auto result) -> Result<void> {
      if (!result) return fail(std::move(result).error());
      target = std::move(*result);
      return {};
    };
    ProfileOverrides& o = entry.overrides;
    if (key == "vendor") return into(entry.vendor, text(key, node));
    if (key == "product") return into(entry.product, text(key, node));
    if (key == "serial") return into(entry.serial, text(key, node));
    if (key == "read_offset") return into(o.read_offset, number(key, node, -5880, 5880));
    if (key == "c2") return into(o.c2, word(key, node, kC2Words));
    if (key == "sub") return into(o.sub, word(key, node, kSubWords));
    if (key == "order") return into(o.order, word(key, node, kOrderWords));
    if (key == "combination") return into(o.combination, word(key, node, kCombinationWords));
    if (key == "max_transfer") return into(o.max_transfer, number(key, node, 2744U, 1U << 20));
    if (key == "overread_lead_in") return into(o.overread_lead_in, number(key, node, 0, 150));
    if (key == "overread_lead_out") return into(o.overread_lead_out, number(key, node, 0, 6750));
    if (key == "accurate_stream") return into(o.accurate_stream, truth(key, node));
    if (key == "cache_kib") return into(o.cache_kib, number(key, node, 0U, 65536U));
    if (key == "vendor_d8") return into(o.vendor_d8, truth(key, node));
    return expected(node, "a field of a drive", key);
  }

  Result<ConfigFile::Entry> entry(const toml::node& node) const {
    const toml::table* table = node.as_table();
    if (table == nullptr) return expected(node, "[[drive]]", type_name(node));
    ConfigFile::Entry entry;
    for (const auto& [key, value] : *table) TRY_VOID(set(key.str(), value, entry));
    if (entry.vendor.empty() || entry.product.empty()) {
      return expected(node, "vendor and product", entry.vendor.empty() ? "no vendor" : "no product");
    }
    return entry;
  }

 private:
  static std::string_view type_name(const toml::node& node) {
    switch (node.type()) {
      case toml::node_type::table:
        return "a table";
      case toml::node_type::array:
        return "an array";
      case toml::node_type::string:
        return "a string";
      case toml::node_type::integer:
        return "an integer";
      case toml::node_type::floating_point:
        return "a fraction";
      case toml::node_type::boolean:
        return "true or false";
      default:
        return "a date or time";
    }
  }

  std::string_view name_;
};

void merge(const ProfileOverrides& from, ProfileOverrides& into) {
  const auto take = [](const auto& value, auto& target) {
    if (value) target = value;
  };
  take(from.read_offset, into.read_offset);
  take(from.c2, into.c2);
  take(from.sub, into.sub);
  take(from.order, into.order);
  take(from.combination, into.combination);
  take(from.max_transfer, into.max_transfer);
  take(from.overread_lead_in, into.overread_lead_in);
  take(from.overread_lead_out, into.overread_lead_out);
  take(from.cache_kib, into.cache_kib);
  take(from.vendor_d8, into.vendor_d8);
  take(from.accurate_stream, into.accurate_stream);
}

// A value that stands before the drives. False: it is none of these.
Result<bool> take_setting(const Reader& reader, std::string_view key, const toml::node& value,
                          ConfigFile& config) {
  struct Url {
    std::string_view key;
    std::optional<std::string> ConfigFile::*url;
  };
  constexpr auto kUrls = std::to_array<Url>({{"accuraterip_url", &ConfigFile::accuraterip_url},
                                             {"ctdb_url", &ConfigFile::ctdb_url},
                                             {"musicbrainz_url", &ConfigFile::musicbrainz_url}});
  for (const Url& each : kUrls) {
    if (key != each.key) continue;
    TRY(config.*each.url, reader.url(key, value));
    return true;
  }
  if (key == "transport") {
    TRY(config.transport, reader.word(key, value, kTransportWords));
    return true;
  }
  if (key == "offline") {
    TRY(config.offline, reader.truth(key, value));
    return true;
  }
  return false;
}

// toml++ counts lines and, in a line, characters, both from 1.
std::size_t offset_of_position(std::string_view text, toml::source_position position) {
  std::size_t at = 0;
  for (toml::source_index line = 1; line < position.line; ++line) {
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  }
  const auto continues = [&] { return at < text.size() && (text[at] & '\xC0') == '\x80'; };
  for (toml::source_index column = 1; column < position.column && at < text.size(); ++column) {
    ++at;
    while (continues()) ++at;
  }
  return at;
}

Place place_of(std::string_view text, const toml::node& node) {
  return {offset_of_position(text, node.source().begin), offset_of_position(text, node.source().end)};
}

PlacedEntry placed_entry(std::string_view text, const toml::table& table) {
  PlacedEntry entry;
  entry.vendor = table["vendor"].value_or(std::string());
  entry.product = table["product"].value_or(std::string());
  entry.serial = table["serial"].value<std::string>();
  if (const toml::node* product = table.get("product")) entry.product_value = place_of(text, *product);
  if (const toml::node* value = table.get("read_offset")) entry.read_offset_value = place_of(text, *value);
  entry.form = table.is_inline() ? EntryForm::in_line : EntryForm::lines;
  return entry;
}

}  // namespace

std::filesystem::path config_path() {
  const char* configured = std::getenv("XDG_CONFIG_HOME");
  // The XDG base directory specification: a path that is not absolute is to be ignored.
  if (configured != nullptr && configured[0] == '/') {
    return std::filesystem::path(configured) / "binrip/config.toml";
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || home[0] == '\0') return {};
  return std::filesystem::path(home) / ".config/binrip/config.toml";
}

Result<ConfigFile> parse_config(std::string_view text, std::string_view name) {
  const toml::parse_result parsed = toml::parse(text, std::string(name));
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return fail(ErrorKind::invalid, fmt::format("{}:{}: {}", name, error.source().begin.line,
                                                std::string_view(error.description())));
  }
  const Reader reader(name);
  ConfigFile config;
  for (const auto& [key, value] : parsed.table()) {
    TRY(const bool taken, take_setting(reader, key.str(), value, config));
    if (taken) continue;
    if (key.str() != "drive") return reader.expected(value, "[[drive]]", key.str());
    const toml::array* drives = value.as_array();
    if (drives == nullptr) return reader.expected(value, "[[drive]]", "[drive]");
    for (const toml::node& node : *drives) {
      TRY(ConfigFile::Entry entry, reader.entry(node));
      config.drives.push_back(std::move(entry));
    }
  }
  return config;
}

Result<std::vector<PlacedEntry>> placed_entries(std::string_view text, std::string_view name) {
  const toml::parse_result parsed = toml::parse(text, std::string(name));
  if (!parsed) return fail(ErrorKind::invalid, fmt::format("{}: expected TOML", name));
  std::vector<PlacedEntry> entries;
  const toml::array* drives = parsed.table()["drive"].as_array();
  if (drives == nullptr) return entries;
  for (const toml::node& node : *drives) {
    if (const toml::table* table = node.as_table()) entries.push_back(placed_entry(text, *table));
  }
  return entries;
}

Result<ConfigFile> load_config() {
  const std::filesystem::path path = config_path();
  std::error_code unknown;
  if (path.empty() || !std::filesystem::exists(path, unknown)) return ConfigFile{};
  TRY(const std::string text, read_text(path, kLargestConfig));
  return parse_config(text, path.string());
}

// Entries for the model first, then those for this very drive; later ones win.
std::optional<ProfileOverrides> config_lookup(const ConfigFile& config, const DriveIdentity& drive) {
  std::optional<ProfileOverrides> found;
  for (const bool wants_serial : {false, true}) {
    for (const ConfigFile::Entry& entry : config.drives) {
      if (wants_serial == entry.serial.empty()) continue;
      if (wants_serial && entry.serial != drive.serial) continue;
      if (canonical_name(entry.vendor) != canonical_name(drive.vendor)) continue;
      if (canonical_name(entry.product) != canonical_name(drive.product)) continue;
      if (!found) found.emplace();
      merge(entry.overrides, *found);
    }
  }
  return found;
}

}  // namespace binrip::drive
