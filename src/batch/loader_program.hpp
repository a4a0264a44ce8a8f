// A program that is run on behalf of a loader: told to the log, and its troubles as a LoaderError.
#pragma once

#include <string>
#include <string_view>

#include "binrip/base/program.hpp"
#include "binrip/batch/loader.hpp"

namespace binrip::batch {

struct LoaderProgram {
  std::string what;        // as LoaderStep
  std::string drive_node;  // as LoaderStep
  ProgramRun run;
};

// Whatever its exit code. Errors: what cannot be started stops the batch, since it cannot for any drive; one
// that took too long asks for `on_timeout`.
LoaderResult<ProgramEnd> run_for_loader(LoaderProgram program, LoaderRemedy on_timeout, const LoaderLog& log,
                                        const std::stop_token& stop);

// ": the last line of it that says something", in UTF-8, shortened, without control characters; nothing where
// there is none.
std::string last_words(std::string_view output);

}  // namespace binrip::batch
