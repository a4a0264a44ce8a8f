// Which part of an exhaustive test this run takes. A long test numbers its cases and takes every PERIODth of
// them; where it begins changes from run to run, so that PERIOD runs in a row are together the exhaustive
// run. BINRIP_ROTATION is the number of the run, or "all" for every case at once; 0 where it is not set.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string_view>

namespace binrip::test {

class Rotation {
 public:
  static constexpr const char* kVariable = "BINRIP_ROTATION";

  static Rotation all() { return Rotation(std::nullopt); }
  static Rotation run(std::uint64_t number) { return Rotation(number); }
  // Nothing for a text that is neither "all" nor a whole number.
  static std::optional<Rotation> parse(std::string_view text) {
    if (text == "all") return all();
    std::uint64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return run(number);
  }
  // Ends the program with exit code 2 where the variable makes no sense: a test that guesses what it should
  // take would leave out cases without a word.
  static Rotation from_environment() {
    const char* text = std::getenv(kVariable);
    if (text == nullptr) return run(0);
    const std::optional<Rotation> rotation = parse(text);
    if (rotation) return *rotation;
    std::cerr << kVariable << ": expected a whole number or \"all\", got \"" << text << "\"" << std::endl;
    std::_Exit(2);
  }

  bool is_all() const { return !number_; }
  // The number of the run; 0 for all.
  std::uint64_t number() const { return number_.value_or(0); }
  // Whether this run takes the case with that index. A period of 0 counts as 1: every run takes every case.
  bool takes(std::uint64_t index, std::uint64_t period) const {
    return is_all() || period == 0 || index % period == *number_ % period;
  }

 private:
  explicit Rotation(std::optional<std::uint64_t> number) : number_(number) {}

  std::optional<std::uint64_t> number_;  // none: all
};

}  // namespace binrip::test
