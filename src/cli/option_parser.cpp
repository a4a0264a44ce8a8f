#include "option_parser.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "help.hpp"
#include "option_values.hpp"

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

struct OptionParser::Impl {
  CLI::App app;
  std::vector<OptionHelp> options;  // but for positional arguments

  void add_help(std::string_view group, const CLI::Option& option, std::string type, const char* help) {
    const auto& shorts = option.get_snames();
    options.push_back({.group = std::string(group),
                       .short_name = shorts.empty() ? std::string() : shorts.front(),
                       .long_name = option.get_lnames().front(),
                       .type = std::move(type),
                       .help = help});
  }
};

OptionParser::OptionParser() : impl_(std::make_unique<Impl>()) {
  impl_->app.set_help_flag();  // none of CLI11's own: it would throw
}

OptionParser::~OptionParser() = default;

void OptionParser::positional(const char* name, std::string& target) { impl_->app.add_option(name, target); }

void OptionParser::positional(const char* name, std::vector<std::string>& target) {
  impl_->app.add_option(name, target);
}

void OptionParser::flag(std::string_view group, const char* names, bool& target, const char* help) {
  impl_->add_help(group, *impl_->app.add_flag(names, target), {}, help);
}

void OptionParser::value(std::string_view group, const char* name, const char* type, std::string& target,
                         const char* help) {
  impl_->add_help(group, *impl_->app.add_option(name, target)->type_name(type), type, help);
}

void OptionParser::list(std::string_view group, const char* name, const char* type,
                        std::vector<std::string>& target, const char* help) {
  CLI::Option* option = impl_->app.add_option(name, target);
  option->type_name(type)->take_all()->allow_extra_args(false);
  impl_->add_help(group, *option, type, help);
}

Result<std::optional<std::string>> OptionParser::parse(std::string_view command,
                                                       std::vector<std::string> arguments) {
  bool help = false;
  bool version = false;
  flag("Other", "-h,--help", help, "This text");
  flag("Other", "-V,--version", version, "The version");
  // Who asks for help gets it, whatever else stands on the line.
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  if (std::any_of(arguments.begin(), end, [](auto& a) { return a == "--help" || a == "-h"; })) {
    return help_text(command, impl_->options);
  }
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
  try {
    impl_->app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return fail(parse_error(impl_->app, error));
  }
  if (help) return help_text(command, impl_->options);
  if (version) return version_text();
  return std::nullopt;
}

}  // namespace binrip::cli
