// The command line as values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "binrip/batch/changer.hpp"
#include "binrip/batch/on_copy.hpp"
#include "binrip/batch/web_server.hpp"
#include "binrip/cli/device.hpp"
#include "binrip/cli/display.hpp"
#include "binrip/job/merge.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/net/fetcher.hpp"

namespace binrip::cli {

enum class OutputFormat { text, json };

struct RipInvocation {  // `rip` and `refine`
  DeviceOptions device;
  job::RipOptions rip;             // but for the configuration file and the texts, which the command adds
  std::vector<std::string> texts;  // --set, as given
  net::Access access = net::Access::online;
  ProgressKind progress = ProgressKind::automatic;
  Verbosity verbosity = Verbosity::normal;
};
struct MergeInvocation {
  job::MergeOptions merge;
  ProgressKind progress = ProgressKind::automatic;
  Verbosity verbosity = Verbosity::normal;
};
struct InfoInvocation {
  DeviceOptions device;
  drive::ProfileOverrides overrides;
  OutputFormat format = OutputFormat::text;
  Verbosity verbosity = Verbosity::normal;
};
enum class OffsetList { keep, update };  // AccurateRip's, in the cache

struct DrivesInvocation {
  OutputFormat format = OutputFormat::text;
  OffsetList offsets = OffsetList::keep;
};
struct DoctorInvocation {
  DeviceOptions device;  // without a name: all drives of this machine
  OutputFormat format = OutputFormat::text;
};
enum class TrayMove { none, open, close };

struct TrayInvocation {
  DeviceOptions device;
  TrayMove move = TrayMove::none;
  OutputFormat format = OutputFormat::text;
};
struct OffsetInvocation {
  DeviceOptions device;
  Verbosity verbosity = Verbosity::normal;
};
struct VerifyInvocation {
  std::filesystem::path sheet;         // .cue or .ccd
  std::filesystem::path repair;        // .cue to write; empty: none
  std::filesystem::path dat, dat_out;  // --dat to look in, --dat-out to write; empty: none
  std::filesystem::path signed_by;     // a public key; empty: the signature is not checked
  net::Access access = net::Access::online;
  OutputFormat format = OutputFormat::text;
};
struct BatchInvocation {
  std::filesystem::path archive;
  std::vector<std::string> drives = {"all"};
  std::string name_template;         // empty: the usual one
  std::filesystem::path list;        // empty: none
  std::filesystem::path hooks;       // with `changer` empty; both empty: a person brings the discs
  std::string changer;               // "/dev/sg3"
  std::vector<int> changer_drives;   // elements, one for each drive; empty: 0, 1, …
  std::vector<int> changer_rejects;  // slots
  batch::DoneDiscs changer_done = batch::DoneDiscs::home;
  batch::OnCopy on_copy = batch::OnCopy::skip;
  std::chrono::seconds silence{900};
  std::vector<std::string> rip_options;  // after "--"
  ProgressKind progress = ProgressKind::automatic;
  std::optional<batch::ListenAddress> listen;
  std::filesystem::path control_token;  // the file; empty: look only
  std::string notify;                   // a program, or "desktop"; empty: none
};
enum class CatalogAction { list, show, search, export_all, verify, rebuild };
enum class ExportFormat { csv, json, dat };

struct CatalogInvocation {
  CatalogAction action = CatalogAction::list;
  std::filesystem::path archive;
  std::int64_t disc = 0;           // to show
  std::vector<std::string> words;  // to search for
  ExportFormat export_format = ExportFormat::csv;
  // Of the discs, how many to verify: so many of a hundred, or so many; neither: all.
  std::optional<int> percent, discs;
  OutputFormat format = OutputFormat::text;
};
// --help and --version: what to print.
struct TextInvocation {
  std::string text;
};

using Invocation = std::variant<RipInvocation, MergeInvocation, InfoInvocation, DrivesInvocation,
                                DoctorInvocation, VerifyInvocation, OffsetInvocation, TrayInvocation,
                                BatchInvocation, CatalogInvocation, TextInvocation>;

// `arguments` without the program's name. Every error is of kind usage, with a hint.
Result<Invocation> parse_arguments(std::vector<std::string> arguments);

}  // namespace binrip::cli
