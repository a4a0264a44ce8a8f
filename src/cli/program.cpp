#include <cstdlib>
#include <iostream>

#include <unistd.h>

#include "ask_drive.hpp"
#include "drive_list.hpp"
#include "signals.hpp"

#include "binrip/cli/description.hpp"
#include "binrip/cli/device.hpp"
#include "binrip/cli/drive_state.hpp"
#include "binrip/cli/host.hpp"
#include "binrip/cli/run.hpp"
#include "binrip/job/merge.hpp"
#include "binrip/job/rip_job.hpp"

namespace binrip::cli {
namespace {

Result<Description> describe(drive::Transport& transport, const drive::ConfigFile& config,
                             const drive::ProfileOverrides& overrides) {
  constexpr std::chrono::seconds kReadyLimit{60};
  drive::Drive drive(transport);
  TRY_VOID(drive.wait_ready(kReadyLimit));
  Description result;
  TRY(result.drive, job::describe_drive(drive, config, overrides));
  TRY(result.disc, job::describe_disc(drive));
  TRY_VOID(job::ask_more(drive, result.disc));
  return result;
}

// A list that cannot be read is as good as none: it can be fetched anew.
Result<drive::ConfigFile> load_config() {
  TRY(drive::ConfigFile config, drive::load_config());
  if (auto listed = drive::load_drive_offsets(drive_list_file())) config.listed = std::move(*listed);
  return config;
}

std::shared_ptr<net::Fetcher> fetcher(net::Access access) {
  const char* offline = std::getenv("BINRIP_OFFLINE");
  if (offline != nullptr && offline[0] != '\0') access = net::Access::offline;
  return net::make_fetcher(
      {.cache = net::cache_folder(), .user_agent = "binrip/" BINRIP_VERSION, .access = access});
}

}  // namespace

int run_program(int argc, char** argv, const std::function<void(Host&)>& change) {
  std::ios::sync_with_stdio(false);
  Host host{.out = std::cout,
            .err = std::cerr,
            .terminal = terminal_of(STDERR_FILENO),
            .watch_signals = watch_signals,
            .find_drives = drive::find_drives,
            .ask_drive = ask_drive,
            .open_device = open_device,
            .load_config = load_config,
            .describe = describe,
            .rip = job::rip_disc,
            .merge = job::merge_images,
            .fetcher = fetcher};
  if (change) change(host);
  return run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), host);
}

}  // namespace binrip::cli
