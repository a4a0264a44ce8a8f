#include "../../src/rip/progress_meter.hpp"

#include <gtest/gtest.h>

namespace binrip::rip {
namespace {

using cd::Lba;
using cd::LbaRange;
using std::chrono::seconds;

class Keeper : public Listener {
 public:
  void on_progress(const Progress& progress) override { last = progress; }
  Progress last;
};

cd::Disc one_track() {
  cd::Disc disc;
  disc.sessions.resize(1);
  disc.sessions[0].lead_out = Lba{100'000};
  cd::Track track;
  track.indexes = {{1, Lba{0}}};
  disc.sessions[0].tracks = {track};
  return disc;
}

// Ten places of one sector, 9000 sectors apart.
std::vector<LbaRange> places() {
  std::vector<LbaRange> targets;
  for (int i = 0; i < 10; ++i) targets.push_back({Lba{i * 9000}, Lba{i * 9000 + 1}});
  return targets;
}

class ProgressMeterTest : public testing::Test {
 protected:
  Progress after(Lba lba, std::int64_t sectors, seconds time) {
    meter_.advance(lba, sectors, time, map_, {});
    meter_.tell_now(map_, {});
    return keeper_.last;
  }
  cd::Disc disc_ = one_track();
  Keeper keeper_;
  ProgressMeter meter_{disc_, keeper_};
  SectorMap map_{"disc", {{Lba{0}, Lba{100'000}}}};
};

TEST_F(ProgressMeterTest, EstimatesAStreamByItsSpeed) {
  meter_.begin_pass({.number = 1, .name = "reading", .targets = {{Lba{0}, Lba{100'000}}}});
  after(Lba{0}, 1000, seconds(1));
  const Progress p = after(Lba{1000}, 1000, seconds(2));
  EXPECT_EQ(p.remaining, seconds(98));
  EXPECT_EQ(p.pass_name, "reading");
}

// Each place takes 10 s, whatever is read around it.
TEST_F(ProgressMeterTest, EstimatesScatteredPlacesByTheTimeThatEachTook) {
  meter_.begin_pass({.number = 1, .name = "reading", .targets = {{Lba{0}, Lba{100'000}}}});
  after(Lba{99'000}, 1000, seconds(100));
  for (const Direction direction : {Direction::ascending, Direction::descending}) {
    ProgressMeter meter = meter_;
    meter.begin_pass({.number = 2,
                      .name = "sweep 1",
                      .targets = places(),
                      .shape = PassToWatch::Shape::scattered,
                      .direction = direction});
    for (int i = 0; i < 4; ++i) {
      const int place = direction == Direction::ascending ? i : 9 - i;
      meter.advance(Lba{place * 9000 - 3}, 7, seconds(110 + i * 10), map_, {});
    }
    meter.tell_now(map_, {});
    EXPECT_EQ(keeper_.last.sectors_done, 4);
    EXPECT_EQ(keeper_.last.sectors_total, 10);
    EXPECT_EQ(keeper_.last.remaining, seconds(60));
  }
}

TEST_F(ProgressMeterTest, CountsWhatIsNotGoodYet) {
  map_.raise({Lba{0}, Lba{90'000}}, cd::SectorState::proven);
  map_.raise({Lba{90'000}, Lba{90'500}}, cd::SectorState::damaged);
  meter_.begin_pass({.number = 1, .name = "reading", .targets = {{Lba{0}, Lba{100'000}}}});
  EXPECT_EQ(after(Lba{0}, 1, seconds(1)).sectors_not_good, 10'000);
}

}  // namespace
}  // namespace binrip::rip
