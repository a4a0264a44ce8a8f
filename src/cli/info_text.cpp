#include "info_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "words.hpp"

#include "binrip/cli/description.hpp"
#include "binrip/cli/text.hpp"

namespace binrip::cli {
namespace {

void add_info(std::string& text, std::string_view name, std::string_view value) {
  if (!value.empty()) text += fmt::format("{:<13} {}\n", name, safe_text(value));
}

std::string drive_name(const job::DriveDescription& drive) {
  std::string name =
      fmt::format("{} {} {}", drive.inquiry.vendor, drive.inquiry.product, drive.inquiry.revision);
  if (!drive.serial.empty()) name += fmt::format(", serial {}", drive.serial);
  return name;
}

cd::SectorCount whole_length(const cd::Disc& disc) {
  return disc.sessions.empty() ? cd::SectorCount{} : disc.sessions.back().lead_out - cd::Lba{0};
}

std::string medium_name(const Description& d) {
  std::size_t tracks = 0;
  for (const cd::Session& session : d.disc.disc.sessions) tracks += session.tracks.size();
  std::string text = fmt::format("{}, {}, {}", drive::profile_name(d.drive.current_profile),
                                 counted(static_cast<std::int64_t>(d.disc.disc.sessions.size()), "session"),
                                 counted(static_cast<std::int64_t>(tracks), "track"));
  return text + ", " + cd::to_string(cd::to_msf(whole_length(d.disc.disc)));
}

void profile(std::string& text, const drive::Profile& p) {
  text += "\nProfile\n";
  const auto line = [&](std::string_view name, std::string value, drive::ProfileSource source) {
    text += fmt::format("  {:<20} {:<20} {}\n", name, value, drive::to_string(source));
  };
  line("read offset", fmt::format("{:+} samples", p.read_offset.value), p.read_offset.source);
  line("C2", std::string(word(p.c2.value)), p.c2.source);
  line("subchannel", std::string(word(p.sub.value)), p.sub.source);
  line("C2 and subchannel", std::string(word(p.combination.value)), p.combination.source);
  line("field order", std::string(word(p.order.value)), p.order.source);
  line("largest transfer", fmt::format("{} bytes", grouped(p.max_transfer.value)), p.max_transfer.source);
  line("over-read lead-in", counted(p.overread_lead_in.value, "sector"), p.overread_lead_in.source);
  line("over-read lead-out", counted(p.overread_lead_out.value, "sector"), p.overread_lead_out.source);
  line("data as audio", p.audio_over_data.value ? "yes" : "no", p.audio_over_data.source);
  line("vendor read D8", p.vendor_d8.value ? "yes" : "no", p.vendor_d8.source);
  line("accurate stream", p.accurate_stream.value ? "yes" : "no", p.accurate_stream.source);
  line("cache", fmt::format("{} KiB", grouped(p.cache_kib.value)), p.cache_kib.source);
}

std::string title_of(const cd::Disc& disc, Byte track) {
  for (const auto& [number, text] : disc.track_texts) {
    if (number != track) continue;
    return text.performer.empty() || text.performer == disc.text.performer
               ? text.title
               : fmt::format("{} - {}", text.performer, text.title);
  }
  return {};
}

// CUE's short flags, but for data, which the mode tells.
std::string short_flags(Byte control) {
  std::vector<std::string_view> flags;
  for (const std::string_view flag : control_flags(control)) {
    if (flag == "copy permitted") flags.push_back("DCP");
    if (flag == "four channels") flags.push_back("4CH");
    if (flag == "pre-emphasis") flags.push_back("PRE");
  }
  return fmt::format("{}", fmt::join(flags, " "));
}

void session(std::string& text, const cd::Disc& disc, const cd::Session& s) {
  text += fmt::format("\nSession {}, {}\n", s.number, word(s.type));
  text += "  track  mode   flags    start         LBA  length    sectors  ISRC          title\n";
  for (std::size_t i = 0; i < s.tracks.size(); ++i) {
    const cd::Track& track = s.tracks[i];
    const cd::Lba end = i + 1 < s.tracks.size() ? s.tracks[i + 1].start() : s.lead_out;
    const cd::SectorCount length = end - track.start();
    std::string line =
        fmt::format("  {:>5}  {:<5}  {:<7}  {}  {:>7}  {}  {:>7}  {:<12}  {}", track.number, word(track.mode),
                    short_flags(track.control), cd::to_string(cd::to_msf(track.start())), track.start().value,
                    cd::to_string(cd::to_msf(length)), length.value, safe_text(track.isrc),
                    safe_text(title_of(disc, track.number)));
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  text += fmt::format("  lead-out               {}  {:>7}\n", cd::to_string(cd::to_msf(s.lead_out)),
                      s.lead_out.value);
}

void ids(std::string& text, const verify::DiscIds& ids) {
  text += '\n';
  add_info(text, "MusicBrainz", ids.musicbrainz);
  add_info(text, "CDDB", ids.cddb);
  add_info(text, "AccurateRip", ids.accuraterip);
  add_info(text, "CTDB", ids.ctdb);
}

void cdtext(std::string& text, const cd::CdText& cdtext) {
  if (cdtext.blocks.empty()) return;
  std::vector<std::string> blocks;
  for (const cd::CdTextBlock& block : cdtext.blocks) {
    blocks.push_back(fmt::format("{} ({})", language_name(block.language), word(block.charset)));
  }
  add_info(text, "CD-TEXT", fmt::format("{}", fmt::join(blocks, ", ")));
}

}  // namespace

std::string info_text(const std::string& device, const Description& d) {
  const cd::Disc& disc = d.disc.disc;
  std::string text;
  add_info(text, "Device", device);
  add_info(text, "Transport", d.transport);
  add_info(text, "Drive", drive_name(d.drive));
  add_info(text, "Medium", medium_name(d));
  if (d.disc.atip) {
    add_info(text, "ATIP",
             fmt::format("{}, lead-in {}", d.disc.atip->rewritable ? "CD-RW" : "CD-R",
                         cd::to_string(d.disc.atip->lead_in_start)));
  }
  add_info(text, "MCN", disc.mcn);
  add_info(text, "Volume label", d.disc.volume_label);
  cdtext(text, d.disc.cdtext);
  add_info(text, "Title", disc.text.title);
  add_info(text, "Performer", disc.text.performer);
  add_info(text, "Songwriter", disc.text.songwriter);
  for (const cd::Session& each : disc.sessions) session(text, disc, each);
  ids(text, d.disc.ids);
  profile(text, d.drive.profile);
  if (!d.disc.notes.empty()) text += "\nNotes\n";
  for (const std::string& note : d.disc.notes) text += "  " + safe_text(note) + '\n';
  return text;
}

}  // namespace binrip::cli
