#include "drives_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "drive_list.hpp"
#include "lookup.hpp"
#include "print_result.hpp"

#include "binrip/base/json.hpp"
#include "binrip/cli/drive_invocations.hpp"
#include "binrip/cli/drive_state.hpp"
#include "binrip/cli/host.hpp"
#include "binrip/cli/text.hpp"

namespace binrip::cli {
namespace {

std::vector<std::string> features_of(const DriveState& drive) {
  std::vector<std::string> features;
  if (drive.reads_cd_da) features.push_back("audio");
  if (drive.c2) features.push_back("C2");
  if (drive.raw_subchannel) features.push_back("raw subchannel");
  if (drive.cd_text) features.push_back("CD-TEXT");
  if (drive.accurate_stream) features.push_back("accurate stream");
  return features;
}

std::string one_drive(const DriveState& drive) {
  const drive::FoundDrive& found = drive.found;
  std::string text = fmt::format("{}  {} {} {}\n", safe_text(found.node), safe_text(found.vendor),
                                 safe_text(found.model), safe_text(found.revision));
  const auto row = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) text += fmt::format("  {:<8} {}\n", name, safe_text(value));
  };
  row("medium", drive.medium);
  row("serial", found.serial);
  row("generic", found.generic_node);
  for (const std::string& name : found.by_id) row("by id", name);
  for (const std::string& name : found.by_path) row("by path", name);
  row("reads", drive.problem.empty() ? fmt::format("{}", fmt::join(features_of(drive), ", ")) : "");
  row("problem", drive.problem);
  return text;
}

Json features_json(const DriveState& drive) {
  if (!drive.problem.empty()) return nullptr;
  return {{"reads_cd_da", drive.reads_cd_da},
          {"c2", drive.c2},
          {"raw_subchannel", drive.raw_subchannel},
          {"cd_text", drive.cd_text},
          {"accurate_stream", drive.accurate_stream}};
}

Result<std::size_t> update_list(Host& host) {
  TRY(const drive::ConfigFile config, host.load_config());
  return update_drive_list(*host.fetcher(access_of(net::Access::online, config)), config);
}

std::string drives_text(const std::vector<DriveState>& drives) {
  if (drives.empty()) return "no optical drives found\n";
  std::string text;
  for (const DriveState& drive : drives) text += one_drive(drive);
  return text;
}

std::string drives_json(const std::vector<DriveState>& drives) {
  Json list = Json::array();
  for (const DriveState& drive : drives) {
    const drive::FoundDrive& found = drive.found;
    list.push_back({{"node", found.node},
                    {"generic_node", found.generic_node.empty() ? Json(nullptr) : Json(found.generic_node)},
                    {"vendor", found.vendor},
                    {"model", found.model},
                    {"revision", found.revision},
                    {"serial", found.serial.empty() ? Json(nullptr) : Json(found.serial)},
                    {"by_id", found.by_id},
                    {"by_path", found.by_path},
                    {"medium", drive.medium},
                    {"features", features_json(drive)},
                    {"problem", drive.problem.empty() ? Json(nullptr) : Json(drive.problem)}});
  }
  return list.dump(kJsonIndent) + '\n';
}

}  // namespace

int drives_command(const DrivesInvocation& options, Host& host) {
  if (options.offsets == OffsetList::update) {
    const auto entries = update_list(host);
    if (!entries) {
      print_error(host.err, entries.error());
      return kFailure;
    }
    host.err << fmt::format("binrip: AccurateRip's list has the read offsets of {}\n",
                            counted(static_cast<std::int64_t>(*entries), "drive"));
  }
  const auto found = host.find_drives();
  if (!found) {
    print_error(host.err, found.error());
    return kFailure;
  }
  std::vector<DriveState> drives;
  for (const drive::FoundDrive& each : *found) drives.push_back(host.ask_drive(each));
  return print_result(host, options.format == OutputFormat::json ? drives_json(drives) : drives_text(drives));
}

}  // namespace binrip::cli
