#include "disc_model.hpp"

#include <algorithm>

#include "binrip/base/sha256.hpp"

namespace binrip::job {

namespace {

std::vector<cd::Track*> tracks_of(cd::Disc& disc) {
  std::vector<cd::Track*> tracks;
  for (cd::Session& session : disc.sessions) {
    for (cd::Track& track : session.tracks) tracks.push_back(&track);
  }
  return tracks;
}

void add_text(const cd::Text& earlier, cd::Text& text) {
  for (std::string cd::Text::*member : {&cd::Text::title, &cd::Text::performer, &cd::Text::songwriter,
                                        &cd::Text::composer, &cd::Text::arranger, &cd::Text::message}) {
    if ((text.*member).empty()) text.*member = earlier.*member;
  }
}

}  // namespace

std::string disc_identity(const cd::Disc& disc) {
  const std::string text = cd::toc_identity(disc);
  return sha256_hex(text);
}

cd::Disc lead_in_of(const cd::Disc& disc) {
  cd::Disc result = disc;
  result.mcn.clear();
  for (cd::Track* track : tracks_of(result)) {
    track->isrc.clear();
    track->indexes = {{1, track->start()}};
  }
  cd::Track& first = result.sessions.front().tracks.front();
  if (first.start() > cd::Lba{0}) first.indexes = {{0, cd::Lba{0}}, {1, first.start()}};
  return result;
}

void add_what_was_known(const cd::Disc& earlier, FlagsBy flags, cd::Disc& disc) {
  cd::Disc known = earlier;
  if (disc.mcn.empty()) disc.mcn = known.mcn;
  add_text(known.text, disc.text);
  const std::vector<cd::Track*> before = tracks_of(known);
  for (cd::Track* track : tracks_of(disc)) {
    const auto same = std::find_if(before.begin(), before.end(), [&](const cd::Track* other) {
      return other->number == track->number && other->start() == track->start();
    });
    if (same == before.end()) continue;
    if (flags == FlagsBy::toc) track->control = (*same)->control;
    if (track->isrc.empty()) track->isrc = (*same)->isrc;
    if ((*same)->indexes.size() > track->indexes.size()) track->indexes = (*same)->indexes;
  }
  for (const auto& [number, text] : known.track_texts) {
    const auto at = std::lower_bound(disc.track_texts.begin(), disc.track_texts.end(), number,
                                     [](const auto& entry, Byte n) { return entry.first < n; });
    if (at != disc.track_texts.end() && at->first == number) {
      add_text(text, at->second);
    } else {
      disc.track_texts.insert(at, {number, text});
    }
  }
}

Result<void> take_sessions_from(const cd::Disc& known, cd::Disc& disc) {
  cd::Disc result = disc;
  result.sessions = lead_in_of(known).sessions;
  const std::vector<cd::Track*> told = tracks_of(disc);
  const std::vector<cd::Track*> tracks = tracks_of(result);
  bool same =
      told.size() == tracks.size() && disc.sessions.back().lead_out == result.sessions.back().lead_out;
  for (std::size_t i = 0; same && i < tracks.size(); ++i) {
    same = told[i]->number == tracks[i]->number && told[i]->start() == tracks[i]->start() &&
           told[i]->is_data() == tracks[i]->is_data();
  }
  if (!same) return fail(ErrorKind::mismatch, "not the same tracks");
  disc = std::move(result);
  return {};
}

}  // namespace binrip::job
