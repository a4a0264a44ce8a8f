// Reports of discs that never were, with digests that tell where they come from.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "binrip/base/sha256.hpp"
#include "binrip/image/report.hpp"

namespace binrip::test {

// Other bytes for each text: as long as the real ones, and of hex digits.
inline image::Digests digests_of(std::string_view content, std::uint64_t size) {
  const std::string hex = sha256_hex(content);
  return {size, hex.substr(0, 8), hex.substr(8, 32), hex.substr(20, 40), hex};
}

// A disc of audio tracks of 600 sectors; `content` is what is on it, `pressing` shifts the second track.
struct SampleDisc {
  std::string title, performer = {}, content = "a";
  int tracks = 2;
  int pressing = 0;
};

inline cd::Disc disc_of(const SampleDisc& sample) {
  constexpr int kTrackSectors = 600;
  cd::Disc disc;
  disc.mcn = "0724354526329";
  disc.text.title = sample.title;
  disc.text.performer = sample.performer;
  cd::Session session{.number = 1, .tracks = {}, .lead_out = {sample.tracks * kTrackSectors}};
  for (int i = 0; i < sample.tracks; ++i) {
    const int start = i * kTrackSectors + (i == 1 ? sample.pressing : 0);
    const auto number = static_cast<Byte>(i + 1);
    session.tracks.push_back(
        {.number = number, .indexes = {{1, {start}}}, .isrc = fmt::format("GBAYE67{:05}", i + 1)});
    cd::Text text;
    text.title = fmt::format("{}, part {}", sample.title, i + 1);
    disc.track_texts.emplace_back(number, text);
  }
  disc.sessions = {session};
  return disc;
}

inline image::Report report_of(const SampleDisc& sample) {
  image::Report r;
  r.program_version = "0.1.0";
  r.started = "2026-11-01T10:00:00Z";
  r.finished = "2026-11-01T10:02:00Z";
  r.verdict = "1 damaged, 0 failed, 0 unproven; the rest is good";
  r.exit_code = 3;
  r.device = "/dev/sr0";
  r.ids = {{"musicbrainz", "mb-" + sample.content, "toc"},
           {"cddb", "1f02e004", "toc"},
           {"accuraterip", "ar-" + sample.content, "toc"},
           {"ctdb", "ct-" + sample.content, "toc"}};
  r.runs = {{r.started, r.finished, "/dev/sr0", "PLEXTOR PREMIUM 1.07 serial=1", r.verdict}};
  r.disc = disc_of(sample);
  for (const cd::TrackRef& ref : cd::track_ranges(r.disc)) {
    const int number = ref.track->number;
    image::ReportTrack track;
    track.number = number;
    track.mode = "AUDIO";
    track.range = ref.range;
    track.digests = digests_of(fmt::format("{} track {}", sample.content, number),
                               static_cast<std::uint64_t>(ref.range.size().value) * cd::kSectorSize);
    r.tracks.push_back(track);
  }
  const std::uint64_t size = static_cast<std::uint64_t>(cd::image_size(r.disc).value) * cd::kSectorSize;
  r.whole_disc = digests_of(sample.content, size);
  r.files = {{"out.bin", "bin", r.whole_disc}, {"out.cue", "cue", digests_of("cue", 100)}};
  r.states = {0, 0, 1, 0, cd::image_size(r.disc).value - 1, 0};
  r.reading.seconds = 60.5;
  r.reading.commands = 100;
  r.reading.sectors_read = 1300;
  r.reading.sectors_retried = 90;
  r.reading.c2_sectors = 7;
  r.reading.medium_errors = 3;
  r.reading.other_errors = 2;
  return r;
}

}  // namespace binrip::test
