#include "binrip/cli/device.hpp"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "binrip/base/file.hpp"
#include "binrip/cli/sim_setup.hpp"
#include "binrip/drive/profile.hpp"
#include "binrip/drive/trace.hpp"
#include "binrip/image/disc_image.hpp"
#include "binrip/sim/generated_disc.hpp"

namespace binrip::cli {
namespace {

constexpr std::string_view kSim = "sim:";
constexpr std::string_view kZoo = "zoo/";
constexpr std::string_view kReplay = "replay:";
constexpr std::size_t kLargestTrace = std::size_t{4} << 30;

// Under the name that the user gave it, for messages and reports.
class NamedTransport : public drive::Transport {
 public:
  NamedTransport(std::unique_ptr<drive::Transport> inner, std::string name)
      : inner_(std::move(inner)), name_(std::move(name)) {}
  Result<drive::Completion> execute(const drive::Cdb& cdb, drive::Direction direction, MutableBytes data,
                                    std::chrono::milliseconds timeout) override {
    return inner_->execute(cdb, direction, data, timeout);
  }
  Result<void> reopen() override { return inner_->reopen(); }
  std::size_t max_transfer() const override { return inner_->max_transfer(); }
  std::string name() const override { return name_; }
  std::chrono::nanoseconds now() const override { return inner_->now(); }
  void wait(std::chrono::milliseconds duration) override { inner_->wait(duration); }

 private:
  std::unique_ptr<drive::Transport> inner_;
  std::string name_;
};

Result<std::shared_ptr<image::DiscImage>> sim_disc(const std::string& name) {
  if (name == "demo") return sim::make_disc(sim::demo_recipe());
  if (name.starts_with(kZoo)) {
    const std::string wanted = name.substr(kZoo.size());
    const std::vector<std::string> names = sim::zoo_names();
    if (std::find(names.begin(), names.end(), wanted) != names.end()) {
      return sim::make_disc(sim::zoo_recipe(wanted));
    }
    return fail(ErrorKind::no_device, fmt::format("no generated disc of the name \"{}\"", wanted),
                fmt::format("there are {}", fmt::join(names, ", ")));
  }
  if (name.empty()) {
    return fail(ErrorKind::usage,
                "expected a disc after sim:", "sim:demo, sim:zoo/NAME, or sim:PATH of a .cue or .ccd file");
  }
  TRY(std::unique_ptr<image::DiscImage> disc, image::open_image(name));
  return std::shared_ptr<image::DiscImage>(std::move(disc));
}

Result<OpenDevice> open_sim(const DeviceOptions& options) {
  TRY(SimSetup setup, parse_sim_options(options.sim_options));
  TRY(auto disc, sim_disc(options.name.substr(kSim.size())));
  auto drive = std::make_unique<sim::SimDrive>(std::move(disc), setup.habits, options.sim_clock);
  drive->set_faults(setup.faults);
  if (setup.medium != sim::Medium::disc) drive->set_medium(setup.medium);
  if (setup.tray == sim::Tray::open) drive->set_tray(setup.tray);
  return OpenDevice{nullptr, std::make_unique<NamedTransport>(std::move(drive), options.name), {}};
}

Result<OpenDevice> open_replay(const DeviceOptions& options) {
  const std::string file = options.name.substr(kReplay.size());
  TRY(const std::string trace, read_text(file, kLargestTrace));
  TRY(std::unique_ptr<drive::Transport> transport, drive::replay(trace, options.name));
  return OpenDevice{nullptr, std::move(transport), {}};
}

Result<OpenDevice> open_node(const DeviceOptions& options) {
  const auto choice = options.transport.value_or(drive::TransportChoice::automatic);
  TRY(drive::OpenedDrive opened, drive::open_drive(options.name, choice));
  OpenDevice result{nullptr, std::move(opened.transport), {}, std::move(opened.way), std::move(opened.why)};
  if (opened.access == drive::Access::read_only) {
    result.warnings.push_back(fmt::format(
        "{} can be opened for reading only: the kernel will refuse to set its speed and to lock the tray",
        options.name));
  }
  return result;
}

Result<OpenDevice> open_plain(const DeviceOptions& options) {
  if (options.name.starts_with(kSim)) return open_sim(options);
  if (options.name.starts_with(kReplay)) return open_replay(options);
  return open_node(options);
}

}  // namespace

DeviceOptions with_config(DeviceOptions options, const drive::ConfigFile& config) {
  if (!options.transport) options.transport = config.transport;
  return options;
}

Result<OpenDevice> open_device(const DeviceOptions& options) {
  TRY(OpenDevice device, open_plain(options));
  if (options.record_trace.empty()) return device;
  std::error_code error;
  if (std::filesystem::is_regular_file(options.record_trace, error)) {
    return fail(ErrorKind::exists, fmt::format("{} is there already", options.record_trace.string()),
                "choose another name for the trace");
  }
  device.trace = std::make_unique<std::ofstream>(options.record_trace, std::ios::binary);
  if (!*device.trace) return fail(errno_error(errno, "create", options.record_trace));
  device.transport = drive::record(std::move(device.transport), *device.trace, drive::TraceData::full);
  return device;
}

}  // namespace binrip::cli
