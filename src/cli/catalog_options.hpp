// `binrip catalog …` as values.
#pragma once

#include "binrip/cli/options.hpp"

namespace binrip::cli {

inline constexpr std::string_view kCatalogCommand = "catalog";

// `arguments`: what follows that word.
Result<Invocation> parse_catalog(std::vector<std::string> arguments);

}  // namespace binrip::cli
