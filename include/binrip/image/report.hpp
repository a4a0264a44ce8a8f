// What a rip has to say: as JSON for programs (out.json) and as a log for people (out.log). Plain data;
// nothing here computes anything about a disc.
#pragma once

#include <string>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/cd/disc.hpp"
#include "binrip/cd/sector_state.hpp"

namespace binrip::image {

struct Digests {
  std::uint64_t size = 0;                // bytes
  std::string crc32, md5, sha1, sha256;  // lower-case hex
  friend bool operator==(const Digests&, const Digests&) = default;
};

struct ReportFile {
  std::string name;  // within the folder of the sheet
  std::string kind;  // "bin", "sub", "cue", "cdt"
  Digests digests;
  friend bool operator==(const ReportFile&, const ReportFile&) = default;
};

struct ReportTrack {
  int session = 1, number = 1;
  std::string mode;    // as in the CUE sheet: "AUDIO", "MODE1/2352", …
  cd::LbaRange range;  // in the image, pregap included
  cd::StateCounts states{};
  Digests digests;  // of these sectors
  // Kinds of data sectors found: Mode 1, Mode 2 form 1, form 2, others.
  std::int64_t mode1 = 0, form1 = 0, form2 = 0, other = 0;
  friend bool operator==(const ReportTrack&, const ReportTrack&) = default;
};

struct ReportValue {  // one property of the profile, or one id
  std::string name, value, source;
  friend bool operator==(const ReportValue&, const ReportValue&) = default;
};

struct StateRun {
  cd::LbaRange range;
  cd::SectorState state = cd::SectorState::untried;
  friend bool operator==(const StateRun&, const StateRun&) = default;
};

struct ReportDrive {  // one that sectors of the image were read by
  std::string name;   // vendor, product, revision, serial number
  int read_offset = 0;
  friend bool operator==(const ReportDrive&, const ReportDrive&) = default;
};

// One run of the program that the image is made of: the first rip, and each that raised its states later.
struct ReportRun {
  std::string started, finished;  // ISO 8601, UTC
  std::string device, drive;      // "/dev/sr0", and what it calls itself; empty for a merge
  std::string verdict;            // at its end
  friend bool operator==(const ReportRun&, const ReportRun&) = default;
};

struct ReportSource {  // of a merge: where sectors were taken from
  std::string name;
  std::int64_t sectors = 0;
  friend bool operator==(const ReportSource&, const ReportSource&) = default;
};

struct ReportFill {  // sectors that the drive gave nothing for
  cd::LbaRange range;
  std::string with;  // "pattern", "zero", "silence", or bytes in hex
  friend bool operator==(const ReportFill&, const ReportFill&) = default;
};

// What other people's rips of the disc say of a track.
struct ReportDatabaseTrack {
  int number = 1;
  std::string match = "none";  // by which checksum: AccurateRip's "v2" or "v1", CTDB's "crc32"
  int offset = 0;  // samples, at which it matches: not 0 for other pressings, or a wrong read offset
  std::int64_t confidence = 0, known = 0;  // rips that agree, of those that are known
  friend bool operator==(const ReportDatabaseTrack&, const ReportDatabaseTrack&) = default;
};
// "as in 12 of 200 rips (v2), shifted by +30 samples", "differs from all 200 rips", "not in the database".
std::string in_words(const ReportDatabaseTrack& track);

struct ReportDatabase {
  std::string name;                  // "AccurateRip", "CTDB"
  std::string answer;                // "known", "unknown disc", "no answer"
  std::string problem = {};          // why there is no answer
  std::int64_t disc_confidence = 0;  // CTDB: rips whose whole disc agrees
  std::vector<ReportDatabaseTrack> tracks = {};
  friend bool operator==(const ReportDatabase&, const ReportDatabase&) = default;
};

struct ReportVerification {  // one later look at the image
  std::string date;          // ISO 8601, UTC
  std::string program_version;
  int exit_code = 0;
  std::string verdict;
  std::vector<ReportDatabase> databases = {};
  friend bool operator==(const ReportVerification&, const ReportVerification&) = default;
};

struct Report {
  static constexpr int kSchemaVersion = 1;
  std::string program_version;
  std::string started, finished;  // ISO 8601, UTC
  std::string verdict;            // one sentence
  int exit_code = 0;
  std::string device;  // "/dev/sr0", "sim:demo"
  std::string vendor, product, revision, serial;
  std::vector<ReportValue> profile, ids;
  std::vector<ReportDrive> drives;
  std::vector<ReportRun> runs;        // ascending by time, this one last
  std::vector<ReportSource> sources;  // empty but for a merge
  cd::Disc disc;
  std::vector<ReportTrack> tracks;
  std::vector<ReportFile> files;
  Digests whole_disc;  // all sectors of the image in order, whatever the layout
  cd::StateCounts states{};
  std::vector<StateRun> not_good;  // runs below consistent, ascending
  std::vector<ReportFill> filled;  // ascending
  struct Subchannel {
    std::string kind;  // "raw", "formatted q", "none"
    std::int64_t q_right = 0, q_wrong_crc = 0, q_wrong_address = 0;
    bool cdg = false;
    std::int64_t q_voted = 0;               // of the right ones: wrong in each read, put together by vote
    std::vector<cd::LbaRange> q_confirmed;  // the same wrong Q in several reads; ascending
    friend bool operator==(const Subchannel&, const Subchannel&) = default;
  } subchannel;
  struct Reading {
    double seconds = 0;        // drive time
    double average_speed = 0;  // ×
    std::int64_t commands = 0, sectors_read = 0;
    std::int64_t c2_sectors = 0, medium_errors = 0, other_errors = 0, sectors_retried = 0;
    std::int64_t edge_samples_missing =
        0;  // at the ends, beyond what the drive can over-read; zeros stand there
    int passes = 1;
    friend bool operator==(const Reading&, const Reading&) = default;
  } reading;
  std::vector<ReportDatabase> databases;  // empty: none was asked
  std::vector<std::string> notes;         // every deviation, a line each
  std::vector<ReportVerification> verifications;
  friend bool operator==(const Report&, const Report&) = default;
};

// The JSON report; the schema is documented in man/binrip-report.5 and versioned. Strings that are not UTF-8
// are made so. Its last field is the seal, 64 zeros here: verify::seal_json fills it in.
std::string to_json(const Report& report);
// The same report with one verification more and 64 zeros as its seal. Fields that are not known stay.
// Errors (invalid): no JSON object, or its verifications are no array.
Result<std::string> with_verification(std::string_view json, std::string_view name,
                                      const ReportVerification& verification);
// Strict: a report of another version, or with a field missing or out of its range, is an Error (invalid)
// "name:line: …" or "name: expected … at tracks[2].begin, got …". Fields that are not known are passed over.
Result<Report> report_from_json(std::string_view text, std::string_view name);
// For people, at most 100 columns, ends with the verdict. Control characters in disc texts are made visible.
std::string to_log(const Report& report);

}  // namespace binrip::image
