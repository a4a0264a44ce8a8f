#include "help.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace binrip::cli {
namespace {

constexpr std::size_t kHelpColumn = 30;

std::string_view usage_of(std::string_view command) {
  if (command == "info") {
    return "Usage: binrip info DEVICE [OPTIONS]\n\n"
           "Shows the drive, what is known of its ways, and the disc in it.\n";
  }
  if (command == "refine") {
    return "Usage: binrip refine OUT.cue DEVICE [OPTIONS]\n\n"
           "Reads what is not good in the image OUT.cue from the same disc, or another copy\n"
           "of the same pressing, in DEVICE, and replaces the image if it got better.\n";
  }
  if (command == "merge") {
    return "Usage: binrip merge A.cue B.cue OUT.cue [OPTIONS]\n\n"
           "Makes one image of two of the same disc: each sector from that which knows more\n"
           "of it. An image without .map is good all over.\n";
  }
  if (command == "drives")
    return "Usage: binrip drives [--json] [--update-offsets]\n\nLists the optical drives of this machine.\n";
  if (command == "offset") {
    return "Usage: binrip offset DEVICE [OPTIONS]\n\n"
           "Finds the drive's read offset by a disc that AccurateRip knows, and puts it into\n"
           "config.toml. A second disc confirms it, or says that it is wrong.\n";
  }
  if (command == "doctor") {
    return "Usage: binrip doctor [DEVICE] [OPTIONS]\n\n"
           "Finds out what keeps a drive, or all drives, from being read, and says how to mend it.\n";
  }
  if (command == "batch") {
    return "Usage: binrip batch --into ARCHIVE [OPTIONS] [-- OPTIONS OF rip]\n\n"
           "Rips every disc that is put into the drives, verifies it, files it in ARCHIVE, and\n"
           "gives it back. The same command goes on with what was interrupted.\n";
  }
  if (command == "tray") {
    return "Usage: binrip tray DEVICE [open|close] [OPTIONS]\n\n"
           "Opens or closes the tray, and says what is in it: open, empty, busy (it spins up),\n"
           "ready (a disc that can be read), unreadable.\n";
  }
  if (command == "verify") {
    return "Usage: binrip verify OUT.cue [OPTIONS]\n\n"
           "Reads an image (.cue or .ccd) and says whether it is whole: each data sector by its own\n"
           "checksums, and all files by those recorded when the disc was ripped.\n";
  }
  if (command.starts_with("catalog")) {
    return "Usage: binrip catalog list ARCHIVE             the discs in an archive\n"
           "       binrip catalog show ARCHIVE ID          one disc: tracks, files, rips\n"
           "       binrip catalog search ARCHIVE WORD ...  by title, ISRC, barcode, id, digest\n"
           "       binrip catalog export ARCHIVE --csv     all of it: --csv, --json or --dat\n"
           "       binrip catalog verify ARCHIVE           check images, longest unseen first\n"
           "       binrip catalog rebuild ARCHIVE          make it from the archive's reports\n\n"
           "The catalogue is the file catalog.db in the archive. Only verify and rebuild write\n"
           "to it.\n";
  }
  return "Usage: binrip DEVICE OUT.cue [OPTIONS]  rip the disc in DEVICE to BIN/CUE\n"
         "       binrip refine OUT.cue DEVICE     read again what is not good in an image\n"
         "       binrip merge A.cue B.cue OUT.cue make one image of two\n"
         "       binrip info DEVICE [--json]      show drive and disc\n"
         "       binrip drives [--json]           list the drives of this machine\n"
         "       binrip doctor [DEVICE] [--json]  find out what is wrong, and how to mend it\n"
         "       binrip offset DEVICE             find the drive's read offset by a known disc\n"
         "       binrip tray DEVICE [open|close]  move the tray, and say what is in it\n"
         "       binrip verify OUT.cue [--json]   check an image\n"
         "       binrip batch --into ARCHIVE      rip every disc that is put into the drives\n"
         "       binrip catalog list ARCHIVE      what is in an archive; and show, verify …\n\n"
         "DEVICE is a drive like /dev/sr0, or a software drive: sim:demo, sim:disc.cue.\n"
         "An interrupted rip, and a damaged image, are gone on with by the same command.\n";
}

std::string_view footer_of(std::string_view command) {
  if (command == "verify") {
    return "\nExit codes: 0 nothing is wrong; 1 the image cannot be read; 3 something is wrong.\n";
  }
  if (command.starts_with("catalog")) {
    return "\nExit codes: 0 nothing is wrong; 1 could not do it; 3 something is wrong with an\n"
           "image or a report. More in binrip-catalog(1).\n";
  }
  if (command != "rip" && command != "refine" && command != "merge") return {};
  return "\nExit codes: 0 every sector proven or consistent; 1 could not do it; 2 some sectors\n"
         "unproven; 3 some damaged or failed; 130, 143 interrupted. More in binrip(1).\n";
}

std::string option_line(const OptionHelp& option) {
  std::string left = "  ";
  left += option.short_name.empty() ? "    " : fmt::format("-{}, ", option.short_name);
  left += "--" + option.long_name;
  if (!option.type.empty()) left += " " + option.type;
  return fmt::format("{:<{}}{}\n", left, kHelpColumn, option.help);
}

// In the order in which they appear.
std::vector<std::string_view> groups_of(std::span<const OptionHelp> options) {
  std::vector<std::string_view> groups;
  for (const OptionHelp& option : options) {
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) groups.push_back(option.group);
  }
  return groups;
}

}  // namespace

std::string help_text(std::string_view command, std::span<const OptionHelp> options) {
  std::string text(usage_of(command));
  for (const std::string_view group : groups_of(options)) {
    text += fmt::format("\n{}:\n", group);
    for (const OptionHelp& option : options) {
      if (option.group == group) text += option_line(option);
    }
  }
  text += footer_of(command);
  return text;
}

std::string version_text() { return "binrip " BINRIP_VERSION "\n"; }

}  // namespace binrip::cli
