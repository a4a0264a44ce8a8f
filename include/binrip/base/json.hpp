// JSON values: built, parsed, read and written. Only json.cpp includes the library that does the parsing,
// whose header takes seconds to compile.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "binrip/base/result.hpp"

namespace binrip {

inline constexpr int kJsonIndent = 2;  // of documents, for Json::dump

// A list of fields in braces makes an object, and fields nest:
//   const Json disc{{"title", title}, {"mcn", nullptr}, {"toc", {{"tracks", 12}, {"offsets", offsets}}}};
class Json {
 public:
  enum class Kind { null, boolean, number, string, array, object };
  struct Field;   // a name and a value in a list in braces
  struct Member;  // a name and a value in an object
  using Array = std::vector<Json>;
  using Object = std::vector<Member>;  // in the order in which they were added; no name occurs twice

  // Values convert to Json implicitly, so that lists of fields need no words between their names and values.
  // NOLINTBEGIN(google-explicit-constructor)
  Json() noexcept;
  Json(std::nullptr_t) noexcept;
  template <std::integral T>
  Json(T value) noexcept : value_(std::in_place_type<Stored<T>>, value) {}
  Json(double value) noexcept;  // written as null if it is not finite
  Json(const char* text);
  Json(std::string_view text);
  Json(std::string text) noexcept;
  template <class T>
  Json(const std::vector<T>& values) : Json(array()) {
    for (const T& value : values) push_back(value);
  }
  Json(std::initializer_list<Field> fields);  // the names must differ
  // NOLINTEND(google-explicit-constructor)
  explicit Json(Array elements) noexcept;
  explicit Json(Object members) noexcept;  // the names must differ
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  ~Json();

  static Json array();   // an empty one
  static Json object();  // an empty one

  Kind kind() const;
  bool is_array() const { return kind() == Kind::array; }
  bool is_object() const { return kind() == Kind::object; }

  // The value if it has that type, else nullopt or nullptr.
  std::optional<bool> as_boolean() const;
  std::optional<std::int64_t> as_integer() const;  // an integer, written as one, in the range of this type
  std::optional<double> as_number() const;         // any number
  const std::string* as_string() const;
  const Json* find(std::string_view name) const;  // that member of an object
  // That member of an object, or null if there is none.
  const Json& member(std::string_view name) const;
  // Nothing if it is another kind of value.
  const Array& elements() const;
  const Object& members() const;

  // Null becomes an array or an object. Must not be called on other kinds of values.
  void push_back(Json element);
  Json& operator[](std::string_view name);  // a member that does not exist is added, with the value null
  void erase(std::string_view name);        // does nothing if there is no such member

  // In one line, or indented by that many spaces a level. Bytes that are not UTF-8 become U+FFFD.
  std::string dump() const;
  std::string dump(int indent) const;

 private:
  class Writer;

  template <class T>
  using Stored = std::conditional_t<std::same_as<T, bool>, bool,
                                    std::conditional_t<std::signed_integral<T>, std::int64_t, std::uint64_t>>;

  std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> value_;
};

struct Json::Field {
  std::string_view name;
  mutable Json value;  // moved out of the list, whose elements are constant
};

struct Json::Member {
  std::string name;
  Json value;
};

// Arrays and objects deeper than this are refused, so that recursion over a value cannot exhaust the stack.
constexpr std::size_t kMaxJsonDepth = 1000;

// Parses strictly: one value, in UTF-8, without comments. Of several members with one name, the first gives
// the place and the last gives the value. Integers that do not fit 64 bits become double. An error begins
// with `name`.
Result<Json> parse_json(std::string_view text, std::string_view name = "JSON");

}  // namespace binrip
