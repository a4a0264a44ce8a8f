#include "loader_program.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

constexpr std::size_t kLoggedOutput = 16U << 10;
constexpr std::size_t kLongestWords = 200;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

}  // namespace

std::string last_words(std::string_view output) {
  while (!output.empty()) {
    const std::size_t newline = output.find_last_of('\n');
    const std::size_t begin = newline == output.npos ? 0 : newline + 1;
    std::string line = image::as_utf8(image::cut_utf8(output.substr(begin), kLongestWords));
    std::replace_if(line.begin(), line.end(), is_control, ' ');
    const std::size_t first = line.find_first_not_of(' ');
    if (first != line.npos) return ": " + line.substr(first, line.find_last_not_of(' ') + 1 - first);
    output = output.substr(0, newline == output.npos ? 0 : newline);
  }
  return {};
}

LoaderResult<ProgramEnd> run_for_loader(LoaderProgram program, LoaderRemedy on_timeout, const LoaderLog& log,
                                        const std::stop_token& stop) {
  LoaderStep step{.what = program.what, .drive_node = program.drive_node, .end = {}, .output = {}};
  program.run.said_until_ended = &step.output;
  auto end = run_program(program.run, stop);
  if (end) {
    step.end = fmt::format("exit code {}", end->exit_code);
    step.output = end->output;
  } else {
    step.end = end.error().message;
  }
  step.output = image::as_utf8(image::cut_utf8(step.output, kLoggedOutput));
  if (log) log(step);
  if (end) return std::move(*end);
  const bool late = end.error().kind == ErrorKind::timeout;
  return tl::unexpected(LoaderError{.remedy = late ? on_timeout : LoaderRemedy::stop, .error = end.error()});
}

}  // namespace binrip::batch
