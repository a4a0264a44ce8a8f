#include "binrip/base/json.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace binrip {
namespace {

using Library = nlohmann::json;

std::string dump_scalar(const Library& scalar) {
  return scalar.dump(-1, ' ', false, Library::error_handler_t::replace);
}

void append_string(std::string& out, const std::string& text) {
  const auto needs_no_escape = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
  if (!std::all_of(text.begin(), text.end(), needs_no_escape)) {
    out += dump_scalar(text);
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

// Of several members with one name, the first stays and takes the value of the last.
Json::Object merge_same_names(Json::Object members) {
  std::vector<std::size_t> by_name(members.size());
  std::iota(by_name.begin(), by_name.end(), std::size_t{0});
  std::stable_sort(by_name.begin(), by_name.end(),
                   [&](std::size_t a, std::size_t b) { return members[a].name < members[b].name; });
  std::vector<bool> superfluous(members.size());
  std::size_t first = 0;
  for (std::size_t i = 1; i < by_name.size(); ++i) {
    Json::Member& member = members[by_name[i]];
    if (member.name != members[by_name[first]].name) {
      first = i;
      continue;
    }
    members[by_name[first]].value = std::move(member.value);
    superfluous[by_name[i]] = true;
  }
  Json::Object kept;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!superfluous[i]) kept.push_back(std::move(members[i]));
  }
  return kept;
}

// Takes what the library's parser finds, one call each. Returning false stops the parser.
class Builder : public nlohmann::json_sax<Library> {
 public:
  Json take_result() { return std::move(result_); }
  // Where the text is no JSON, counted from 1; nullopt if it is nested too deeply.
  std::optional<std::size_t> error_byte() const { return error_byte_; }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(std::int64_t value) override { return add(value); }
  bool number_unsigned(std::uint64_t value) override { return add(value); }
  bool number_float(double value, const std::string&) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(Library::binary_t&) override { return false; }  // not in JSON

  bool start_object(std::size_t) override { return open(Json::Kind::object); }
  bool key(std::string& name) override {
    open_.back().members.push_back({std::move(name), nullptr});
    return true;
  }
  bool end_object() override {
    Json::Object members = std::move(open_.back().members);
    open_.pop_back();
    return add(Json(merge_same_names(std::move(members))));
  }

  bool start_array(std::size_t) override { return open(Json::Kind::array); }
  bool end_array() override {
    Json::Array elements = std::move(open_.back().elements);
    open_.pop_back();
    return add(Json(std::move(elements)));
  }

  bool parse_error(std::size_t byte, const std::string&, const Library::exception&) override {
    error_byte_ = byte;
    return false;
  }

 private:
  // An array or an object whose end has not come. The value of the last member comes after its name.
  struct Container {
    Json::Kind kind;
    Json::Array elements = {};
    Json::Object members = {};
  };

  bool open(Json::Kind kind) {
    if (open_.size() == kMaxJsonDepth) return false;
    open_.push_back({kind});
    return true;
  }
  bool add(Json value) {
    if (open_.empty()) {
      result_ = std::move(value);
    } else if (open_.back().kind == Json::Kind::array) {
      open_.back().elements.push_back(std::move(value));
    } else {
      open_.back().members.back().value = std::move(value);
    }
    return true;
  }

  std::vector<Container> open_;
  Json result_;
  std::optional<std::size_t> error_byte_;
};

}  // namespace

// Appends values to a text, in one line if there is no indent.
class Json::Writer {
 public:
  Writer(std::string& out, std::optional<int> indent) : out_(out), indent_(indent) {}

  void write(const Json& json) { std::visit(*this, json.value_); }

  void operator()(std::nullptr_t) { out_ += "null"; }
  void operator()(bool value) { out_ += value ? "true" : "false"; }
  void operator()(std::int64_t value) { out_ += std::to_string(value); }
  void operator()(std::uint64_t value) { out_ += std::to_string(value); }
  void operator()(double value) { out_ += dump_scalar(value); }
  void operator()(const std::string& text) { append_string(out_, text); }
  void operator()(const Array& elements) {
    list("[]", elements, [&](const Json& element) { write(element); });
  }
  void operator()(const Object& members) {
    list("{}", members, [&](const Member& member) {
      append_string(out_, member.name);
      out_ += indent_ ? ": " : ":";
      write(member.value);
    });
  }

 private:
  template <class Items, class F>
  void list(std::string_view brackets, const Items& items, F write_item) {
    if (items.empty()) {
      out_ += brackets;
      return;
    }
    out_ += brackets.front();
    ++depth_;
    for (const auto& item : items) {
      if (&item != &items.front()) out_ += ',';
      new_line();
      write_item(item);
    }
    --depth_;
    new_line();
    out_ += brackets.back();
  }
  void new_line() {
    if (!indent_) return;
    out_ += '\n';
    out_.append(depth_ * static_cast<std::size_t>(*indent_), ' ');
  }

  std::string& out_;
  std::optional<int> indent_;
  std::size_t depth_ = 0;
};

Json::Json() noexcept : value_(nullptr) {}
Json::Json(std::nullptr_t) noexcept : value_(nullptr) {}
Json::Json(double value) noexcept : value_(value) {}
Json::Json(const char* text) : value_(std::in_place_type<std::string>, text) {}
Json::Json(std::string_view text) : value_(std::in_place_type<std::string>, text) {}
Json::Json(std::string text) noexcept : value_(std::move(text)) {}
Json::Json(std::initializer_list<Field> fields) : value_(std::in_place_type<Object>) {
  Object& object = std::get<Object>(value_);
  object.reserve(fields.size());
  for (const Field& field : fields) object.push_back({std::string(field.name), std::move(field.value)});
}
Json::Json(Array elements) noexcept : value_(std::move(elements)) {}
Json::Json(Object members) noexcept : value_(std::move(members)) {}
Json::Json(const Json& other) = default;
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(const Json& other) = default;
Json& Json::operator=(Json&& other) noexcept = default;
Json::~Json() = default;

Json Json::array() { return Json(Array()); }
Json Json::object() { return Json(Object()); }

Json::Kind Json::kind() const {
  struct Visitor {
    Kind operator()(std::nullptr_t) const { return Kind::null; }
    Kind operator()(bool) const { return Kind::boolean; }
    Kind operator()(std::int64_t) const { return Kind::number; }
    Kind operator()(std::uint64_t) const { return Kind::number; }
    Kind operator()(double) const { return Kind::number; }
    Kind operator()(const std::string&) const { return Kind::string; }
    Kind operator()(const Array&) const { return Kind::array; }
    Kind operator()(const Object&) const { return Kind::object; }
  };
  return std::visit(Visitor{}, value_);
}

std::optional<bool> Json::as_boolean() const {
  const bool* value = std::get_if<bool>(&value_);
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<std::int64_t> Json::as_integer() const {
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return *value;
  const auto* value = std::get_if<std::uint64_t>(&value_);
  if (value != nullptr && std::in_range<std::int64_t>(*value)) return static_cast<std::int64_t>(*value);
  return std::nullopt;
}

std::optional<double> Json::as_number() const {
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<std::uint64_t>(&value_)) return static_cast<double>(*value);
  return std::nullopt;
}

const std::string* Json::as_string() const { return std::get_if<std::string>(&value_); }

const Json* Json::find(std::string_view name) const {
  for (const Member& member : members()) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

const Json& Json::member(std::string_view name) const {
  static const Json kNull;
  const Json* found = find(name);
  return found != nullptr ? *found : kNull;
}

const Json::Array& Json::elements() const {
  static const Array kNone;
  const auto* elements = std::get_if<Array>(&value_);
  return elements != nullptr ? *elements : kNone;
}

const Json::Object& Json::members() const {
  static const Object kNone;
  const auto* members = std::get_if<Object>(&value_);
  return members != nullptr ? *members : kNone;
}

void Json::push_back(Json element) {
  if (kind() == Kind::null) *this = array();
  assert(is_array());
  std::get<Array>(value_).push_back(std::move(element));
}

Json& Json::operator[](std::string_view name) {
  if (kind() == Kind::null) *this = object();
  assert(is_object());
  Object& members = std::get<Object>(value_);
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const Member& each) { return each.name == name; });
  if (found != members.end()) return found->value;
  return members.emplace_back(Member{std::string(name), nullptr}).value;
}

void Json::erase(std::string_view name) {
  if (auto* members = std::get_if<Object>(&value_)) {
    std::erase_if(*members, [&](const Member& member) { return member.name == name; });
  }
}

std::string Json::dump() const {
  std::string out;
  Writer(out, std::nullopt).write(*this);
  return out;
}

std::string Json::dump(int indent) const {
  std::string out;
  Writer(out, indent).write(*this);
  return out;
}

Result<Json> parse_json(std::string_view text, std::string_view name) {
  Builder builder;
  if (Library::sax_parse(text.begin(), text.end(), &builder)) return builder.take_result();
  const std::optional<std::size_t> byte = builder.error_byte();
  if (!byte) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: expected JSON of at most {} levels", name, kMaxJsonDepth));
  }
  const std::string_view before = text.substr(0, *byte);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  return fail(ErrorKind::invalid,
              fmt::format("{}:{}: expected JSON, got something else at byte {}", name, line, *byte));
}

}  // namespace binrip
