#include "binrip/verify/disc_ids.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <discid/discid.h>
#include <fmt/format.h>
#include <openssl/evp.h>

namespace binrip::verify {
namespace {

constexpr std::size_t kMaxTracks = 99;

struct FlatTrack {
  int number;
  std::size_t session;
  bool audio;
  cd::Lba start;
};

std::vector<FlatTrack> flat_tracks(const cd::Disc& disc) {
  std::vector<FlatTrack> result;
  for (std::size_t s = 0; s < disc.sessions.size(); ++s) {
    for (const cd::Track& track : disc.sessions[s].tracks) {
      result.push_back({track.number, s, !track.is_data(), track.start()});
    }
  }
  return result;
}

// How many tracks there are up to the last audio track; 0 when there is none.
std::size_t audio_count_to_last(const std::vector<FlatTrack>& tracks) {
  std::size_t end = tracks.size();
  while (end > 0 && !tracks[end - 1].audio) --end;
  return end;
}

int offset_of(cd::Lba lba) { return lba.value + cd::kPregapSectors; }

struct FreeDiscId {
  void operator()(DiscId* id) const { discid_free(id); }
};
using DiscIdPointer = std::unique_ptr<DiscId, FreeDiscId>;

// libdiscid's object for the first `count` tracks, or nothing when it refuses them (no tracks, too long).
DiscIdPointer make_disc_id(const std::vector<FlatTrack>& tracks, std::size_t count, cd::Lba lead_out) {
  if (count == 0 || count > kMaxTracks) return nullptr;
  std::array<int, kMaxTracks + 1> offsets{};  // [0] is the lead-out, then by track number
  offsets[0] = offset_of(lead_out);
  for (std::size_t i = 0; i < count; ++i) {
    if (tracks[i].number < 1 || tracks[i].number > static_cast<int>(kMaxTracks)) return nullptr;
    offsets[static_cast<std::size_t>(tracks[i].number)] = offset_of(tracks[i].start);
  }
  DiscIdPointer id(discid_new());
  if (!id || !discid_put(id.get(), tracks.front().number, tracks[count - 1].number, offsets.data())) {
    return nullptr;
  }
  return id;
}

// MusicBrainz leaves out data tracks at the end, not those before audio.
std::string musicbrainz_id(const std::vector<FlatTrack>& tracks, cd::Lba lead_out) {
  const std::size_t count = audio_count_to_last(tracks);
  if (count > 0 && count < tracks.size()) lead_out = tracks[count].start - kDatabaseSessionGap;
  const DiscIdPointer id = make_disc_id(tracks, count, lead_out);
  return id ? discid_get_id(id.get()) : std::string{};
}

// All tracks, data or not.
std::string cddb_id(const std::vector<FlatTrack>& tracks, cd::Lba lead_out) {
  const DiscIdPointer id = make_disc_id(tracks, tracks.size(), lead_out);
  return id ? discid_get_freedb_id(id.get()) : std::string{};
}

// Sums over the audio tracks and the lead-out of the whole disc, modulo 2^32.
std::string accuraterip_id(const std::vector<FlatTrack>& tracks, cd::Lba lead_out, const std::string& cddb) {
  std::uint32_t sum = 0, weighted = 0, n = 0;
  for (const FlatTrack& track : tracks) {
    if (!track.audio) continue;
    const auto start = static_cast<std::uint32_t>(track.start.value);
    sum += start;
    weighted += std::max(start, 1U) * ++n;
  }
  if (n == 0 || cddb.empty()) return {};
  const auto end = static_cast<std::uint32_t>(lead_out.value);
  return fmt::format("{:08x}-{:08x}-{}", sum + end, weighted + end * (n + 1), cddb);
}

std::string base64_sha1(std::string_view text) {
  std::array<Byte, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) return {};
  std::array<Byte, 2 * EVP_MAX_MD_SIZE> base64{};
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
  return {base64.begin(), base64.begin() + length};
}

// The starts of the audio tracks after the first, relative to it, and the end of the last, in 100 slots.
std::string ctdb_toc_id(const std::vector<FlatTrack>& tracks, cd::Lba lead_out) {
  constexpr std::size_t slots = 100;
  const auto first = std::find_if(tracks.begin(), tracks.end(), [](const FlatTrack& t) { return t.audio; });
  if (first == tracks.end()) return {};
  const std::size_t count = audio_count_to_last(tracks);
  cd::Lba end = lead_out;
  if (count < tracks.size()) {
    const bool same_session = tracks[count].session == tracks[count - 1].session;
    end = tracks[count].start - (same_session ? cd::SectorCount{0} : kDatabaseSessionGap);
  }
  const auto relative = [&](cd::Lba lba) {
    return fmt::format("{:08X}", static_cast<std::uint32_t>((lba - first->start).value));
  };
  std::string text;
  for (auto track = first + 1; track != tracks.end(); ++track) {
    if (track->audio) text += relative(track->start);
  }
  text += relative(end);
  if (text.size() > slots * 8) return {};
  text.resize(slots * 8, '0');
  std::string id = base64_sha1(text);
  for (char& c : id) {
    c = c == '+' ? '.' : c == '/' ? '_' : c == '=' ? '-' : c;
  }
  return id;
}

}  // namespace

DiscIds disc_ids(const cd::Disc& disc) {
  const std::vector<FlatTrack> tracks = flat_tracks(disc);
  if (tracks.empty()) return {};
  const cd::Lba lead_out = disc.sessions.back().lead_out;
  DiscIds ids;
  ids.musicbrainz = musicbrainz_id(tracks, lead_out);
  ids.cddb = cddb_id(tracks, lead_out);
  ids.accuraterip = accuraterip_id(tracks, lead_out, ids.cddb);
  ids.ctdb = ctdb_toc_id(tracks, lead_out);
  return ids;
}

}  // namespace binrip::verify
