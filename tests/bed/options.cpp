#include "options.hpp"

#include <cstdlib>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "binrip/cli/device.hpp"
#include "binrip/cli/sim_setup.hpp"

namespace binrip::bed {
namespace {

// "LBA:KIND" or "LBA:KIND:READS".
sim::FaultMap::value_type parse_fault(const std::string& text) {
  static const std::map<std::string, sim::Fault::Kind> kinds{{"c2", sim::Fault::Kind::c2},
                                                             {"hard", sim::Fault::Kind::hard},
                                                             {"q", sim::Fault::Kind::q},
                                                             {"aborted", sim::Fault::Kind::aborted},
                                                             {"hang", sim::Fault::Kind::hang},
                                                             {"reset", sim::Fault::Kind::reset},
                                                             {"changed", sim::Fault::Kind::changed},
                                                             {"vanish", sim::Fault::Kind::vanish},
                                                             {"previous", sim::Fault::Kind::previous},
                                                             {"zeros", sim::Fault::Kind::zeros},
                                                             {"untouched", sim::Fault::Kind::untouched}};
  const auto first = text.find(':');
  const auto second = text.find(':', first + 1);
  const auto kind =
      first == std::string::npos ? kinds.end() : kinds.find(text.substr(first + 1, second - first - 1));
  if (kind == kinds.end()) throw CLI::ValidationError("--fault", "LBA:KIND[:READS] expected, not " + text);
  sim::Fault fault;
  fault.kind = kind->second;
  if (second != std::string::npos) fault.reads_until_good = std::atoi(text.c_str() + second + 1);
  return {std::atoi(text.c_str()), fault};
}

// "OPCODE" or "OPCODE:TIMES", the opcode in hexadecimal.
std::pair<Byte, int> parse_hang(const std::string& text) {
  constexpr int kHexadecimal = 16;
  const auto colon = text.find(':');
  const int times = colon == std::string::npos ? -1 : std::atoi(text.c_str() + colon + 1);
  return {static_cast<Byte>(std::strtoul(text.c_str(), nullptr, kHexadecimal)), times};
}

void add_trouble_options(CLI::App& app, Options& options) {
  app.add_option_function<std::vector<std::string>>(
         "--fault",
         [&](const std::vector<std::string>& faults) {
           for (const std::string& fault : faults) options.faults.insert(parse_fault(fault));
         },
         "LBA:KIND[:READS]")
      ->allow_extra_args(false);
  app.add_option_function<std::vector<std::string>>(
         "--hang",
         [&](const std::vector<std::string>& opcodes) {
           for (const std::string& opcode : opcodes) options.hanging.insert(parse_hang(opcode));
         },
         "OPCODE[:TIMES]: commands that are never answered")
      ->allow_extra_args(false);
  app.add_flag("--deaf", options.deaf, "nothing is answered after a command that was not");
  app.add_option("--eject-at", options.eject_at, "LBA at which somebody presses the button");
  app.add_option("--unplug-at", options.unplug_at, "LBA at which somebody pulls the cable");
  app.add_option("--lay-by", options.lay_by, "the disc that the fault \"changed\" puts in");
  app.add_option_function<int>(
      "--back-after", [&](int wait) { options.back_after = std::chrono::milliseconds(wait); },
      "milliseconds after which an unplugged drive is there again (kernel's bed)");
  app.add_flag("--offline", options.offline, "the kernel gives the drive up after a timeout (kernel's bed)");
  app.add_option("--vanish-after", options.vanish_after, "commands");
}

void add_drive_options(CLI::App& app, Options& options) {
  sim::Habits& habits = options.habits;
  static const std::map<std::string, drive::FieldOrder> orders{
      {"main-c2-sub", drive::FieldOrder::main_c2_sub}, {"main-sub-c2", drive::FieldOrder::main_sub_c2}};
  static const std::map<std::string, drive::C2Support> c2{{"none", drive::C2Support::none},
                                                          {"bits", drive::C2Support::bits},
                                                          {"block", drive::C2Support::bits_and_block}};
  static const std::map<std::string, drive::SubSupport> subs{{"none", drive::SubSupport::none},
                                                             {"q", drive::SubSupport::formatted_q},
                                                             {"raw", drive::SubSupport::raw}};
  app.add_option("--vendor", habits.vendor);
  app.add_option("--product", habits.product);
  app.add_option("--serial", habits.serial);
  app.add_option("--read-offset", habits.read_offset, "samples, AccurateRip's sign");
  app.add_option("--order", habits.order)->transform(CLI::CheckedTransformer(orders));
  app.add_option("--c2", habits.c2)->transform(CLI::CheckedTransformer(c2));
  app.add_option("--sub", habits.sub)->transform(CLI::CheckedTransformer(subs));
  app.add_flag_callback(
      "--separate", [&] { habits.combination = drive::Combination::separate; },
      "C2 and subchannel never in one command");
  app.add_option("--transfer-limit", habits.transfer_limit, "bytes");
  app.add_option("--overread-in", habits.overread_lead_in, "sectors below LBA 0");
  app.add_option("--overread-out", habits.overread_lead_out, "sectors beyond the lead-out's start");
  app.add_flag("--audio-over-data", habits.audio_over_data, "reads data sectors as CD-DA, scrambled");
  app.add_flag_callback("--no-full-toc", [&] { habits.full_toc = false; });
  app.add_flag_callback("--no-cd-text", [&] { habits.cd_text = false; });
  app.add_flag_callback(
      "--no-capabilities", [&] { habits.reports_capabilities = false; }, "no mode page 2Ah");
  app.add_option("--becoming-ready", habits.becoming_ready_polls, "times that it says so after loading");
  app.add_flag_callback("--tray-open", [&] { options.tray = sim::Tray::open; });
}

void apply_sim_options(const std::vector<std::string>& texts, Options& options) {
  auto setup = cli::parse_sim_options(
      texts, {.habits = options.habits, .faults = options.faults, .tray = options.tray});
  if (!setup) throw CLI::ValidationError(setup.error().message);
  options.habits = std::move(setup->habits);
  options.faults = std::move(setup->faults);
  options.tray = setup->tray;
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  CLI::App app("Runs COMMAND on a machine with optical drives that are software.");
  app.add_option("--disc", options.discs,
                 "zoo:NAME, zoo:NAME+N (another of the kind), demo, cd-r, cd-rw, audio:SECTORS, a CUE sheet; "
                 "or none, "
                 "blank, dvd; one for each drive")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--numbers", options.numbers, "the drives' numbers: 0,2,10")
      ->delimiter(',')
      ->allow_extra_args(false);
  add_drive_options(app, options);
  std::vector<std::string> sim_options;
  app.add_option("--sim-option", sim_options, "KEY=VALUE, as binrip takes it for sim: devices")
      ->allow_extra_args(false);
  add_trouble_options(app, options);
  app.add_flag_callback("--real-time", [&] { options.clock = sim::Clock::real_time; });
  app.add_option("--reappear-as", options.reappear_as, "number that a vanished drive comes back under");
  app.add_option("--bus", options.bus)->check(CLI::IsMember({"ata", "usb"}));
  app.add_option("--hang-milliseconds", options.hang_milliseconds, "how long a hanging command takes here");
  app.add_flag("--unit-attention", options.keep_unit_attention, "leave the first one to the command");
  app.add_flag("--plain", options.plain, "the command is not ours: no sanitizer is loaded into it");
  app.add_flag("--list-discs", options.list_discs, "the names of all generated discs");
  app.add_option("--deny", options.deny, "who may do what: all, write, or block")
      ->check(CLI::IsMember({"all", "write", "block"}));
  app.add_option("--write-truth", options.truth, "folder for what is on the first disc");
  app.add_option("--statistics", options.statistics, "file for what the first drive had to do");
  app.add_option("--control", options.control, "socket for binrip-bedctl");
  app.add_option("--stack", options.stack, "file with discs for its load: lines NAME DISC[@KEY=VALUE]...");
  app.add_option("--disk", options.disk,
                 "folder that is a disk of its own: full while there is a file FOLDER.full beside it; while "
                 "there is FOLDER.quota, only writing tells");
  app.add_option("--movements", options.movements,
                 "file that gets a line for each movement of a disc or a tray");
  app.add_option("command", options.command, "after --")->take_all();
  try {
    app.parse(argc, argv);
    apply_sim_options(sim_options, options);
    if (options.discs.empty() || options.numbers.empty()) throw CLI::RequiredError("--disc and --numbers");
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? 0 : 125);
  }
  return options;
}

}  // namespace binrip::bed
