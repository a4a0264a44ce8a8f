#include <fmt/format.h>

#include "name_text.hpp"

#include "binrip/batch/naming.hpp"
#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

constexpr std::size_t kLongestTemplate = 500;
constexpr std::string_view kSeparators = " -_.,;+&#~=";

struct NamedField {
  std::string_view name;
  std::string NameFields::*field;
};
constexpr std::array<NamedField, 8> kFields = {{{"artist", &NameFields::artist},
                                                {"title", &NameFields::title},
                                                {"volume", &NameFields::volume},
                                                {"barcode", &NameFields::barcode},
                                                {"discid", &NameFields::disc_id},
                                                {"order", &NameFields::order},
                                                {"date", &NameFields::date},
                                                {"drive", &NameFields::drive}}};

std::string hint() {
  std::string names;
  for (const NamedField& field : kFields)
    names += fmt::format("{}{{{}}}", names.empty() ? "" : ", ", field.name);
  return fmt::format("fields are {}; the default is {}", names, kDefaultName);
}

bool is_separator(char c) { return kSeparators.find(c) != std::string_view::npos; }

}  // namespace

class NameTemplate::Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<std::vector<std::vector<Piece>>> parse() {
    if (text_.empty()) return error(0, "it is empty");
    if (text_.size() > kLongestTemplate) {
      return error(0, fmt::format("it is longer than {} bytes", kLongestTemplate));
    }
    if (!image::is_utf8(text_)) return error(0, "it is not UTF-8");
    if (text_[0] == '/') return error(0, "the path has to be relative to the archive");
    std::vector<std::vector<Piece>> components;
    while (true) {
      const std::size_t begin = at_;
      TRY(components.emplace_back(), pieces(0));
      const std::string_view written = text_.substr(begin, at_ - begin);
      if (written.find_first_not_of(' ') == std::string_view::npos) return error(begin, "a name is empty");
      if (written == "." || written == "..") {
        return error(begin, fmt::format("\"{}\" leads out of the archive", written));
      }
      if (components.size() > kMostFolders) {
        return error(begin, fmt::format("more than {} names below each other", kMostFolders));
      }
      if (at_ == text_.size()) return components;
      ++at_;  // "/"
    }
  }

 private:
  tl::unexpected<Error> error(std::size_t at, std::string_view what) const {
    std::size_t column = 1;
    for (const char c : text_.substr(0, at)) column += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    return fail(ErrorKind::usage, fmt::format("name template, column {}: {}", column, what), hint());
  }

  // Up to the end, to "/", or to `close`, the bracket that ends a group; 0: no group.
  Result<std::vector<Piece>> pieces(char close) {
    std::vector<Piece> result;
    while (at_ < text_.size() && text_[at_] != '/') {
      const char c = text_[at_];
      if (c == ']' || c == ')') {
        if (c == close) return result;
        return error(at_, fmt::format("\"{}\" has no opening bracket", c));
      }
      if (c == '}') return error(at_, "\"}\" has no opening brace");
      if (c == '{') {
        TRY(result.emplace_back(), field());
      } else if (c == '[' || c == '(') {
        TRY(result.emplace_back(), group());
      } else {
        result.push_back(literal());
      }
    }
    return result;
  }

  Result<Piece> field() {
    const std::size_t end = text_.find_first_of("{}/", at_ + 1);
    if (end == std::string_view::npos || text_[end] != '}') return error(at_, "\"{\" has no closing brace");
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    for (const NamedField& known : kFields) {
      if (known.name != name) continue;
      at_ = end + 1;
      return Piece{.kind = Piece::Kind::field, .field = known.field};
    }
    return error(at_, fmt::format("unknown field {{{}}}", image::visible(name)));
  }

  Result<Piece> group() {
    const std::size_t begin = at_;
    Piece piece{.kind = Piece::Kind::group, .open = text_[begin]};
    piece.close = piece.open == '[' ? ']' : ')';
    ++at_;
    TRY(piece.inside, pieces(piece.close));
    if (at_ == text_.size() || text_[at_] != piece.close) {
      return error(begin, fmt::format("\"{}\" has no closing bracket", piece.open));
    }
    ++at_;
    return piece;
  }

  Piece literal() {
    const std::size_t begin = at_;
    const bool separator = is_separator(text_[begin]);
    const std::string_view ends = "{}[]()/";
    while (at_ < text_.size() && is_separator(text_[at_]) == separator &&
           ends.find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    return Piece{.kind = separator ? Piece::Kind::separator : Piece::Kind::word,
                 .text = std::string(text_.substr(begin, at_ - begin)),
                 .inside = {}};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Result<NameTemplate> NameTemplate::parse(std::string_view text) {
  NameTemplate result;
  TRY(result.components_, Parser(text).parse());
  return result;
}

NameTemplate::Joined NameTemplate::text_of(const Piece& piece, const NameFields& fields) {
  if (piece.kind == Piece::Kind::field) {
    Joined value{.text = safe_value(fields.*piece.field), .has_fields = true};
    value.has_values = !value.text.empty();
    return value;
  }
  if (piece.kind != Piece::Kind::group) return {.text = safe_value(piece.text)};
  Joined inside = join(piece.inside, fields);
  if (!inside.text.empty()) inside.text = piece.open + inside.text + piece.close;
  return inside;
}

NameTemplate::Joined NameTemplate::join(const std::vector<Piece>& pieces, const NameFields& fields) {
  Joined result;
  std::string separator;        // the last one since what was written last
  bool something_left = false;  // out, since then
  for (const Piece& piece : pieces) {
    if (piece.kind == Piece::Kind::separator) {
      separator = piece.text;
      continue;
    }
    const Joined part = text_of(piece, fields);
    result.has_fields |= part.has_fields;
    result.has_values |= part.has_values;
    if (part.text.empty()) {
      something_left = true;
      continue;
    }
    if (!result.text.empty() || !something_left) result.text += separator;
    result.text += part.text;
    separator.clear();
    something_left = false;
  }
  if (!something_left) result.text += separator;
  if (result.has_fields && !result.has_values) result.text.clear();
  return result;
}

std::string NameTemplate::expand(const NameFields& fields) const {
  std::string path;
  std::string last;
  for (const std::vector<Piece>& pieces : components_) {
    last = safe_component(join(pieces, fields).text);
    if (&pieces != &components_.back() && !last.empty()) path += last + "/";
  }
  if (last.empty()) last = safe_component(safe_value(fields.disc_id));
  if (last.empty()) last = "disc";
  return path + last;
}

}  // namespace binrip::batch
