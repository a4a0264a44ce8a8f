// Words for what drives and discs are, the same in text and JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "binrip/cd/cdtext.hpp"
#include "binrip/drive/profile.hpp"
#include "binrip/image/report.hpp"

namespace binrip::cli {

std::string_view word(drive::C2Support value);
std::string_view word(drive::SubSupport value);
std::string_view word(drive::FieldOrder value);
std::string_view word(drive::Combination value);
std::string_view word(cd::TrackMode value);
std::string_view word(cd::DiscType value);
std::string_view word(cd::CdTextCharset value);
std::string language_name(Byte code);  // "English", or "language 0x12"
// "AccurateRip: 11 of 12 tracks as in other rips", "CTDB: no answer: …".
std::string database_summary(const image::ReportDatabase& database);
std::vector<std::string_view> control_flags(Byte control);  // "pre-emphasis", "copy permitted", …

}  // namespace binrip::cli
