#include "binrip/cli/options.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "batch_options.hpp"
#include "catalog_options.hpp"
#include "option_parser.hpp"
#include "option_values.hpp"

namespace binrip::cli {
namespace {

constexpr int kMaxReadOffset = 5880;  // samples: ten sectors, more than any drive known
constexpr int kMaxSpeed = 100;        // ×
constexpr int kMaxRetries = 1000;

constexpr std::string_view kImage = "Image";
constexpr std::string_view kReading = "Reading";
constexpr std::string_view kMessages = "Messages";
constexpr std::string_view kTesting = "For testing";

// What stands on the command line, before it is understood.
struct RawOptions {
  std::string device, cue, second_cue, merged_cue, repair, move;
  std::string read_offset, speed, retries, max_time, stop_below, passes, paranoia, progress, sim_time,
      record_trace, transport, fill, sign, signed_by, dat, dat_out;
  std::vector<std::string> texts, sim_options;
  bool split = false, no_sub = false, picture = false, strict = false, force = false, offline = false,
       eject = false, update_offsets = false, lookup = false;
  bool quiet = false, verbose = false, json = false;
};

class Definer {
 public:
  Definer(OptionParser& parser, RawOptions& raw) : parser_(parser), raw_(raw) {}

  void device() { parser_.positional("DEVICE", raw_.device); }
  void cue() { parser_.positional("OUT.cue", raw_.cue); }
  void move() { parser_.positional("open|close", raw_.move); }
  void two_images() {
    parser_.positional("A.cue", raw_.cue);
    parser_.positional("B.cue", raw_.second_cue);
    parser_.positional("OUT.cue", raw_.merged_cue);
  }

  // What a new image is asked to be.
  void new_image() {
    parser_.flag(kImage, "--split", raw_.split, "One BIN a track, named as redump does");
    parser_.flag(kImage, "--no-sub", raw_.no_sub, "Write no .sub file");
    parser_.flag(kImage, "--force", raw_.force, "Overwrite files that are there");
  }
  void damage() {
    parser_.value(kImage, "--fill", "WITH", raw_.fill,
                  "Unreadable data: pattern, zero, or hex bytes [pattern]");
    parser_.flag(kImage, "--picture", raw_.picture, "Draw the disc and its damage as OUT.map.svg");
    parser_.value(kImage, "--sign", "KEY", raw_.sign, "Sign the log: a minisign secret key, or a key of SSH");
    parser_.flag(kImage, "--strict", raw_.strict, "Publish nothing unless all sectors are good");
  }
  void image() {
    new_image();
    damage();
    parser_.list(kImage, "--set", "FIELD=VALUE", raw_.texts,
                 "Text where the disc has none: title=X, 3.title=Y");
    parser_.flag(kImage, "--lookup", raw_.lookup, "Names from MusicBrainz where the disc has none");
    offline();
  }
  void offline() {
    parser_.flag(kImage, "--offline", raw_.offline, "Ask no database; what was asked before may be used");
  }
  void reading() {
    read_offset();
    parser_.value(kReading, "--speed", "X", raw_.speed, "Limit the drive's speed, 8 for 8x");
    parser_.value(kReading, "--passes", "N", raw_.passes, "Reads that must agree: 1, or 2 even under C2");
    parser_.value(kReading, "--paranoia", "WHEN", raw_.paranoia,
                  "Match audio from several readings: auto, always, never");
    parser_.value(kReading, "--retries", "N", raw_.retries, "Sweeps over what is still bad [5]");
    parser_.value(kReading, "--max-time", "TIME", raw_.max_time,
                  "End after 90 (minutes), 45s, 2h [1h of coming back]");
    parser_.value(kReading, "--stop-below", "PERCENT", raw_.stop_below,
                  "End sweeps that bring back less [0]");
    parser_.flag(kReading, "--eject", raw_.eject, "Open the tray when done");
  }
  void read_offset() {
    parser_.value(kReading, "--read-offset", "N", raw_.read_offset,
                  "The drive's read offset correction, samples");
  }
  void transport() {
    parser_.value(kReading, "--transport", "KIND", raw_.transport,
                  "Way to the drive: auto, cdio (libcdio) or sg");
  }
  void progress() {
    parser_.value(kMessages, "--progress", "KIND", raw_.progress, "auto, json (lines on stdout) or none");
    parser_.flag(kMessages, "-q,--quiet", raw_.quiet, "Only errors");
    verbose();
  }
  void verbose() {
    parser_.flag(kMessages, "-v,--verbose", raw_.verbose, "Say what is done and what the drive answers");
  }
  void repair() {
    parser_.value(kImage, "--repair", "NEW.cue", raw_.repair, "Write a copy with what ECC or CTDB can mend");
  }
  void update_offsets() {
    parser_.flag(kReading, "--update-offsets", raw_.update_offsets,
                 "Fetch AccurateRip's list of read offsets first");
  }
  void signed_by() {
    parser_.value(kImage, "--signed-by", "PUBKEY", raw_.signed_by,
                  "Check the log's signature by this public key");
  }
  void dat() {
    parser_.value(kImage, "--dat", "FILE.dat", raw_.dat,
                  "Look for the disc in a DAT of redump or others, zipped or not");
    parser_.value(kImage, "--dat-out", "NEW.dat", raw_.dat_out, "Write the tracks' checksums as a DAT");
  }
  void json() { parser_.flag(kMessages, "--json", raw_.json, "JSON for programs"); }
  void testing() {
    parser_.value(kTesting, "--sim-time", "KIND", raw_.sim_time,
                  "sim: devices: virtual (no waiting) or real");
    parser_.list(kTesting, "--sim-option", "KEY=VALUE", raw_.sim_options,
                 "sim: devices: a habit or fault of the drive");
    parser_.value(kTesting, "--record-trace", "FILE", raw_.record_trace,
                  "Write all commands and replies to FILE");
  }

 private:
  OptionParser& parser_;
  RawOptions& raw_;
};

Result<DeviceOptions> device_options(const RawOptions& raw) {
  DeviceOptions device{.name = raw.device, .sim_options = raw.sim_options, .record_trace = raw.record_trace};
  const bool simulated = raw.device.starts_with("sim:");
  if (!simulated && !(raw.sim_time.empty() && raw.sim_options.empty())) {
    return usage_error("--sim-time and --sim-option are for sim: devices");
  }
  if (!raw.sim_time.empty()) {
    TRY(device.sim_clock,
        choice<sim::Clock>("--sim-time", raw.sim_time,
                           {{"virtual", sim::Clock::virtual_time}, {"real", sim::Clock::real_time}}));
  }
  if (!raw.transport.empty()) {
    using drive::TransportChoice;
    TRY(device.transport, choice<TransportChoice>("--transport", raw.transport,
                                                  {{"auto", TransportChoice::automatic},
                                                   {"cdio", TransportChoice::cdio},
                                                   {"sg", TransportChoice::sg}}));
  }
  return device;
}

Result<drive::ProfileOverrides> overrides_of(const RawOptions& raw) {
  drive::ProfileOverrides overrides;
  if (!raw.read_offset.empty()) {
    TRY(overrides.read_offset,
        number("--read-offset", raw.read_offset, "a number of samples", -kMaxReadOffset, kMaxReadOffset));
  }
  return overrides;
}

Result<Verbosity> verbosity_of(const RawOptions& raw) {
  if (raw.quiet && raw.verbose) return usage_error("--quiet and --verbose exclude each other");
  return raw.quiet ? Verbosity::quiet : raw.verbose ? Verbosity::verbose : Verbosity::normal;
}

// `binrip --verbose info /dev/sr0`: the command was taken for a device.
Result<void> check_device_word(const std::string& device) {
  constexpr std::array<std::string_view, 11> kCommands = {"rip",    "refine",      "merge",        "info",
                                                          "drives", "doctor",      "verify",       "offset",
                                                          "tray",   kBatchCommand, kCatalogCommand};
  if (std::find(kCommands.begin(), kCommands.end(), device) == kCommands.end()) return {};
  return fail(ErrorKind::usage, fmt::format("expected a device, got \"{}\"", device),
              fmt::format("a command comes before its options: `binrip {} …`; ./{} for a file of that name",
                          device, device));
}

Result<void> check_sheet_name(const std::string& name, std::string hint) {
  if (std::filesystem::path(name).extension() == ".cue") return {};
  return fail(ErrorKind::usage, fmt::format("expected a name that ends in .cue, got \"{}\"", name),
              std::move(hint));
}

Result<ProgressKind> progress_of(const RawOptions& raw) {
  if (raw.progress.empty()) return ProgressKind::automatic;
  return choice<ProgressKind>(
      "--progress", raw.progress,
      {{"auto", ProgressKind::automatic}, {"json", ProgressKind::json}, {"none", ProgressKind::none}});
}

Result<std::optional<job::Fill>> fill_of(const RawOptions& raw) {
  if (raw.fill.empty()) return std::nullopt;
  TRY(job::Fill fill, job::parse_fill_option(raw.fill));
  return fill;
}

net::Access asked_access(const RawOptions& raw) {
  return raw.offline ? net::Access::offline : net::Access::online;
}

// How the disc is read, and what comes out: the same for `rip` and `refine`.
Result<void> understand_reading(const RawOptions& raw, RipInvocation& result) {
  TRY(result.device, device_options(raw));
  TRY(result.verbosity, verbosity_of(raw));
  TRY(result.progress, progress_of(raw));
  TRY(result.rip.overrides, overrides_of(raw));
  TRY(result.rip.fill, fill_of(raw));
  result.access = asked_access(raw);
  result.rip.cue = raw.cue;
  result.rip.sign = raw.sign;
  result.rip.picture = raw.picture ? job::Picture::write : job::Picture::leave_out;
  result.rip.on_damage = raw.strict ? job::OnDamage::withhold : job::OnDamage::publish;
  result.rip.after = raw.eject ? job::AfterRip::eject : job::AfterRip::keep_closed;
  if (!raw.speed.empty()) {
    const std::string_view speed = raw.speed;
    const std::string_view times = speed.ends_with('x') ? speed.substr(0, speed.size() - 1) : speed;
    TRY(result.rip.speed, number("--speed", times, "a number", 1, kMaxSpeed));
  }
  if (!raw.retries.empty()) {
    TRY(result.rip.retries, number("--retries", raw.retries, "a number", 0, kMaxRetries));
  }
  if (!raw.max_time.empty()) {
    TRY(result.rip.max_time, duration("--max-time", raw.max_time));
  }
  if (!raw.stop_below.empty()) {
    TRY(result.rip.stop_below, number("--stop-below", raw.stop_below, "a percentage", 0, 100));
  }
  if (!raw.passes.empty()) {
    TRY(result.rip.passes, number("--passes", raw.passes, "a number", 1, 2));
  }
  if (!raw.paranoia.empty()) {
    TRY(result.rip.paranoia, choice<rip::Paranoia>("--paranoia", raw.paranoia,
                                                   {{"auto", rip::Paranoia::automatic},
                                                    {"always", rip::Paranoia::always},
                                                    {"never", rip::Paranoia::never}}));
  }
  return {};
}

Result<Invocation> rip_invocation(const RawOptions& raw) {
  if (raw.device.empty()) return usage_error("expected DEVICE and OUT.cue");
  TRY_VOID(check_device_word(raw.device));
  if (raw.cue.empty()) {
    return fail(
        ErrorKind::usage, "expected OUT.cue after the device",
        fmt::format("`binrip {} out.cue`, or `binrip info {}` to look at the disc", raw.device, raw.device));
  }
  TRY_VOID(
      check_sheet_name(raw.cue, "first the device, then the CUE sheet to write: `binrip /dev/sr0 out.cue`"));
  RipInvocation result;
  TRY_VOID(understand_reading(raw, result));
  result.rip.layout = raw.split ? image::BinLayout::split : image::BinLayout::single;
  result.rip.sub = raw.no_sub ? job::SubFile::leave_out : job::SubFile::write;
  result.rip.existing = raw.force ? job::Existing::overwrite : job::Existing::keep;
  result.texts = raw.texts;
  if (raw.lookup) result.rip.names = job::Names::and_of_musicbrainz;
  return result;
}

Result<Invocation> refine_invocation(const RawOptions& raw) {
  constexpr const char* kHint = "first the image, then the drive: `binrip refine out.cue /dev/sr1`";
  if (raw.cue.empty() || raw.device.empty()) {
    return fail(ErrorKind::usage, "expected OUT.cue and DEVICE", kHint);
  }
  TRY_VOID(check_sheet_name(raw.cue, kHint));
  RipInvocation result;
  TRY_VOID(understand_reading(raw, result));
  result.rip.task = job::Task::refine;
  return result;
}

Result<Invocation> merge_invocation(const RawOptions& raw) {
  constexpr const char* kHint = "two images, then the one to write: `binrip merge a.cue b.cue out.cue`";
  if (raw.merged_cue.empty()) return fail(ErrorKind::usage, "expected A.cue, B.cue and OUT.cue", kHint);
  for (const std::string& name : {raw.cue, raw.second_cue, raw.merged_cue}) {
    TRY_VOID(check_sheet_name(name, kHint));
  }
  MergeInvocation result;
  TRY(result.verbosity, verbosity_of(raw));
  TRY(result.progress, progress_of(raw));
  TRY(result.merge.fill, fill_of(raw));
  result.merge.first = raw.cue;
  result.merge.second = raw.second_cue;
  result.merge.cue = raw.merged_cue;
  result.merge.sign = raw.sign;
  result.merge.layout = raw.split ? image::BinLayout::split : image::BinLayout::single;
  result.merge.sub = raw.no_sub ? job::SubFile::leave_out : job::SubFile::write;
  result.merge.picture = raw.picture ? job::Picture::write : job::Picture::leave_out;
  result.merge.existing = raw.force ? job::Existing::overwrite : job::Existing::keep;
  result.merge.on_damage = raw.strict ? job::OnDamage::withhold : job::OnDamage::publish;
  return result;
}

Result<Invocation> info_invocation(const RawOptions& raw) {
  if (raw.device.empty()) return usage_error("expected DEVICE");
  InfoInvocation result;
  TRY(result.device, device_options(raw));
  TRY(result.verbosity, verbosity_of(raw));
  TRY(result.overrides, overrides_of(raw));
  result.format = raw.json ? OutputFormat::json : OutputFormat::text;
  return result;
}

Result<Invocation> drives_invocation(const RawOptions& raw) {
  return DrivesInvocation{raw.json ? OutputFormat::json : OutputFormat::text,
                          raw.update_offsets ? OffsetList::update : OffsetList::keep};
}

Result<Invocation> offset_invocation(const RawOptions& raw) {
  if (raw.device.empty()) return usage_error("expected DEVICE");
  OffsetInvocation result;
  TRY(result.device, device_options(raw));
  TRY(result.verbosity, verbosity_of(raw));
  return result;
}

Result<Invocation> tray_invocation(const RawOptions& raw) {
  if (raw.device.empty()) return usage_error("expected DEVICE");
  TrayInvocation result;
  TRY(result.device, device_options(raw));
  if (!raw.move.empty()) {
    TRY(result.move,
        choice<TrayMove>("tray", raw.move, {{"open", TrayMove::open}, {"close", TrayMove::close}}));
  }
  result.format = raw.json ? OutputFormat::json : OutputFormat::text;
  return result;
}

Result<Invocation> doctor_invocation(const RawOptions& raw) {
  DoctorInvocation result;
  TRY(result.device, device_options(raw));
  result.format = raw.json ? OutputFormat::json : OutputFormat::text;
  return result;
}

Result<Invocation> verify_invocation(const RawOptions& raw) {
  if (raw.cue.empty()) return usage_error("expected the CUE sheet of an image");
  if (!raw.repair.empty() && std::filesystem::path(raw.repair).extension() != ".cue") {
    return usage_error(fmt::format("--repair: expected a name that ends in .cue, got \"{}\"", raw.repair));
  }
  return VerifyInvocation{.sheet = raw.cue,
                          .repair = raw.repair,
                          .dat = raw.dat,
                          .dat_out = raw.dat_out,
                          .signed_by = raw.signed_by,
                          .access = asked_access(raw),
                          .format = raw.json ? OutputFormat::json : OutputFormat::text};
}

struct CommandForm {
  std::string_view name;
  void (*define)(Definer&);
  Result<Invocation> (*understand)(const RawOptions&);
};

constexpr CommandForm kRip = {"rip",
                              [](Definer& d) {
                                d.device();
                                d.cue();
                                d.image();
                                d.reading();
                                d.transport();
                                d.progress();
                                d.testing();
                              },
                              rip_invocation};
constexpr CommandForm kInfo = {"info",
                               [](Definer& d) {
                                 d.device();
                                 d.read_offset();
                                 d.transport();
                                 d.json();
                                 d.verbose();
                                 d.testing();
                               },
                               info_invocation};
constexpr CommandForm kDoctor = {"doctor",
                                 [](Definer& d) {
                                   d.device();
                                   d.transport();
                                   d.json();
                                   d.testing();
                                 },
                                 doctor_invocation};
constexpr CommandForm kRefine = {"refine",
                                 [](Definer& d) {
                                   d.cue();
                                   d.device();
                                   d.damage();
                                   d.reading();
                                   d.transport();
                                   d.progress();
                                   d.testing();
                                 },
                                 refine_invocation};
constexpr CommandForm kMerge = {"merge",
                                [](Definer& d) {
                                  d.two_images();
                                  d.new_image();
                                  d.damage();
                                  d.progress();
                                },
                                merge_invocation};
constexpr CommandForm kVerify = {"verify",
                                 [](Definer& d) {
                                   d.cue();
                                   d.repair();
                                   d.signed_by();
                                   d.dat();
                                   d.offline();
                                   d.json();
                                 },
                                 verify_invocation};
constexpr CommandForm kDrives = {"drives",
                                 [](Definer& d) {
                                   d.update_offsets();
                                   d.json();
                                 },
                                 drives_invocation};
constexpr CommandForm kOffset = {"offset",
                                 [](Definer& d) {
                                   d.device();
                                   d.transport();
                                   d.verbose();
                                   d.testing();
                                 },
                                 offset_invocation};

constexpr CommandForm kTrayForm = {"tray",
                                   [](Definer& d) {
                                     d.device();
                                     d.move();
                                     d.transport();
                                     d.json();
                                     d.testing();
                                   },
                                   tray_invocation};

Result<Invocation> parse_command(const CommandForm& form, std::vector<std::string> arguments) {
  RawOptions raw;
  OptionParser parser;
  Definer definer(parser, raw);
  form.define(definer);
  TRY(auto text, parser.parse(form.name, std::move(arguments)));
  if (text) return TextInvocation{std::move(*text)};
  return form.understand(raw);
}

}  // namespace

Result<Invocation> parse_arguments(std::vector<std::string> arguments) {
  if (!arguments.empty()) {
    for (const auto& [command, parse] :
         {std::pair{kBatchCommand, &parse_batch}, {kCatalogCommand, &parse_catalog}}) {
      if (arguments.front() != command) continue;
      arguments.erase(arguments.begin());
      return parse(std::move(arguments));
    }
    for (const CommandForm* form :
         {&kRip, &kRefine, &kMerge, &kInfo, &kDrives, &kDoctor, &kVerify, &kOffset, &kTrayForm}) {
      if (arguments.front() != form->name) continue;
      arguments.erase(arguments.begin());
      return parse_command(*form, std::move(arguments));
    }
  }
  return parse_command(kRip, std::move(arguments));
}

}  // namespace binrip::cli
