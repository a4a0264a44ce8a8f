// What all commands share in understanding the command line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "binrip/cli/options.hpp"

namespace binrip::cli {

tl::unexpected<Error> usage_error(std::string message);

// A decimal number, perhaps with a sign. Errors: usage, "OPTION: expected WHAT from … to …, got …".
Result<int> number(std::string_view option, std::string_view text, std::string_view what, int lowest,
                   int highest);

// Lets `app`, in which the command's options are defined, take the words after the command. Gives a text
// where help or the version is asked for.
Result<std::optional<TextInvocation>> parse_words(CLI::App& app, std::string_view command,
                                                  std::vector<std::string> arguments);

}  // namespace binrip::cli
