// One disc, from the drive to the published image: describe, read, understand, publish, report.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/image/report.hpp"
#include "binrip/job/rip_options.hpp"
#include "binrip/rip/events.hpp"

namespace binrip::drive {
class Transport;
}

namespace binrip::job {

struct RipOutcome {
  image::Report report;                      // has the verdict and the exit code 0, 2 or 3
  std::vector<std::filesystem::path> files;  // published, the sheet last
  std::optional<Error> not_signed = {};      // why the log was published without the signature asked for
};

// An image that is there, with a map that says that not all of it is good, is gone on with: a disc that
// agrees with it is read where it is not good, and a better image takes its place; where nothing got better
// it stays as it is, and the outcome is what its report says. With Existing::overwrite it counts as not
// there. Errors: what exit code 1 stands for, and cancelled (resumable: the same call goes on). On an Error
// nothing is published, and nothing is left behind that a resume does not need.
Result<RipOutcome> rip_disc(drive::Transport& transport, const RipOptions& options, rip::Listener& listener,
                            std::stop_token stop);

// Checks "FIELD=VALUE" for RipOptions::texts.
Result<std::pair<std::string, std::string>> parse_set_option(std::string_view text);

}  // namespace binrip::job
