#include "reporting.hpp"

#include <chrono>

#include <fmt/format.h>

#include "binrip/cd/lba_ranges.hpp"

namespace binrip::job {

using cd::SectorState;

namespace {

std::int64_t count(const cd::StateCounts& states, SectorState state) {
  return states[static_cast<std::size_t>(state)];
}

std::int64_t count(const rip::SubCounts& subs, rip::SubState state) {
  return subs[static_cast<std::size_t>(state)];
}

std::string sectors(std::int64_t n) { return fmt::format("{} sector{}", n, n == 1 ? "" : "s"); }

std::string cue_mode(cd::TrackMode mode) {
  switch (mode) {
    case cd::TrackMode::audio:
      return "AUDIO";
    case cd::TrackMode::mode1:
      return "MODE1/2352";
    case cd::TrackMode::mode2:
      return "MODE2/2352";
    case cd::TrackMode::cdi:
      return "CDI/2352";
  }
  return {};
}

std::string sub_kind(drive::SubSupport sub) {
  switch (sub) {
    case drive::SubSupport::raw:
      return "raw";
    case drive::SubSupport::formatted_q:
      return "formatted q";
    case drive::SubSupport::none:
      break;
  }
  return "none";
}

void add_notes(const ReportParts& parts, std::vector<std::string>& notes) {
  notes.insert(notes.end(), parts.understanding.notes.begin(), parts.understanding.notes.end());
  if (const std::int64_t samples = parts.map.edge_samples(); samples > 0) {
    notes.push_back(fmt::format(
        "{} samples at the ends of the audio lie beyond what the drive reads; zeros stand there", samples));
  }
  if (const std::int64_t n = parts.map.wrong_edc(); n > 0) {
    notes.push_back(fmt::format("{} with a wrong EDC arrived without a read error: mastered so, or protected",
                                sectors(n)));
  }
  if (const auto& pregap = parts.map.first_pregap(); pregap && pregap->not_silent > 0) {
    notes.push_back(
        fmt::format("{} of the first pregap (LBA -150 to -1) are not silent; they are not in the image",
                    sectors(pregap->not_silent)));
  }
  if (const rip::Jitter& jitter = parts.map.jitter(); jitter.places > 0) {
    notes.push_back(
        fmt::format("the drive does not keep its place in audio: seen {} time{}, by up to {} samples",
                    jitter.places, jitter.places == 1 ? "" : "s", jitter.furthest));
  }
  if (const std::int64_t n = cd::total_size(parts.map.mended(rip::Mending::merged)); n > 0) {
    notes.push_back(
        fmt::format("{} put together from several reads, by their bytes without C2 errors", sectors(n)));
  }
  if (const std::int64_t n = cd::total_size(parts.map.mended(rip::Mending::repaired)); n > 0) {
    notes.push_back(fmt::format("{} repaired by their own ECC", sectors(n)));
  }
  if (const std::int64_t n = cd::total_size(parts.map.mended(rip::Mending::elected)); n > 0) {
    notes.push_back(
        fmt::format("{} came differently from read to read; what most reads agree on was taken", sectors(n)));
  }
  const rip::SubCounts subs = parts.map.sub_counts();
  if (const std::int64_t n = count(subs, rip::SubState::voted); n > 0) {
    notes.push_back(fmt::format(
        "the Q of {} was wrong in each read; what stands there is what most reads say, bit by bit",
        sectors(n)));
  }
  if (const std::int64_t n = count(subs, rip::SubState::confirmed); n > 0) {
    notes.push_back(
        fmt::format("the Q of {} was wrong in the same way in two reads: mastered so, as copy "
                    "protections do, or damage that reads the same; it stands as it was read",
                    sectors(n)));
  }
  const std::int64_t unread = count(subs, rip::SubState::untried);
  if (unread > 0 && parts.sub != drive::SubSupport::none) {
    notes.push_back(fmt::format("the subchannel of {} could not be proven", sectors(unread)));
  }
}

void add_tracks(const ReportParts& parts, image::Report& report) {
  std::size_t index = 0;
  for (const cd::TrackRef& ref : cd::track_ranges(parts.understanding.disc)) {
    image::ReportTrack track;
    track.session = ref.session->number;
    track.number = ref.track->number;
    track.mode = cue_mode(ref.track->mode);
    track.range = ref.range;
    track.states = parts.map.counts(ref.range);
    if (index < parts.digests.tracks.size()) track.digests = parts.digests.tracks[index];
    if (index < parts.understanding.kinds.size()) {
      const SectorKinds& kinds = parts.understanding.kinds[index];
      track.mode1 = kinds.mode1;
      track.form1 = kinds.form1;
      track.form2 = kinds.form2;
      track.other = kinds.other;
    }
    ++index;
    report.tracks.push_back(std::move(track));
  }
}

void add_figures(const rip::ReadStatistics& statistics, image::Report::Reading& reading) {
  reading.seconds = std::chrono::duration<double>(statistics.drive_time).count();
  reading.commands = statistics.commands;
  reading.sectors_read = statistics.sectors_read;
  reading.c2_sectors = statistics.c2_sectors;
  reading.medium_errors = statistics.medium_errors;
  reading.other_errors = statistics.other_errors;
  reading.sectors_retried = statistics.sectors_retried;
  reading.edge_samples_missing = statistics.edge_samples;
  reading.passes = statistics.passes;
  if (reading.seconds > 0) {
    reading.average_speed =
        static_cast<double>(statistics.sectors_read) / cd::kSectorsPerSecond / reading.seconds;
  }
}

}  // namespace

Verdict verdict_of(const cd::StateCounts& states) {
  const std::int64_t proven = count(states, SectorState::proven);
  const std::int64_t consistent = count(states, SectorState::consistent);
  const std::int64_t unproven = count(states, SectorState::unproven);
  const std::int64_t damaged = count(states, SectorState::damaged);
  const std::int64_t failed = count(states, SectorState::failed) + count(states, SectorState::untried);
  if (damaged + failed > 0) {
    return {3,
            fmt::format("{} damaged, {} failed, {} unproven; the rest is good", damaged, failed, unproven)};
  }
  if (unproven > 0) return {2, fmt::format("{} unproven; the rest is good", sectors(unproven))};
  if (consistent == 0) return {0, fmt::format("all {} proven by checksums", sectors(proven))};
  if (proven == 0)
    return {0, fmt::format("all {} consistent: no read error was reported or seen", sectors(consistent))};
  return {0, fmt::format("all {} good: {} proven by checksums, {} consistent", sectors(proven + consistent),
                         proven, consistent)};
}

image::Report make_report(const ReportParts& parts) {
  image::Report report;
  report.program_version = BINRIP_VERSION;
  for (const rip::MapDrive& drive : parts.map.drives())
    report.drives.push_back({drive.name, drive.read_offset});
  report.ids = id_values(parts.ids);
  report.disc = parts.understanding.disc;
  report.whole_disc = parts.digests.whole;
  report.states = parts.map.counts();
  for (const auto& [range, state] : parts.map.runs()) {
    if (state < SectorState::consistent) report.not_good.push_back({range, state});
  }
  for (const rip::MapFill& fill : parts.map.fills()) report.filled.push_back({fill.range, fill.with});
  report.subchannel = {sub_kind(parts.sub),
                       parts.understanding.q_right,
                       parts.understanding.q_wrong_crc,
                       parts.understanding.q_wrong_address,
                       parts.understanding.has_cdg,
                       count(parts.map.sub_counts(), rip::SubState::voted),
                       parts.map.with_sub(rip::SubState::confirmed)};
  const Verdict verdict = verdict_of(report.states);
  report.verdict = verdict.text;
  report.exit_code = verdict.exit_code;
  add_tracks(parts, report);
  add_notes(parts, report.notes);
  return report;
}

void add_reading(const DriveDescription& drive, const std::vector<std::string>& description_notes,
                 const rip::ReadStatistics& statistics, image::Report& report) {
  report.vendor = drive.inquiry.vendor;
  report.product = drive.inquiry.product;
  report.revision = drive.inquiry.revision;
  report.serial = drive.serial;
  report.profile = profile_values(drive.profile);
  add_figures(statistics, report.reading);
  std::vector<std::string> notes = description_notes;
  notes.insert(notes.end(), statistics.notes.begin(), statistics.notes.end());
  if (drive.profile.read_offset.source == drive::ProfileSource::assumed) {
    notes.emplace_back("the drive's read offset is not known; 0 was taken, so audio may be shifted");
  }
  if (statistics.out_of_time) {
    notes.emplace_back("reading ended because its time was over (see --max-time)");
  }
  if (statistics.sectors_matched > 0) {
    notes.push_back(fmt::format("{} of audio settled by matching several readings (see --paranoia)",
                                sectors(statistics.sectors_matched)));
  }
  report.notes.insert(report.notes.begin(), notes.begin(), notes.end());
}

std::string drive_name(const DriveDescription& drive) {
  std::string name =
      fmt::format("{} {} {}", drive.inquiry.vendor, drive.inquiry.product, drive.inquiry.revision);
  if (!drive.serial.empty()) name += " serial=" + drive.serial;
  return name;
}

}  // namespace binrip::job
