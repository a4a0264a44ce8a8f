#include "words.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace binrip::cli {

std::string_view word(drive::C2Support value) {
  switch (value) {
    case drive::C2Support::none:
      return "none";
    case drive::C2Support::bits:
      return "bits";
    case drive::C2Support::bits_and_block:
      return "bits-and-block";
  }
  return "none";
}

std::string_view word(drive::SubSupport value) {
  switch (value) {
    case drive::SubSupport::none:
      return "none";
    case drive::SubSupport::formatted_q:
      return "q";
    case drive::SubSupport::raw:
      return "raw";
  }
  return "none";
}

std::string_view word(drive::FieldOrder value) {
  return value == drive::FieldOrder::main_sub_c2 ? "main-sub-c2" : "main-c2-sub";
}

std::string_view word(drive::Combination value) {
  return value == drive::Combination::separate ? "separate" : "together";
}

std::string_view word(cd::TrackMode value) {
  switch (value) {
    case cd::TrackMode::audio:
      return "audio";
    case cd::TrackMode::mode1:
      return "mode1";
    case cd::TrackMode::mode2:
      return "mode2";
    case cd::TrackMode::cdi:
      return "cdi";
  }
  return "audio";
}

std::string_view word(cd::DiscType value) {
  switch (value) {
    case cd::DiscType::cd_da_or_rom:
      return "CD-DA or CD-ROM";
    case cd::DiscType::cd_i:
      return "CD-i";
    case cd::DiscType::cd_xa:
      return "CD-ROM XA";
  }
  return "unknown";
}

std::string_view word(cd::CdTextCharset value) {
  switch (value) {
    case cd::CdTextCharset::latin1:
      return "ISO 8859-1";
    case cd::CdTextCharset::ascii:
      return "ASCII";
    case cd::CdTextCharset::ms_jis:
      return "MS-JIS";
  }
  return "unknown";
}

std::string language_name(Byte code) {
  switch (code) {
    case 0x08:
      return "German";
    case 0x09:
      return "English";
    case 0x0A:
      return "Spanish";
    case 0x0F:
      return "French";
    case 0x15:
      return "Italian";
    case 0x69:
      return "Japanese";
    default:
      return fmt::format("language 0x{:02x}", code);
  }
}

std::vector<std::string_view> control_flags(Byte control) {
  std::vector<std::string_view> flags;
  const bool data = (control & cd::kControlData) != 0;
  if (data) flags.push_back("data");
  // On data tracks the bits of pre-emphasis and four channels mean other things.
  if (!data && (control & cd::kControlPreEmphasis) != 0) flags.push_back("pre-emphasis");
  if (!data && (control & cd::kControlFourChannel) != 0) flags.push_back("four channels");
  if ((control & cd::kControlCopyPermitted) != 0) flags.push_back("copy permitted");
  return flags;
}

std::string database_summary(const image::ReportDatabase& database) {
  if (database.answer != "known") {
    return fmt::format("{}: {}{}{}", database.name, database.answer, database.problem.empty() ? "" : ": ",
                       database.problem);
  }
  const auto matching = std::count_if(database.tracks.begin(), database.tracks.end(),
                                      [](const auto& track) { return track.match != "none"; });
  return fmt::format("{}: {} of {} tracks as in other rips", database.name, matching, database.tracks.size());
}

}  // namespace binrip::cli
