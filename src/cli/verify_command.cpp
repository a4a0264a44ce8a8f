#include "verify_command.hpp"

#include <algorithm>
#include <csignal>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lookup.hpp"
#include "print_result.hpp"
#include "verify_result.hpp"
#include "words.hpp"

#include "binrip/base/clock.hpp"
#include "binrip/base/file.hpp"
#include "binrip/cli/host.hpp"
#include "binrip/cli/text.hpp"
#include "binrip/cli/verify_invocation.hpp"
#include "binrip/verify/image_hashes.hpp"

namespace binrip::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostRuns = 50;  // as text; JSON has them all

std::string track_row(const verify::TrackAudit& track) {
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

// "tracks 1, 3 of 5", or "track 2 of 2".
std::string tracks_of(const verify::DatMatch& match) {
  return fmt::format("{} {} of {}", match.tracks.size() == 1 ? "track" : "tracks",
                     fmt::join(match.tracks, ", "), match.game_tracks);
}

std::string_view sheet_remark(verify::DatMatch::Sheet sheet) {
  switch (sheet) {
    case verify::DatMatch::Sheet::same:
      return ", its CUE sheet too";
    case verify::DatMatch::Sheet::different:
      return ", but its CUE sheet is another";
    case verify::DatMatch::Sheet::not_given:
      break;
  }
  return "";
}

std::string dat_lines(const verify::DatLookup& dat) {
  std::string text = fmt::format("\nDAT         {} {}: {}\n", safe_text(dat.header.name),
                                 safe_text(dat.header.version), counted(dat.games, "disc"));
  if (dat.matches.empty()) text += "  none of them has a track of this image\n";
  for (const verify::DatMatch& match : dat.matches) {
    text += match.whole ? fmt::format("  this is {}{}\n", safe_text(match.game), sheet_remark(match.sheet))
                        : fmt::format("  {} match {}\n", tracks_of(match), safe_text(match.game));
  }
  if (dat.more_matches > 0) text += fmt::format("  and {} more\n", grouped(dat.more_matches));
  return text;
}

// What would be in vain after an hour of hashing is found out before.
Result<void> check_dat_files(const VerifyInvocation& options) {
  if (!options.dat.empty()) TRY_VOID(File::open_read(options.dat));
  std::error_code ignored;
  if (options.dat_out.empty() || !fs::exists(fs::symlink_status(options.dat_out, ignored))) return {};
  return fail(ErrorKind::exists, fmt::format("{} is there already", options.dat_out.string()),
              "choose another name for the DAT");
}

Result<void> write_new_dat(const fs::path& path, const verify::Verification& verification) {
  const std::string text = verify::write_dat(verification.sheet.stem().string(), verification.audit.tracks,
                                             BINRIP_VERSION, utc_now().substr(0, 10));
  fs::path temporary = path;
  temporary += ".tmp";
  TRY_VOID(write_atomically(temporary, text));
  auto renamed = rename_durably(temporary, path, Occupied::keep);
  std::error_code ignored;
  if (!renamed) fs::remove(temporary, ignored);
  return renamed;
}

std::string database_lines(const std::vector<image::ReportDatabase>& databases) {
  std::string text = databases.empty() ? "" : "\nDatabases\n";
  for (const image::ReportDatabase& database : databases) {
    text += fmt::format("  {}\n", safe_text(database_summary(database)));
    for (const image::ReportDatabaseTrack& track : database.tracks) {
      text += fmt::format("  {:>5}  {}\n", track.number, safe_text(image::in_words(track)));
    }
  }
  return text;
}

std::string audio_repair_line(const verify::CtdbRepair& repair) {
  return fmt::format("\nRepaired copy: {} of audio mended by CTDB's parity, listed in {}\n",
                     counted(static_cast<std::int64_t>(repair.patches.size()), "sample"),
                     safe_text(repair.record.filename().string()));
}

bool audio_differs(const std::vector<image::ReportDatabase>& databases) {
  return std::any_of(databases.begin(), databases.end(), [](const image::ReportDatabase& database) {
    return database.name == "CTDB" &&
           std::any_of(database.tracks.begin(), database.tracks.end(),
                       [](const image::ReportDatabaseTrack& track) { return track.match == "none"; });
  });
}

// Data by its ECC; where that is right, audio by CTDB's parity.
Result<void> repair(const VerifyInvocation& options, net::Fetcher& network, const std::stop_token& stop,
                    VerifyResult& result) {
  const verify::Verification& verification = result.verification;
  TRY(const auto image, image::open_image(options.sheet.string()));
  if (const auto& faults = verification.audit.faults; !faults.empty()) {
    TRY(result.repair, verify::write_repaired(*image, faults, options.repair, stop));
    return {};
  }
  if (!audio_differs(verification.databases)) return {};
  const verify::CtdbEntry* entry = verify::best_parity(verification.disc, verification.replies);
  if (entry == nullptr) {
    result.audio_not_repaired = "CTDB has no parity for this disc";
    return {};
  }
  auto repaired = verify::repair_audio(*image, *entry, network, options.repair, stop);
  if (repaired) {
    result.audio_repair = std::move(*repaired);
  } else if (repaired.error().kind == ErrorKind::mismatch || repaired.error().kind == ErrorKind::network) {
    result.audio_not_repaired = repaired.error().message;
  } else {
    return fail(repaired.error());
  }
  return {};
}

Result<VerifyResult> verify_as_asked(const VerifyInvocation& options, Host& host,
                                     const std::stop_token& stop) {
  TRY_VOID(check_dat_files(options));
  TRY(const drive::ConfigFile config, host.load_config());
  const std::shared_ptr<net::Fetcher> network = host.fetcher(access_of(options.access, config));
  // A DAT may have a file with all tracks, and no SHA-256.
  const verify::VerifyOptions wanted{
      .signed_by = options.signed_by,
      .whole = options.dat.empty() ? verify::DigestSet::crc32_and_sha256 : verify::DigestSet::all,
      .network = network.get(),
      .servers = database_servers(config)};
  TRY(verify::Verification verification, verify::verify_image(options.sheet, stop, wanted));
  VerifyResult result{std::move(verification)};
  if (!options.dat.empty()) {
    TRY(const verify::Digests sheet, verify::hash_file(options.sheet, stop));
    TRY(result.dat, verify::look_up_dat(options.dat, result.verification.audit, sheet, stop));
  }
  if (!options.dat_out.empty()) TRY_VOID(write_new_dat(options.dat_out, result.verification));
  if (!options.repair.empty()) TRY_VOID(repair(options, *network, stop, result));
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
  if (const auto& signature = v.signature; !signature.name.empty()) {
    text += fmt::format("Signature   {}: {}\n", safe_text(signature.name),
                        !signature.checked ? "not checked (see --signed-by)"
                        : signature.right  ? "right"
                                           : "wrong");
  }
  if (v.audit.records > 0) {
    text +=
        fmt::format("Subchannel  Q: {} right, {} with a wrong CRC, {} of another address\n",
                    grouped(v.audit.q_right), grouped(v.audit.q_wrong_crc), grouped(v.audit.q_wrong_address));
  }
  text += fmt::format("\n  {:>5}  {:<5}  {:>8}  {:<8}  {:<40}  {}\n", "track", "mode", "sectors", "CRC-32",
                      "SHA-1", "data sectors");
  for (const verify::TrackAudit& track : v.audit.tracks) text += track_row(track);
  text += fault_lines(v.audit.faults);
  if (!v.problems.empty()) text += "\nProblems\n";
  for (const std::string& problem : v.problems) text += fmt::format("  {}\n", safe_text(problem));
  text += database_lines(v.databases);
  if (result.dat) text += dat_lines(*result.dat);
  if (result.repair) text += repair_lines(*result.repair);
  if (result.audio_repair) text += audio_repair_line(*result.audio_repair);
  if (!result.audio_not_repaired.empty()) {
    text += fmt::format("\nAudio was not repaired: {}\n", safe_text(result.audio_not_repaired));
  }
  return text + fmt::format("\n{}\n", safe_text(v.verdict));
}

int verify_command(const VerifyInvocation& options, Host& host) {
  const std::unique_ptr<Interruption> interruption = host.watch_signals();
  const auto result = verify_as_asked(options, host, interruption->token());
  if (!result && result.error().kind == ErrorKind::cancelled) {
    return interrupted(host, interruption->signal());
  }
  if (!result) {
    print_error(host.err, result.error());
    return kFailure;
  }
  const verify::Verification& verification = result->verification;
  const image::ReportVerification entry{utc_now(), BINRIP_VERSION, verification.exit_code,
                                        verification.verdict, verification.databases};
  if (const auto recorded = verify::record_verification(verification, entry); !recorded) {
    host.err << "binrip: warning: the report does not tell of this: " << safe_text(recorded.error().message)
             << '\n';
  }
  const int printed =
      print_result(host, options.format == OutputFormat::json ? verify_json(*result) : verify_text(*result));
  return printed == kSuccess ? verification.exit_code : printed;
}

}  // namespace binrip::cli
