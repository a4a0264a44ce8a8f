// What is in a drive: drive, profile, disc. The first steps of a rip, and all of `binrip info`.
#pragma once

#include <stop_token>

#include "binrip/cd/cdtext.hpp"
#include "binrip/cd/disc.hpp"
#include "binrip/cd/sector.hpp"
#include "binrip/drive/profile.hpp"
#include "binrip/image/report.hpp"
#include "binrip/verify/disc_ids.hpp"

namespace binrip::job {

struct DriveDescription {
  drive::Inquiry inquiry;
  std::string serial;
  drive::Profile profile;
  std::uint16_t current_profile = 0;  // of the medium
};

struct DiscDescription {
  cd::FormattedToc formatted_toc;
  std::optional<cd::FullToc> full_toc;
  std::optional<cd::SessionInfo> sessions;
  std::optional<cd::Atip> atip;  // a CD-R or CD-RW
  cd::Disc disc;                 // from the TOC; mcn and isrc as asked below; texts from CD-TEXT
  cd::CdText cdtext;
  std::string volume_label;  // of a data disc, as asked below; UTF-8
  verify::DiscIds ids;
  std::vector<std::string> notes;  // formats that the drive does not give, contradictions
};

// Waits for the disc, refuses what is not a CD: unsupported (DVD, blank disc), no_medium.
Result<DriveDescription> describe_drive(drive::Drive& drive, const drive::ConfigFile& config,
                                        const drive::ProfileOverrides& overrides);
Result<DiscDescription> describe_disc(drive::Drive& drive);

// `binrip info`: also the label of the last session with data, and by READ SUB-CHANNEL the MCN and the ISRC
// of the first audio tracks; three commands at most. A note says so where tracks were left out.
Result<void> ask_more(drive::Drive& drive, DiscDescription& description);
// The label in a sector with ISO 9660's primary volume descriptor, which is the 16th of a session's data
// (ECMA-119), without the blanks at its end. UTF-8; empty: there is none.
std::string volume_label(cd::SectorBytes sector);

// The profile for reports and for `binrip info`: a name, a value, a source each.
std::vector<image::ReportValue> profile_values(const drive::Profile& profile);
std::vector<image::ReportValue> id_values(const verify::DiscIds& ids);

}  // namespace binrip::job
