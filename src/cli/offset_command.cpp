#include "offset_command.hpp"

#include <algorithm>
#include <csignal>

#include <fmt/format.h>

#include "diagnostics.hpp"
#include "drive_list.hpp"
#include "lookup.hpp"
#include "offset_record.hpp"
#include "offset_search.hpp"
#include "print_result.hpp"
#include "slow_notice.hpp"

#include "binrip/cli/description.hpp"
#include "binrip/cli/drive_invocations.hpp"
#include "binrip/cli/host.hpp"
#include "binrip/cli/text.hpp"
#include "binrip/drive/config_edit.hpp"

namespace binrip::cli {
namespace {

// What is known once the disc was read.
struct Found {
  Description description;
  std::string disc_id;
  std::size_t pressings = 0;
  OffsetSearch search;
};

std::string offsets_text(const std::vector<int>& offsets) {
  std::string text;
  for (const int offset : offsets) text += fmt::format("{}{:+}", text.empty() ? "" : ", ", offset);
  return text;
}

class OffsetRun {
 public:
  OffsetRun(const OffsetInvocation& options, Host& host)
      : options_(options),
        host_(host),
        console_(host.err, host.terminal),
        interruption_(host.watch_signals()) {}

  int run() {
    const auto text = find_and_store();
    console_.clear();
    if (text) return print_result(host_, *text);
    if (text.error().kind != ErrorKind::cancelled) {
      print_error(host_.err, text.error());
      return kFailure;
    }
    constexpr int kSignalled = 128;
    const int signal = interruption_->signal();
    print_error(host_.err, {ErrorKind::cancelled, "interrupted"});
    return kSignalled + (signal != 0 ? signal : SIGINT);
  }

 private:
  Result<std::string> find_and_store() {
    TRY(const Found finding, find());
    for (const std::string& note : finding.search.notes) {
      console_.line("binrip: note: " + safe_text(note));
    }
    const drive::Inquiry& inquiry = finding.description.drive.inquiry;
    SeenDisc disc{finding.disc_id, {}};
    for (const OffsetCandidate& each : finding.search.candidates) disc.offsets.push_back(each.offset);
    TRY(OffsetRecord record, load_offset_record(offset_record_file()));
    const auto conclusion = add_to_record(record, inquiry.vendor, inquiry.product, disc);
    if (!conclusion) {
      return fail(
          ErrorKind::mismatch,
          fmt::format("this disc says {} samples, which contradicts the discs before it",
                      offsets_text(disc.offsets)),
          fmt::format("one of them is a pressing that AccurateRip does not have; try more discs after "
                      "removing {}",
                      offset_record_file().string()));
    }
    TRY_VOID(save_offset_record(record, offset_record_file()));
    if (conclusion->offsets.size() > 1) {
      return fail(
          ErrorKind::mismatch, fmt::format("several offsets fit: {}", offsets_text(conclusion->offsets)),
          "AccurateRip has several pressings of this disc; run this on another disc, which is counted "
          "together with it");
    }
    return store(finding, *conclusion);
  }

  Result<Found> find() {
    Found finding;
    TRY(const drive::ConfigFile config, host_.load_config());
    TRY(OpenDevice device, open(config));
    console_.live_stage("looking at the disc");
    TRY(finding.description, host_.describe(*device.transport, config, {}));
    const job::DiscDescription& disc = finding.description.disc;
    if (disc.atip) {
      return fail(ErrorKind::unsupported, "this is a recordable disc: a copy is shifted by its writer",
                  "take a pressed disc");
    }
    const auto ids = verify::accuraterip_ids(disc.disc);
    if (!ids) return fail(ErrorKind::unsupported, "there is no audio on this disc");
    finding.disc_id = disc.ids.accuraterip;
    console_.live_stage("asking AccurateRip");
    const std::shared_ptr<net::Fetcher> fetcher = host_.fetcher(access_of(net::Access::online, config));
    TRY(const auto answer, verify::look_up_accuraterip(*fetcher, accuraterip_url(config), *ids));
    if (!answer) {
      return fail(ErrorKind::mismatch, "AccurateRip does not know this disc",
                  "try another disc, pressed, that many people own");
    }
    finding.pressings = answer->pressings.size();
    drive::Drive drive(*device.transport);
    const auto tell = [&](int track) { console_.live_stage(fmt::format("reading track {}", track)); };
    TRY(finding.search, search_offset(drive, disc.disc, finding.description.drive.profile.max_transfer.value,
                                      *answer, tell, interruption_->token()));
    return finding;
  }

  Result<OpenDevice> open(const drive::ConfigFile& config) {
    console_.live_stage("opening " + safe_text(options_.device.name));
    TRY(OpenDevice device, open_patiently(with_config(options_.device, config), host_, console_));
    if (options_.verbosity == Verbosity::verbose) {
      for (const std::string& warning : device.warnings) {
        console_.line("binrip: warning: " + safe_text(warning));
      }
      device.transport = log_commands(std::move(device.transport), verbose_logger(console_));
    }
    return device;
  }

  Result<std::string> store(const Found& finding, const OffsetConclusion& conclusion) {
    const job::DriveDescription& drive = finding.description.drive;
    const int offset = conclusion.offsets.front();
    const std::string seen = fmt::format("seen on {}", counted(conclusion.discs, "disc"));
    TRY(const drive::StoredOffset stored,
        drive::store_read_offset(
            {drive.inquiry.vendor, drive.inquiry.product, drive.inquiry.revision, drive.serial}, offset,
            seen));
    const auto candidate = std::find_if(finding.search.candidates.begin(), finding.search.candidates.end(),
                                        [&](const OffsetCandidate& each) { return each.offset == offset; });
    std::string text;
    const auto row = [&](std::string_view name, const std::string& value) {
      text += fmt::format("{:<13} {}\n", name, safe_text(value));
    };
    row("Drive", fmt::format("{} {}", drive.inquiry.vendor, drive.inquiry.product));
    row("Disc", fmt::format("{}, {} in AccurateRip", finding.disc_id,
                            counted(static_cast<std::int64_t>(finding.pressings), "pressing")));
    row("Read offset", fmt::format("{:+} samples: {} tracks agree, with a confidence of {} or more", offset,
                                   finding.search.tracks, candidate->confidence));
    const drive::Known<int>& before = drive.profile.read_offset;
    if (before.source != drive::ProfileSource::assumed) {
      row("Before", fmt::format("{:+} samples ({})", before.value, drive::to_string(before.source)));
    }
    row("Stored in", stored.file.string());
    row("Proof", conclusion.discs > 1
                     ? fmt::format("confirmed: {}", seen)
                     : seen + "; another one confirms it, or says that this one is an unknown pressing");
    return text;
  }

  const OffsetInvocation& options_;
  Host& host_;
  Console console_;
  std::unique_ptr<Interruption> interruption_;
};

}  // namespace

int offset_command(const OffsetInvocation& options, Host& host) { return OffsetRun(options, host).run(); }

}  // namespace binrip::cli
