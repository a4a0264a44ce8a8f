// Small discs that the tests of this layer share.
#pragma once

#include "binrip/cd/disc.hpp"

namespace binrip::image::test_discs {

inline cd::Track track(int number, cd::TrackMode mode, std::vector<cd::Index> indexes, int control = 0) {
  cd::Track t;
  t.number = static_cast<Byte>(number);
  t.mode = mode;
  t.control = static_cast<Byte>(control | (mode == cd::TrackMode::audio ? 0 : cd::kControlData));
  t.indexes = std::move(indexes);
  return t;
}
inline cd::Index index(int number, int lba) { return {static_cast<Byte>(number), cd::Lba{lba}}; }
inline cd::Session session(int number, std::vector<cd::Track> tracks, int lead_out,
                           cd::DiscType type = cd::DiscType::cd_da_or_rom) {
  return {static_cast<Byte>(number), type, std::move(tracks), cd::Lba{lead_out}};
}

// Audio with all that a sheet can say: hidden track one audio, INDEX 02 and 03, an odd pregap, ISRC, MCN,
// flags, CD-TEXT.
inline cd::Disc audio() {
  using cd::TrackMode;
  cd::Disc disc;
  disc.mcn = "0724384260927";
  disc.cdtext_packs = ByteVector(18);
  disc.text = {"Nächte \"live\"", "Die Kapelle", "", "", "", "with\nlove"};
  disc.track_texts = {{2, {"Zwei", "Gäste", "Schreiberin", "Komponist", "Arrangeur", ""}},
                      {3, {"三", "", "", "", "", ""}}};
  disc.sessions = {
      session(1,
              {track(1, TrackMode::audio, {index(0, 0), index(1, 400)}, cd::kControlCopyPermitted),
               track(2, TrackMode::audio, {index(0, 983), index(1, 1000), index(2, 1300), index(3, 1500)},
                     cd::kControlPreEmphasis | cd::kControlCopyPermitted),
               track(3, TrackMode::audio, {index(1, 2000)}, cd::kControlFourChannel)},
              4600)};
  disc.sessions[0].tracks[1].isrc = "DEA620100001";
  return disc;
}

// Two audio tracks, and a data track in a second session. The gap is the standard one.
inline cd::Disc cd_extra() {
  using cd::TrackMode;
  cd::Disc disc;
  disc.sessions = {session(1,
                           {track(1, TrackMode::audio, {index(1, 0)}),
                            track(2, TrackMode::audio, {index(0, 500), index(1, 650)})},
                           1200),
                   session(2, {track(3, TrackMode::mode2, {index(1, 12'600)})}, 13'000, cd::DiscType::cd_xa)};
  return disc;
}

// Three data sessions with a short gap and one that is longer than usual.
inline cd::Disc three_sessions() {
  using cd::TrackMode;
  cd::Disc disc;
  disc.sessions = {session(1, {track(1, TrackMode::mode1, {index(1, 0)})}, 300),
                   session(2, {track(2, TrackMode::mode1, {index(1, 11'707)})}, 12'007),
                   session(3, {track(3, TrackMode::mode1, {index(1, 18'907)})}, 19'207)};
  return disc;
}

}  // namespace binrip::image::test_discs
