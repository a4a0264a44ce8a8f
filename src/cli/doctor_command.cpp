#include "doctor_command.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <unistd.h>

#include "doctor_read.hpp"
#include "print_result.hpp"
#include "slow_notice.hpp"

#include "binrip/base/json.hpp"
#include "binrip/cli/drive_invocations.hpp"
#include "binrip/cli/host.hpp"
#include "binrip/cli/text.hpp"
#include "binrip/drive/discovery.hpp"
#include "binrip/job/describe.hpp"

namespace binrip::cli {

namespace fs = std::filesystem;

namespace {

constexpr int kDoctorSchema = 1;
constexpr std::chrono::seconds kReadyLimit{30};

std::string_view grade_word(Grade grade) {
  return grade == Grade::ok ? "ok" : grade == Grade::note ? "note" : "problem";
}

Finding finding_of(std::string topic, const Error& error) {
  return {Grade::problem, std::move(topic), error.message, error.hint};
}

std::string node_path(const std::string& kernel_name) {
  return kernel_name.empty() ? std::string() : "/dev/" + kernel_name;
}

bool is_node(const std::string& device) {
  return !device.starts_with("sim:") && !device.starts_with("replay:");
}

void append(std::vector<Finding>& to, std::vector<Finding> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// The node and what the kernel knows of it. Asks the drive nothing.
std::vector<Finding> examine_node(const std::string& device, const fs::path& root) {
  std::vector<Finding> findings{check_node(node_state(device))};
  std::error_code unknown;
  const fs::path canonical = fs::canonical(device, unknown);
  const auto facts = drive::kernel_facts((unknown ? fs::path(device) : canonical).filename().string(), root);
  if (!facts) return findings;
  const std::string block = node_path(facts->block), generic = node_path(facts->generic);
  findings.push_back(
      check_generic(generic.empty() ? std::nullopt : std::optional(node_state(generic)), root));
  findings.push_back(check_state(*facts));
  findings.push_back(check_limits(*facts));
  const Sight sight = ::geteuid() == 0 ? Sight::all_programs : Sight::own_programs;
  std::vector<std::string> nodes;
  for (const std::string& node : {block, generic}) {
    if (!node.empty()) nodes.push_back(node);
  }
  append(findings, check_holders(nodes, root, ::getpid(), sight));
  return findings;
}

// The disc: what the drive says of it and gives of it.
std::vector<Finding> examine_disc(drive::Drive& drive, const drive::ConfigFile& config) {
  constexpr std::string_view kUntried = "C2, subchannel and reading are not tried";
  const auto ready = drive.wait_ready(kReadyLimit);
  if (!ready && ready.error().kind == ErrorKind::no_medium) {
    return {{Grade::note, "disc", fmt::format("{}; {}", ready.error().message, kUntried), "put a CD in"}};
  }
  if (!ready) return {finding_of("disc", ready.error())};
  auto description = job::describe_drive(drive, config, {});
  if (!description && description.error().kind == ErrorKind::unsupported) {
    return {
        {Grade::note, "disc", fmt::format("{}; {}", description.error().message, kUntried), "put a CD in"}};
  }
  if (!description) return {finding_of("disc", description.error())};
  const auto disc = job::describe_disc(drive);
  if (!disc) return {finding_of("disc", disc.error())};
  const std::vector<cd::LbaRange> ranges = cd::image_ranges(disc->disc);
  std::vector<Finding> findings{
      {Grade::ok, "disc",
       fmt::format("{} in {}",
                   counted(static_cast<std::int64_t>(cd::track_ranges(disc->disc).size()), "track"),
                   counted(static_cast<std::int64_t>(disc->disc.sessions.size()), "session"))}};
  const auto probed = drive::probe_profile(drive, ranges.front(), ranges.back().end, description->profile);
  if (!probed) findings.push_back(finding_of("probe", probed.error()));
  append(findings, check_profile(description->profile));
  findings.push_back(judge_read_test(read_test(drive, description->profile, disc->disc)));
  return findings;
}

std::vector<Finding> examine_drive(const OpenDevice& device, const drive::ConfigFile& config) {
  std::vector<Finding> findings;
  if (!device.way.empty()) {
    findings.push_back({Grade::ok, "transport", fmt::format("{}: {}", device.way, device.why)});
  }
  for (const std::string& warning : device.warnings) findings.push_back({Grade::note, "transport", warning});
  drive::Drive drive(*device.transport);
  const auto inquiry = drive.inquiry();
  if (!inquiry) {
    findings.push_back(finding_of("drive", inquiry.error()));
    return findings;
  }
  findings.push_back(
      {Grade::ok, "drive", fmt::format("{} {} {}", inquiry->vendor, inquiry->product, inquiry->revision)});
  append(findings, examine_disc(drive, config));
  return findings;
}

}  // namespace

bool Diagnosis::usable() const {
  return std::none_of(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.grade == Grade::problem; });
}

Diagnosis examine(const DeviceOptions& options, Host& host, const drive::ConfigFile& config,
                  const fs::path& root) {
  Diagnosis diagnosis{options.name, {}};
  if (is_node(options.name)) diagnosis.findings = examine_node(options.name, root);
  if (!diagnosis.usable()) return diagnosis;
  Console console(host.err, host.terminal);
  const auto device = open_patiently(with_config(options, config), host, console);
  if (!device) {
    diagnosis.findings.push_back(finding_of("opening", device.error()));
    return diagnosis;
  }
  append(diagnosis.findings, examine_drive(*device, config));
  return diagnosis;
}

namespace {

Diagnosis examine_machine(const fs::path& root) {
  return {"", {check_versions(root), check_pollers(root), check_autoclose(root)}};
}

std::string doctor_text(const std::vector<Diagnosis>& diagnoses) {
  std::string text;
  for (const Diagnosis& diagnosis : diagnoses) {
    if (!diagnosis.device.empty()) {
      text +=
          fmt::format("{}{}\n", safe_text(diagnosis.device), diagnosis.usable() ? "" : ": cannot be used");
    }
    for (const Finding& finding : diagnosis.findings) {
      text += fmt::format("  {:<8} {:<10} {}\n", grade_word(finding.grade), finding.topic,
                          safe_text(finding.text));
      if (!finding.hint.empty()) text += fmt::format("  {:<8} hint: {}\n", "", safe_text(finding.hint));
    }
  }
  return text;
}

std::string doctor_json(const std::vector<Diagnosis>& diagnoses, bool usable) {
  Json list = Json::array();
  for (const Diagnosis& diagnosis : diagnoses) {
    Json checks = Json::array();
    for (const Finding& finding : diagnosis.findings) {
      checks.push_back({{"grade", grade_word(finding.grade)},
                        {"topic", finding.topic},
                        {"text", finding.text},
                        {"hint", finding.hint.empty() ? Json(nullptr) : Json(finding.hint)}});
    }
    list.push_back({{"device", diagnosis.device.empty() ? Json(nullptr) : Json(diagnosis.device)},
                    {"usable", diagnosis.usable()},
                    {"checks", checks}});
  }
  const Json all{{"schema_version", kDoctorSchema}, {"usable", usable}, {"diagnoses", list}};
  return all.dump(kJsonIndent) + '\n';
}

}  // namespace

int doctor_command(const DoctorInvocation& options, Host& host) {
  const fs::path root = "/";
  const auto config = host.load_config();
  std::vector<Diagnosis> diagnoses{examine_machine(root)};
  if (!config) diagnoses.front().findings.push_back(finding_of("config", config.error()));
  const drive::ConfigFile known = config.value_or(drive::ConfigFile{});
  if (!options.device.name.empty()) {
    diagnoses.push_back(examine(options.device, host, known, root));
  } else {
    const auto drives = host.find_drives();
    if (!drives) diagnoses.front().findings.push_back(finding_of("drives", drives.error()));
    if (drives && drives->empty()) {
      diagnoses.front().findings.push_back(check_modules(root));
      diagnoses.front().findings.push_back(
          {Grade::problem, "drives", "no optical drive was found",
           "check its power and cable; `sudo dmesg` says what the kernel saw"});
    }
    for (const drive::FoundDrive& found : drives.value_or(std::vector<drive::FoundDrive>{})) {
      DeviceOptions device = options.device;
      device.name = found.node;
      diagnoses.push_back(examine(device, host, known, root));
    }
  }
  const bool usable =
      std::all_of(diagnoses.begin(), diagnoses.end(), [](const Diagnosis& d) { return d.usable(); });
  const int printed = print_result(
      host, options.format == OutputFormat::json ? doctor_json(diagnoses, usable) : doctor_text(diagnoses));
  return usable ? printed : kFailure;
}

}  // namespace binrip::cli
