#include "dat_parser.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <expat.h>
#include <fmt/format.h>

namespace binrip::verify {
namespace {

constexpr std::size_t kMostFiles = 10'000;        // of a game
constexpr std::size_t kMaxDatDepth = 16;          // elements in elements
constexpr std::size_t kMaxDatName = 1'000;        // bytes
constexpr std::int64_t kLongestToken = 64 << 10;  // expat keeps a tag whole
constexpr std::size_t kShown = 60;

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using ParserPointer = std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser>;

// For a message: one line of it.
std::string shown_xml(std::string_view text) {
  std::string line(text.substr(0, kShown));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; },
      '?');
  return line;
}

std::optional<std::string_view> attribute(const char** attributes, std::string_view name) {
  for (; attributes[0] != nullptr; attributes += 2) {
    if (name == attributes[0]) return attributes[1];
  }
  return std::nullopt;
}

std::optional<std::string> hex_of(std::string_view text, std::size_t digits) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return std::nullopt;
  }
  return result.size() == digits ? std::optional(result) : std::nullopt;
}

bool is_game(std::string_view name) { return name == "game" || name == "machine"; }

}  // namespace

struct DatParser::State {
  State(std::string file_name, const DatSink& to) : name(std::move(file_name)), sink(to) {}

  // Later ones follow from the first.
  void refuse(std::string_view expected, std::string_view got) {
    if (error) return;
    error = Error{ErrorKind::invalid, fmt::format("{}:{}: expected {}, got {}", name,
                                                  XML_GetCurrentLineNumber(parser.get()), expected, got)};
    XML_StopParser(parser.get(), XML_FALSE);
  }

  void start(std::string_view element, const char** attributes) {
    path.emplace_back(element.substr(0, kShown));
    if (path.size() == 1 && element != "datafile") {
      return refuse("<datafile>", fmt::format("<{}>", shown_xml(element)));
    }
    if (path.size() > kMaxDatDepth) return refuse("elements less deep in each other", shown_xml(element));
    if (path.size() == 2 && is_game(element)) return start_game(attributes);
    if (path.size() == 3 && is_game(path[1]) && element == "rom") return start_file(attributes);
    text = nullptr;
    if (path.size() == 3 && path[1] == "header") {
      if (element == "name") text = &header.name;
      if (element == "version") text = &header.version;
    }
  }

  void start_game(const char** attributes) {
    game = {};
    game.name = name_of("game", attributes);
  }
  void start_file(const char** attributes) {
    DatFile file;
    file.name = name_of("rom", attributes);
    const std::string_view size = attribute(attributes, "size").value_or("");
    const auto [end, problem] = std::from_chars(size.data(), size.data() + size.size(), file.size);
    if (problem != std::errc() || end != size.data() + size.size()) {
      return refuse("a size in bytes for <rom>", fmt::format("\"{}\"", shown_xml(size)));
    }
    digest(attributes, "crc", 8, file.crc32);
    digest(attributes, "md5", 32, file.md5);
    digest(attributes, "sha1", 40, file.sha1);
    if (game.files.size() >= kMostFiles)
      return refuse(fmt::format("at most {} files in a game", kMostFiles), "more");
    game.files.push_back(std::move(file));
  }

  std::string name_of(std::string_view element, const char** attributes) {
    const std::string_view value = attribute(attributes, "name").value_or("");
    if (value.empty()) refuse(fmt::format("a name for <{}>", element), "none");
    if (value.size() > kMaxDatName) {
      refuse(fmt::format("a name of at most {} bytes", kMaxDatName), fmt::format("{} bytes", value.size()));
    }
    return std::string(value.substr(0, kMaxDatName));
  }

  // Some write an empty one for a file that nobody has.
  void digest(const char** attributes, const char* which, std::size_t digits, std::string& target) {
    const std::string_view value = attribute(attributes, which).value_or("");
    if (value.empty()) return;
    const std::optional<std::string> hex = hex_of(value, digits);
    if (!hex)
      return refuse(fmt::format("{} hex digits for {}", digits, which),
                    fmt::format("\"{}\"", shown_xml(value)));
    target = *hex;
  }

  void characters(std::string_view data) {
    if (text != nullptr && text->size() + data.size() <= kMaxDatName) *text += data;
  }

  void end() {
    text = nullptr;
    const bool ends_game = path.size() == 2 && is_game(path[1]);
    path.pop_back();
    if (ends_game && !error) sink(std::move(game));
  }

  std::string name;
  const DatSink& sink;
  ParserPointer parser;
  std::optional<Error> error;
  std::vector<std::string> path;
  std::string* text = nullptr;  // of the header, that is read now
  DatHeader header;
  DatGame game;
  std::int64_t fed = 0;
};

// Not in this class: expat's types stay here.
namespace {
template <class State>
void listen(XML_Parser parser, State* state) {
  XML_SetUserData(parser, state);
  XML_SetElementHandler(
      parser,
      [](void* user, const char* element, const char** attributes) {
        static_cast<State*>(user)->start(element, attributes);
      },
      [](void* user, const char*) { static_cast<State*>(user)->end(); });
  XML_SetCharacterDataHandler(parser, [](void* user, const char* data, int size) {
    static_cast<State*>(user)->characters({data, static_cast<std::size_t>(size)});
  });
  // A name that stands for other names can stand for gigabytes.
  XML_SetEntityDeclHandler(parser, [](void* user, const char* name, int, const char*, int, const char*,
                                      const char*, const char*, const char*) {
    static_cast<State*>(user)->refuse("a DAT without entities of its own",
                                      fmt::format("\"{}\"", shown_xml(name)));
  });
}
}  // namespace

DatParser::DatParser(std::string name, const DatSink& sink)
    : state_(std::make_unique<State>(std::move(name), sink)) {
  state_->parser.reset(XML_ParserCreate(nullptr));
  if (state_->parser) listen(state_->parser.get(), state_.get());
}
DatParser::~DatParser() = default;

Result<void> DatParser::feed(std::string_view piece) {
  State& s = *state_;
  if (!s.parser) return fail(ErrorKind::io, "out of memory");
  while (!piece.empty()) {
    const std::string_view part = piece.substr(0, static_cast<std::size_t>(kLongestToken));
    piece.remove_prefix(part.size());
    const XML_Status status =
        XML_Parse(s.parser.get(), part.data(), static_cast<int>(part.size()), XML_FALSE);
    s.fed += static_cast<std::int64_t>(part.size());
    if (status != XML_STATUS_OK && !s.error) {
      s.refuse("well-formed XML", XML_ErrorString(XML_GetErrorCode(s.parser.get())));
    }
    const auto at = static_cast<std::int64_t>(XML_GetCurrentByteIndex(s.parser.get()));
    if (s.fed - at > 2 * kLongestToken)
      s.refuse(fmt::format("tags below {} bytes", kLongestToken), "a longer one");
    if (s.error) return fail(*s.error);
  }
  return {};
}

Result<DatHeader> DatParser::finish() {
  State& s = *state_;
  if (!s.parser) return fail(ErrorKind::io, "out of memory");
  if (XML_Parse(s.parser.get(), "", 0, XML_TRUE) != XML_STATUS_OK && !s.error) {
    s.refuse("well-formed XML", XML_ErrorString(XML_GetErrorCode(s.parser.get())));
  }
  if (s.error) return fail(*s.error);
  return std::move(s.header);
}

}  // namespace binrip::verify
