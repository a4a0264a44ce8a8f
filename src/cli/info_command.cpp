#include "info_command.hpp"

#include <fmt/format.h>

#include "diagnostics.hpp"
#include "info_text.hpp"
#include "print_result.hpp"
#include "slow_notice.hpp"

#include "binrip/cli/description.hpp"
#include "binrip/cli/drive_invocations.hpp"
#include "binrip/cli/host.hpp"
#include "binrip/cli/text.hpp"

namespace binrip::cli {
namespace {

Result<Description> describe_drive(const InfoInvocation& options, Host& host, Console& console) {
  TRY(const drive::ConfigFile config, host.load_config());
  console.live_stage("opening " + safe_text(options.device.name));
  TRY(OpenDevice device, open_patiently(with_config(options.device, config), host, console));
  if (options.verbosity == Verbosity::verbose) {
    for (const std::string& warning : device.warnings) {
      console.line("binrip: warning: " + safe_text(warning));
    }
    device.transport = log_commands(std::move(device.transport), verbose_logger(console));
  }
  console.live_stage("looking at the disc");
  TRY(Description description, host.describe(*device.transport, config, options.overrides));
  if (!device.way.empty()) description.transport = fmt::format("{} ({})", device.way, device.why);
  return description;
}

}  // namespace

int info_command(const InfoInvocation& options, Host& host) {
  Console console(host.err, host.terminal);
  const Result<Description> description = describe_drive(options, host, console);
  console.clear();
  if (!description) {
    print_error(host.err, description.error());
    return kFailure;
  }
  const std::string& device = options.device.name;
  return print_result(host, options.format == OutputFormat::json ? info_json(device, *description)
                                                                 : info_text(device, *description));
}

}  // namespace binrip::cli
