// All that can be verified of an image without a drive or a network: what it says of itself (audit.hpp), and
// what was recorded of it when it was ripped.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "binrip/image/report.hpp"
#include "binrip/verify/audit.hpp"
#include "binrip/verify/databases.hpp"

namespace binrip::verify {

struct VerifyOptions {
  // A public key by which the log must be signed; empty: no signature is checked. An Error (usage) when it is
  // none, or the tool for it is not installed.
  std::filesystem::path signed_by = {};
  // Of the whole image, where it has several tracks. All are computed where a report has no SHA-256 of it.
  DigestSet whole = DigestSet::crc32_and_sha256;
  net::Fetcher* network = nullptr;  // asks the databases for the audio; null: nobody is asked
  DatabaseServers servers = {};
};

struct Verification {
  static constexpr int kGood = 0, kFaulty = 3;  // exit codes
  std::filesystem::path sheet;
  cd::Disc disc;
  Audit audit;
  std::optional<image::Report> report;  // the one beside the sheet, as far as it could be read
  // Of the log: the file's name, empty when there is none; and whether it was checked, and is right.
  struct Signature {
    std::string name;
    bool checked = false, right = false;
  } signature;
  DatabaseReplies replies;                       // of the databases
  std::vector<image::ReportDatabase> databases;  // what they say of the audio; empty: none was asked
  std::int64_t checksums_compared = 0;           // recorded ones of files, tracks and the whole image
  std::vector<std::string> problems;             // a line each, for people; empty: all is well
  std::string verdict;                           // one sentence
  int exit_code = kGood;
};

// `sheet`: a .cue or .ccd. OUT.json beside it is the report, if there is one, and then OUT.log must be there
// too; both must have right seals. The files that OUT.sha256 lists must be as it has them. Everything that
// differs is a problem, and so is a track of audio that is like nobody else's while others of the disc are;
// errors are only what keeps the image from being read at all (those of open_image), and cancelled.
Result<Verification> verify_image(const std::filesystem::path& sheet, std::stop_token stop = {},
                                  const VerifyOptions& options = {});

// Adds the result to the report beside the sheet, atomically. Does nothing when there is none, or one whose
// seal is wrong: that would make a changed report look right.
Result<void> record_verification(const Verification& verification, const image::ReportVerification& entry);

}  // namespace binrip::verify
