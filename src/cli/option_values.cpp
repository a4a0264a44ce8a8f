#include "option_values.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "help.hpp"

namespace binrip::cli {
namespace {

// What CLI11 says, in this program's form.
Error parse_error(const CLI::App& app, const CLI::ParseError& error) {
  const std::string what = error.what();
  const std::vector<std::string> extras = app.remaining();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !extras.empty()) {
    const bool option = extras.front().starts_with('-');
    return usage_error(
               fmt::format("{} {}", option ? "unknown option" : "unexpected argument", extras.front()))
        .value();
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr && what.find(':') != std::string::npos) {
    const std::string name = what.substr(0, what.find(':'));
    const auto* option = app.get_option_no_throw(name);
    const bool given = option != nullptr && option->count() > 0 && !option->results().empty();
    return usage_error(fmt::format("{}: {}", name, given ? "given more than once" : "expected a value"))
        .value();
  }
  std::string message = what;
  while (message.ends_with('.') || message.ends_with('\n')) message.pop_back();
  if (!message.empty()) message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
  return usage_error(message).value();
}

}  // namespace

tl::unexpected<Error> usage_error(std::string message) {
  return fail(ErrorKind::usage, std::move(message), "`binrip --help` lists commands and options");
}

Result<int> number(std::string_view option, std::string_view text, std::string_view what, int lowest,
                   int highest) {
  const bool plus = text.starts_with('+') && !text.starts_with("+-");
  const std::string_view digits = plus ? text.substr(1) : text;
  int value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = problem == std::errc() && end == digits.data() + digits.size();
  if (!whole || value < lowest || value > highest) {
    return usage_error(
        fmt::format("{}: expected {} from {} to {}, got \"{}\"", option, what, lowest, highest, text));
  }
  return value;
}

Result<std::chrono::seconds> duration(std::string_view option, std::string_view text) {
  constexpr int kMost = 1'000'000;
  int seconds_each = 60;
  std::string_view digits = text;
  if (text.ends_with('s') || text.ends_with('m') || text.ends_with('h')) {
    seconds_each = text.back() == 's' ? 1 : text.back() == 'm' ? 60 : 3600;
    digits.remove_suffix(1);
  }
  const auto value = number(option, digits, "", 1, kMost);
  if (!value) {
    return usage_error(fmt::format("{}: expected a time such as 90m, 45s or 2h, got \"{}\"", option, text));
  }
  return std::chrono::seconds(std::int64_t{*value} * seconds_each);
}

Result<std::optional<TextInvocation>> parse_words(CLI::App& app, std::string_view command,
                                                  std::vector<std::string> arguments) {
  bool help = false;
  bool version = false;
  app.set_help_flag();  // none of CLI11's own: it would throw
  app.add_flag("-h,--help", help, "This text")->group("Other");
  app.add_flag("-V,--version", version, "The version")->group("Other");
  // Who asks for help gets it, whatever else stands on the line.
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  if (std::any_of(arguments.begin(), end, [](auto& a) { return a == "--help" || a == "-h"; })) {
    return TextInvocation{help_text(command, app)};
  }
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return fail(parse_error(app, error));
  }
  if (help) return TextInvocation{help_text(command, app)};
  if (version) return TextInvocation{version_text()};
  return std::nullopt;
}

}  // namespace binrip::cli
