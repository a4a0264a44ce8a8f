// The options of one command, and how the words after it are distributed among them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"

namespace binrip::cli {

// Each option is defined with the variable that parse() sets when the option is given; the variables must
// outlive the parser. `group` is the option's heading in the text of --help.
class OptionParser {
 public:
  OptionParser();
  ~OptionParser();
  OptionParser(const OptionParser&) = delete;
  OptionParser& operator=(const OptionParser&) = delete;

  // Positional arguments, in the order of their definition. A list takes all that are left.
  void positional(const char* name, std::string& target);
  void positional(const char* name, std::vector<std::string>& target);

  // `names`: "--quiet", or "-q,--quiet".
  void flag(std::string_view group, const char* names, bool& target, const char* help);
  // `type`: the value's name in the text of --help.
  void value(std::string_view group, const char* name, const char* type, std::string& target,
             const char* help);
  // May be given several times, each time with one value.
  void list(std::string_view group, const char* name, const char* type, std::vector<std::string>& target,
            const char* help);

  // Called once. `command` chooses the text of --help. Gives a text to print where help or the version is
  // asked for. Errors: usage.
  Result<std::optional<std::string>> parse(std::string_view command, std::vector<std::string> arguments);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace binrip::cli
