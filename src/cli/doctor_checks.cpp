#include "doctor_checks.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "binrip/base/file.hpp"
#include "binrip/drive/cdio_transport.hpp"

namespace binrip::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kGroup = "cdrom";

std::string user_name(uid_t id) {
  const passwd* entry = ::getpwuid(id);
  return entry != nullptr ? entry->pw_name : std::to_string(id);
}
std::string group_name(gid_t id) {
  const group* entry = ::getgrgid(id);
  return entry != nullptr ? entry->gr_name : std::to_string(id);
}

// "rw-rw----".
std::string mode_text(unsigned mode) {
  std::string text;
  for (int bit = 8; bit >= 0; --bit) {
    text += (mode >> bit & 1U) != 0 ? "xwr"[bit % 3] : '-';
  }
  return text;
}

std::string rights(const NodeState& node) {
  return fmt::format("{}, {} {} {}", node.path, mode_text(node.mode), node.owner, node.group);
}

std::string join_group_hint(const NodeState& node) {
  if (node.group == kGroup || node.group == "optical") {
    return fmt::format("sudo adduser $USER {}, then log in again", node.group);
  }
  return "udev gives drives to the group cdrom: is udev running? Else run binrip as root";
}

std::vector<std::string> entries_of(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Process ids, in order.
std::vector<int> processes(const fs::path& root) {
  std::vector<int> ids;
  for (const std::string& name : entries_of(root / "proc")) {
    if (name.size() > 9 || name.find_first_not_of("0123456789") != std::string::npos) continue;
    ids.push_back(std::stoi(name));
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::string program_name(const fs::path& root, int process) {
  return drive::read_line(root / "proc" / std::to_string(process) / "comm").value_or("a program");
}

// The first of the nodes that the process has open.
std::optional<std::string> held_by(const fs::path& root, int process, const std::vector<std::string>& nodes) {
  const fs::path folder = root / "proc" / std::to_string(process) / "fd";
  for (const std::string& name : entries_of(folder)) {
    std::error_code unknown;
    const std::string target = fs::read_symlink(folder / name, unknown).string();
    if (std::find(nodes.begin(), nodes.end(), target) != nodes.end()) return target;
  }
  return std::nullopt;
}

struct Mount {
  std::string node, place;
};

// Spaces in names are written as \040 there; they are shown as they stand.
std::vector<Mount> mounts_of(const std::vector<std::string>& nodes, const fs::path& root) {
  std::vector<Mount> found;
  const std::string text = read_text(root / "proc/self/mounts").value_or("");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    const std::size_t space = line.find(' ');
    if (space == std::string::npos) continue;
    const std::string node = line.substr(0, space);
    if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) continue;
    found.push_back({node, line.substr(space + 1, line.find(' ', space + 1) - space - 1)});
  }
  return found;
}

bool is_loaded(const fs::path& root, std::string_view module) {
  std::error_code unknown;
  return fs::exists(root / "sys/module" / module, unknown);
}

}  // namespace

NodeState node_state(const std::string& path) {
  NodeState node{.path = path, .owner = {}, .group = {}};
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return node;
  constexpr unsigned kPermissions = 0777;
  node.present = true;
  node.mode = info.st_mode & kPermissions;
  node.owner = user_name(info.st_uid);
  node.group = group_name(info.st_gid);
  node.readable = ::access(path.c_str(), R_OK) == 0;
  node.writable = ::access(path.c_str(), W_OK) == 0;
  return node;
}

Finding check_node(const NodeState& node) {
  if (!node.present) {
    return {Grade::problem, "node", fmt::format("{} is not there", node.path),
            "binrip drives lists the drives of this machine"};
  }
  if (!node.readable) {
    return {Grade::problem, "node", fmt::format("{}: you may not read it", rights(node)),
            join_group_hint(node)};
  }
  if (!node.writable) {
    return {Grade::note, "node",
            fmt::format("{}: you may only read it, so speed and tray lock are refused", rights(node)),
            join_group_hint(node)};
  }
  return {Grade::ok, "node", rights(node)};
}

Finding check_generic(const std::optional<NodeState>& generic, const fs::path& root) {
  constexpr std::string_view kWithout = "without it vendor commands need root";
  if (!generic || !generic->present) {
    if (is_loaded(root, "sg")) return {Grade::note, "sg", fmt::format("no sg node; {}", kWithout)};
    return {Grade::note, "sg", fmt::format("no sg node; {}", kWithout),
            "sudo modprobe sg, and a line sg in /etc/modules to keep it"};
  }
  if (!generic->writable) {
    return {Grade::note, "sg", fmt::format("{}: you may not write it; {}", rights(*generic), kWithout),
            join_group_hint(*generic)};
  }
  return {Grade::ok, "sg", rights(*generic)};
}

Finding check_state(const drive::KernelFacts& facts) {
  if (facts.state.empty() || facts.state == "running") {
    return {Grade::ok, "kernel",
            fmt::format("the drive is {}, on {}", facts.state.empty() ? "known" : facts.state,
                        drive::to_string(facts.bus))};
  }
  const std::string node = facts.block.empty() ? facts.generic : facts.block;
  return {Grade::problem, "kernel", fmt::format("the kernel has set the drive {}", facts.state),
          fmt::format("check its cable and power, plug it in again, or echo running | sudo tee "
                      "/sys/class/{}/{}/device/state",
                      facts.block.empty() ? "scsi_generic" : "block", node)};
}

Finding check_limits(const drive::KernelFacts& facts) {
  // A sector with all its fields is 2744 bytes; below some 16 of them, commands cost more than sectors.
  constexpr int kSmallKib = 64;
  std::vector<std::string> parts;
  if (facts.max_sectors_kb) parts.push_back(fmt::format("{} KiB a command", *facts.max_sectors_kb));
  if (facts.max_hw_sectors_kb)
    parts.push_back(fmt::format("the adapter takes {} KiB", *facts.max_hw_sectors_kb));
  if (facts.timeout_seconds) parts.push_back(fmt::format("timeout {} s", *facts.timeout_seconds));
  if (facts.events_poll_msecs && *facts.events_poll_msecs > 0) {
    parts.push_back(fmt::format("looks for another disc every {} ms", *facts.events_poll_msecs));
  }
  if (parts.empty()) return {Grade::note, "limits", "the kernel tells none"};
  const std::string text = fmt::format("{}", fmt::join(parts, ", "));
  const bool could_be_more =
      facts.max_sectors_kb && facts.max_hw_sectors_kb &&
      *facts.max_sectors_kb<kSmallKib&& * facts.max_hw_sectors_kb> * facts.max_sectors_kb;
  if (!could_be_more) return {Grade::ok, "limits", text};
  return {Grade::note, "limits", text + ": small transfers are slow",
          fmt::format("echo {} | sudo tee /sys/block/{}/queue/max_sectors_kb",
                      std::min(*facts.max_hw_sectors_kb, 2 * kSmallKib), facts.block)};
}

Finding check_autoclose(const fs::path& root) {
  const auto value = drive::read_number(root / "proc/sys/dev/cdrom/autoclose");
  if (!value) return {Grade::note, "autoclose", "the kernel's cdrom module is not loaded"};
  if (*value == 0) return {Grade::ok, "autoclose", "a tray stays open until it is pushed in"};
  return {Grade::note, "autoclose", "an open tray closes itself when a program opens the drive",
          "sudo sysctl dev.cdrom.autoclose=0"};
}

std::vector<Finding> check_holders(const std::vector<std::string>& nodes, const fs::path& root,
                                   int own_process, Sight sight) {
  std::vector<Finding> findings;
  for (const Mount& mount : mounts_of(nodes, root)) {
    findings.push_back({Grade::note, "in use", fmt::format("{} is mounted at {}", mount.node, mount.place),
                        fmt::format("sudo umount {}", mount.node)});
  }
  for (const int process : processes(root)) {
    if (process == own_process) continue;
    const auto node = held_by(root, process, nodes);
    if (!node) continue;
    findings.push_back(
        {Grade::note, "in use",
         fmt::format("{} (process {}) has {} open", program_name(root, process), process, *node),
         "close it while binrip reads: two readers make the drive seek all the time"});
  }
  if (!findings.empty()) return findings;
  if (sight == Sight::own_programs) {
    return {{Grade::ok, "in use", "by no program of yours, and not mounted; root sees those of others too"}};
  }
  return {{Grade::ok, "in use", "by no other program, and not mounted"}};
}

Finding check_pollers(const fs::path& root) {
  // As /proc/PID/comm has them, at most 15 characters.
  static const std::map<std::string, std::string_view, std::less<>> kKnown{
      {"udisksd", "sudo systemctl stop udisks2, as long as binrip reads"},
      {"automount", "sudo systemctl stop autofs, as long as binrip reads"},
      {"gvfs-udisks2-vo", "let the desktop not open discs by itself"},
      {"gvfsd-cdda", "close the disc in the file manager"},
      {"udevil", "stop devmon, as long as binrip reads"},
      {"hald-addon-stor", "stop hald, as long as binrip reads"}};
  std::vector<std::string> names;
  std::string hint;
  for (const int process : processes(root)) {
    const std::string name = program_name(root, process);
    const auto known = kKnown.find(name);
    if (known == kKnown.end() || std::find(names.begin(), names.end(), name) != names.end()) continue;
    names.push_back(name);
    if (hint.empty()) hint = known->second;
  }
  if (names.empty()) return {Grade::ok, "desktop", "no program is known to look at discs by itself"};
  return {Grade::note, "desktop",
          fmt::format("{} may look at a disc, or mount it, as soon as it is there", fmt::join(names, ", ")),
          hint};
}

Finding check_modules(const fs::path& root) {
  if (is_loaded(root, "sr_mod") || !entries_of(root / "sys/bus/scsi/drivers/sr").empty()) {
    return {Grade::ok, "kernel", "its driver for optical drives, sr_mod, is there"};
  }
  return {Grade::problem, "kernel", "its driver for optical drives, sr_mod, is not loaded",
          "sudo modprobe sr_mod"};
}

Finding check_versions(const fs::path& root) {
  const std::string kernel = drive::read_line(root / "proc/sys/kernel/osrelease").value_or("unknown");
  return {Grade::ok, "versions",
          fmt::format("binrip {}, Linux {}, libcdio {}, libcdio-paranoia {} (as built)", BINRIP_VERSION,
                      kernel, drive::libcdio_version(), BINRIP_PARANOIA_VERSION)};
}

}  // namespace binrip::cli
