// The commands, each from its options to its exit code.
#pragma once

#include "doctor_checks.hpp"

#include "binrip/cli/host.hpp"
#include "binrip/cli/options.hpp"
#include "binrip/verify/ctdb_repair.hpp"
#include "binrip/verify/dat.hpp"
#include "binrip/verify/repair.hpp"
#include "binrip/verify/verify_image.hpp"

namespace binrip::cli {

inline constexpr int kSuccess = 0;
inline constexpr int kFailure = 1;

// Writes what was asked for to standard output; a full disk or a closed pipe is an error like any other.
int print_result(Host& host, std::string_view text);

int rip_command(const RipInvocation& options, Host& host);
int merge_command(const MergeInvocation& options, Host& host);
int info_command(const InfoInvocation& options, Host& host);
int drives_command(const DrivesInvocation& options, Host& host);
int doctor_command(const DoctorInvocation& options, Host& host);
int verify_command(const VerifyInvocation& options, Host& host);
int tray_command(const TrayInvocation& options, Host& host);
int batch_command(const BatchInvocation& options, Host& host);
int offset_command(const OffsetInvocation& options, Host& host);
int catalog_command(const CatalogInvocation& options, Host& host);

// What `binrip doctor` found out about a drive, or with no device about the machine.
struct Diagnosis {
  std::string device;
  std::vector<Finding> findings;
  bool usable() const;  // no finding is a problem
};
Diagnosis examine(const DeviceOptions& options, Host& host, const drive::ConfigFile& config,
                  const std::filesystem::path& root);
Diagnosis examine_machine(const std::filesystem::path& root);
std::string doctor_text(const std::vector<Diagnosis>& diagnoses);
std::string doctor_json(const std::vector<Diagnosis>& diagnoses, bool usable);

// `binrip info` as text and as JSON, and `binrip drives` likewise.
std::string info_text(const std::string& device, const Description& description);
std::string info_json(const std::string& device, const Description& description);
std::string drives_text(const std::vector<DriveState>& drives);
std::string drives_json(const std::vector<DriveState>& drives);

// `binrip verify` as text and as JSON. `repair`: when a repaired copy was written; `dat`: when one was looked
// in.
struct VerifyResult {
  verify::Verification verification;
  std::optional<verify::Repair> repair = {};
  std::optional<verify::CtdbRepair> audio_repair = {};
  std::string audio_not_repaired = {};  // why; empty: it was, or there was nothing to be mended
  std::optional<verify::DatLookup> dat = {};
};
std::string verify_text(const VerifyResult& result);
std::string verify_json(const VerifyResult& result);

// What rip_disc gave, for people: verdict, tracks, speed, files, notes.
std::string rip_summary(const job::RipOutcome& outcome);

}  // namespace binrip::cli
