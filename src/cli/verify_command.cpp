#include <csignal>

#include <fmt/format.h>

#include "commands.hpp"
#include "words.hpp"

#include "binrip/base/clock.hpp"
#include "binrip/cli/text.hpp"

namespace binrip::cli {
namespace {

constexpr std::size_t kMostRuns = 50;  // as text; JSON has them all

std::string row(const verify::TrackAudit& track) {
  std::string sectors = "not checkable";
  if (track.checked > 0 && track.faulty == 0) sectors = fmt::format("{} right", grouped(track.checked));
  if (track.faulty > 0) {
    sectors = fmt::format("{} of {} wrong", grouped(track.faulty), grouped(track.checked));
  }
  return fmt::format("  {:>5}  {:<5}  {:>8}  {:<8}  {:<40}  {}\n", track.number, word(track.mode),
                     track.range.size().value, track.digests.crc32, track.digests.sha1, sectors);
}

std::string fault_lines(const std::vector<verify::FaultRun>& faults) {
  if (faults.empty()) return {};
  std::string text = "\nWrong sectors\n";
  for (std::size_t i = 0; i < faults.size() && i < kMostRuns; ++i) {
    const cd::LbaRange range = faults[i].range;
    text += fmt::format("  {:>7} … {:>7}  {}\n", range.begin.value, range.end.value - 1,
                        verify::to_string(faults[i].fault));
  }
  if (faults.size() > kMostRuns) text += fmt::format("  and {} runs more\n", faults.size() - kMostRuns);
  return text;
}

std::string repair_lines(const verify::Repair& repair) {
  std::string text =
      fmt::format("\nRepaired copy: {} mended, {} left as they are\n",
                  counted(static_cast<std::int64_t>(repair.mended.size()), "sector"), repair.left.size());
  for (const verify::RepairedSector& sector : repair.mended) {
    text += fmt::format("  {:>7}  mended, {}\n", sector.lba.value, counted(sector.bytes_changed, "byte"));
  }
  for (const cd::Lba lba : repair.left) text += fmt::format("  {:>7}  left\n", lba.value);
  return text;
}

Result<VerifyResult> look(const VerifyInvocation& options, const std::stop_token& stop) {
  TRY(verify::Verification verification, verify::verify_image(options.sheet, stop));
  VerifyResult result{std::move(verification), std::nullopt};
  const std::vector<verify::FaultRun>& faults = result.verification.audit.faults;
  if (options.repair.empty() || faults.empty()) return result;
  TRY(const auto image, image::open_image(options.sheet.string()));
  TRY(result.repair, verify::write_repaired(*image, faults, options.repair, stop));
  return result;
}

int interrupted(Host& host, int signal) {
  constexpr int kSignalled = 128;
  print_error(host.err, {ErrorKind::cancelled, "interrupted"});
  return kSignalled + (signal != 0 ? signal : SIGINT);
}

}  // namespace

std::string verify_text(const VerifyResult& result) {
  const verify::Verification& v = result.verification;
  std::string text = fmt::format("Image       {}, {}\n", safe_text(v.sheet.string()),
                                 counted(cd::image_size(v.disc).value, "sector"));
  if (v.report) {
    text +=
        fmt::format("Report      of {}: {}\n", safe_text(v.report->finished), safe_text(v.report->verdict));
    text += fmt::format("Checksums   {} compared\n", v.checksums_compared);
  } else {
    text += "Report      none\n";
  }
  if (v.audit.records > 0) {
    text +=
        fmt::format("Subchannel  Q: {} right, {} with a wrong CRC, {} of another address\n",
                    grouped(v.audit.q_right), grouped(v.audit.q_wrong_crc), grouped(v.audit.q_wrong_address));
  }
  text += fmt::format("\n  {:>5}  {:<5}  {:>8}  {:<8}  {:<40}  {}\n", "track", "mode", "sectors", "CRC-32",
                      "SHA-1", "data sectors");
  for (const verify::TrackAudit& track : v.audit.tracks) text += row(track);
  text += fault_lines(v.audit.faults);
  if (!v.problems.empty()) text += "\nProblems\n";
  for (const std::string& problem : v.problems) text += fmt::format("  {}\n", safe_text(problem));
  if (result.repair) text += repair_lines(*result.repair);
  return text + fmt::format("\n{}\n", safe_text(v.verdict));
}

int verify_command(const VerifyInvocation& options, Host& host) {
  const std::unique_ptr<Interruption> interruption = host.watch_signals();
  const auto result = look(options, interruption->token());
  if (!result && result.error().kind == ErrorKind::cancelled) {
    return interrupted(host, interruption->signal());
  }
  if (!result) {
    print_error(host.err, result.error());
    return kFailure;
  }
  const verify::Verification& verification = result->verification;
  const image::ReportVerification entry{utc_now(), BINRIP_VERSION, verification.exit_code,
                                        verification.verdict};
  if (const auto recorded = verify::record_verification(verification, entry); !recorded) {
    host.err << "binrip: warning: the report does not tell of this: " << safe_text(recorded.error().message)
             << '\n';
  }
  const int printed =
      print_result(host, options.format == OutputFormat::json ? verify_json(*result) : verify_text(*result));
  return printed == kSuccess ? verification.exit_code : printed;
}

}  // namespace binrip::cli
