#include "batch_options.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "option_parser.hpp"
#include "option_values.hpp"

namespace binrip::cli {
namespace {

constexpr int kMostElement = 65'535;  // of a changer: 16 bits

struct RawBatchOptions {
  std::string into, drives, name, list, on_copy, hang_after, progress;
  std::string hooks, changer, changer_drives, changer_rejects, changer_done;
  std::string listen, allow_control, notify;
  std::vector<std::string> passed_on;  // what stands after "--"
};

void define_station(OptionParser& parser, RawBatchOptions& raw) {
  constexpr std::string_view kGroup = "Station";
  parser.value(kGroup, "--into", "ARCHIVE", raw.into, "The folder that the images go to");
  parser.value(kGroup, "--drives", "LIST", raw.drives,
               "all, or names and nodes with commas between them [all]");
  parser.value(kGroup, "--name", "TEMPLATE", raw.name,
               "Names within the archive [{artist}/{title} [{discid}]]");
  parser.value(kGroup, "--list", "JOBS.csv", raw.list, "The discs that are to come, in order");
  parser.value(kGroup, "--on-copy", "DO", raw.on_copy,
               "With a disc that is there already: skip, keep, mend [skip]");
  parser.value(kGroup, "--hang-after", "TIME", raw.hang_after,
               "Set a silent drive aside after 15 (minutes) [15m]");
}

void define_loader(OptionParser& parser, RawBatchOptions& raw) {
  constexpr std::string_view kGroup = "Loader";
  parser.value(kGroup, "--hooks", "DIR", raw.hooks, "Programs that bring discs and take them away");
  parser.value(kGroup, "--changer", "DEVICE", raw.changer, "A changer that mtx can work with");
  parser.value(kGroup, "--changer-drives", "LIST", raw.changer_drives,
               "Its elements that the drives are [0,1,…]");
  parser.value(kGroup, "--changer-rejects", "LIST", raw.changer_rejects, "Its slots for discs that failed");
  parser.value(kGroup, "--changer-done", "WHERE", raw.changer_done,
               "Where discs go then: home, or out [home]");
}

void define_display(OptionParser& parser, RawBatchOptions& raw) {
  constexpr std::string_view kGroup = "Display";
  parser.value(kGroup, "--progress", "KIND", raw.progress, "auto, json (lines on stdout) or none");
  parser.value(kGroup, "--listen", "HOST:PORT", raw.listen, "Show the station as a web page there");
  parser.value(kGroup, "--allow-control", "FILE", raw.allow_control,
               "Let pages control it by the token in FILE");
  parser.value(kGroup, "--notify", "COMMAND", raw.notify, "Run it, or `desktop`, when a disc is out");
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

Result<std::vector<int>> elements(std::string_view option, std::string_view text) {
  std::vector<int> result;
  for (const std::string& word : split_at_commas(text)) {
    TRY(const int element, number(option, word, "numbers", 0, kMostElement));
    if (std::find(result.begin(), result.end(), element) != result.end()) {
      return usage_error(fmt::format("{}: {} is there twice", option, element));
    }
    result.push_back(element);
  }
  return result;
}

// What a rip would not take is an error now, and not with the first disc.
Result<void> check_rip_options(const std::vector<std::string>& options) {
  std::vector<std::string> arguments = {"rip", "/dev/sr0", "out.cue"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  TRY(const Invocation invocation, parse_arguments(std::move(arguments)));
  const auto* rip = std::get_if<RipInvocation>(&invocation);
  if (rip == nullptr || rip->device.name != "/dev/sr0" || rip->progress != ProgressKind::automatic ||
      rip->rip.after == job::AfterRip::eject) {
    return usage_error("after --: expected options of `binrip rip` other than --progress and --eject");
  }
  return {};
}

Result<void> understand_loader(const RawBatchOptions& raw, BatchInvocation& result) {
  if (!raw.hooks.empty() && !raw.changer.empty()) {
    return usage_error("--hooks and --changer exclude each other");
  }
  if (raw.changer.empty() &&
      !(raw.changer_drives.empty() && raw.changer_rejects.empty() && raw.changer_done.empty())) {
    return usage_error("--changer-drives, --changer-rejects and --changer-done are for --changer");
  }
  result.hooks = raw.hooks;
  result.changer = raw.changer;
  TRY(result.changer_drives, elements("--changer-drives", raw.changer_drives));
  TRY(result.changer_rejects, elements("--changer-rejects", raw.changer_rejects));
  if (!raw.changer_done.empty()) {
    TRY(result.changer_done, choice<batch::DoneDiscs>("--changer-done", raw.changer_done,
                                                      {{"home", batch::DoneDiscs::home},
                                                       {"out", batch::DoneDiscs::import_export}}));
  }
  if (raw.changer.empty()) return {};
  // A drive that is missing would give all the others a wrong place.
  if (raw.drives.empty() || raw.drives == "all") {
    return fail(ErrorKind::usage, "--changer: expected --drives in the order of the changer's elements",
                "`mtx -f DEVICE status` shows the elements, `binrip drives` the drives");
  }
  const std::size_t count = result.changer_drives.size();
  if (count != 0 && count != result.drives.size()) {
    return usage_error(fmt::format("--changer-drives: expected an element for each of the {} drives, got {}",
                                   result.drives.size(), count));
  }
  return {};
}

Result<void> understand_display(const RawBatchOptions& raw, BatchInvocation& result) {
  if (!raw.progress.empty()) {
    TRY(result.progress,
        choice<ProgressKind>(
            "--progress", raw.progress,
            {{"auto", ProgressKind::automatic}, {"json", ProgressKind::json}, {"none", ProgressKind::none}}));
  }
  if (!raw.listen.empty()) {
    TRY(result.listen, batch::parse_listen_address(raw.listen));
  } else if (!raw.allow_control.empty()) {
    return usage_error("--allow-control is for --listen");
  }
  result.control_token = raw.allow_control;
  result.notify = raw.notify;
  return {};
}

Result<Invocation> batch_invocation(const RawBatchOptions& raw) {
  if (raw.into.empty()) {
    return fail(ErrorKind::usage, "expected --into ARCHIVE", "`binrip batch --into /srv/discs`");
  }
  BatchInvocation result;
  result.archive = raw.into;
  if (!raw.drives.empty()) result.drives = split_at_commas(raw.drives);
  if (result.drives.empty()) return usage_error("--drives: expected all, or names of drives");
  result.name_template = raw.name;
  result.list = raw.list;
  if (!raw.on_copy.empty()) {
    TRY(result.on_copy,
        choice<batch::OnCopy>(
            "--on-copy", raw.on_copy,
            {{"skip", batch::OnCopy::skip}, {"keep", batch::OnCopy::keep}, {"mend", batch::OnCopy::mend}}));
  }
  if (!raw.hang_after.empty()) {
    TRY(result.silence, duration("--hang-after", raw.hang_after));
  }
  TRY_VOID(understand_loader(raw, result));
  TRY_VOID(understand_display(raw, result));
  TRY_VOID(check_rip_options(raw.passed_on));
  result.rip_options = raw.passed_on;
  return result;
}

// Cuts off what stands after "--".
std::vector<std::string> take_passed_on(std::vector<std::string>& arguments) {
  const auto mark = std::find(arguments.begin(), arguments.end(), "--");
  if (mark == arguments.end()) return {};
  std::vector<std::string> passed_on(mark + 1, arguments.end());
  arguments.erase(mark, arguments.end());
  return passed_on;
}

}  // namespace

Result<Invocation> parse_batch(std::vector<std::string> arguments) {
  RawBatchOptions raw;
  OptionParser parser;
  define_station(parser, raw);
  define_loader(parser, raw);
  define_display(parser, raw);
  raw.passed_on = take_passed_on(arguments);
  TRY(auto text, parser.parse(kBatchCommand, std::move(arguments)));
  if (text) return TextInvocation{std::move(*text)};
  return batch_invocation(raw);
}

}  // namespace binrip::cli
