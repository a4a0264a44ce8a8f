#include "disc_builder.hpp"

#include <cassert>

#include "layout.hpp"

namespace binrip::sim {

DiscBuilder& DiscBuilder::session(cd::DiscType type) {
  if (!disc_.sessions.empty()) {
    const cd::SectorCount lead_out = disc_.sessions.size() == 1 ? kFirstLeadOut : kLaterLeadOut;
    next_ += lead_out + kLeadIn + cd::SectorCount{cd::kPregapSectors};
  }
  cd::Session session;
  session.number = static_cast<Byte>(disc_.sessions.size() + 1);
  session.type = type;
  session.lead_out = next_;
  disc_.sessions.push_back(session);
  return *this;
}

DiscBuilder& DiscBuilder::track(cd::TrackMode mode, int pregap, int sectors) {
  assert(!disc_.sessions.empty());
  cd::Track track;
  track.number = static_cast<Byte>(++tracks_);
  track.mode = mode;
  track.control = mode == cd::TrackMode::audio ? Byte{0} : cd::kControlData;
  if (pregap > 0) track.indexes.push_back({0, next_});
  next_ += cd::SectorCount{pregap};
  track.indexes.push_back({1, next_});
  next_ += cd::SectorCount{sectors};
  disc_.sessions.back().tracks.push_back(track);
  disc_.sessions.back().lead_out = next_;
  return *this;
}

DiscBuilder& DiscBuilder::index(int number, int sectors_after_index_1) {
  last().indexes.push_back(
      {static_cast<Byte>(number), last().start() + cd::SectorCount{sectors_after_index_1}});
  return *this;
}

DiscBuilder& DiscBuilder::control(Byte bits) {
  last().control = bits;
  return *this;
}

DiscBuilder& DiscBuilder::isrc(std::string code) {
  last().isrc = std::move(code);
  return *this;
}

DiscBuilder& DiscBuilder::mcn(std::string digits) {
  disc_.mcn = std::move(digits);
  return *this;
}

cd::Disc DiscBuilder::finish() { return disc_; }

}  // namespace binrip::sim
