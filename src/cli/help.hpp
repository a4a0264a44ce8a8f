// The texts of --help and --version.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace binrip::cli {

// Usage, and the options as the parser knows them, by group.
std::string help_text(std::string_view command, const CLI::App& app);
std::string version_text();

}  // namespace binrip::cli
