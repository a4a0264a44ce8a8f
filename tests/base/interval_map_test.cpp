#include "binrip/base/interval_map.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace binrip {
namespace {

using Map = IntervalMap<int, char>;

std::vector<Map::Run> runs(const Map& map) {
  std::vector<Map::Run> all;
  map.for_each([&](const Map::Run& run) { all.push_back(run); });
  return all;
}

TEST(IntervalMap, BeginsAsOneRun) { EXPECT_EQ(runs(Map(0, 10, 'a')), (std::vector<Map::Run>{{0, 10, 'a'}})); }

TEST(IntervalMap, SplitsAndJoins) {
  Map map(0, 10, 'a');
  map.assign(3, 5, 'b');
  EXPECT_EQ(runs(map), (std::vector<Map::Run>{{0, 3, 'a'}, {3, 5, 'b'}, {5, 10, 'a'}}));
  map.assign(5, 7, 'b');
  EXPECT_EQ(runs(map), (std::vector<Map::Run>{{0, 3, 'a'}, {3, 7, 'b'}, {7, 10, 'a'}}));
  map.assign(0, 10, 'b');
  EXPECT_EQ(runs(map), (std::vector<Map::Run>{{0, 10, 'b'}}));
}

TEST(IntervalMap, IgnoresWhatLiesOutsideItsDomain) {
  Map map(0, 10, 'a');
  map.assign(-5, 2, 'b');
  map.assign(9, 40, 'c');
  map.assign(20, 40, 'd');
  map.assign(6, 6, 'e');
  EXPECT_EQ(runs(map), (std::vector<Map::Run>{{0, 2, 'b'}, {2, 9, 'a'}, {9, 10, 'c'}}));
}

TEST(IntervalMap, AgreesWithAPlainArrayOverRandomAssignments) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    Map map(0, 64, 'a');
    std::vector<char> plain(64, 'a');
    for (int i = 0; i < 100; ++i) {
      const int begin = static_cast<int>(random() % 64);
      const int end = static_cast<int>(random() % 65);
      const char value = static_cast<char>('a' + random() % 4);
      map.assign(begin, end, value);
      for (int k = begin; k < end; ++k) plain[static_cast<std::size_t>(k)] = value;
      std::vector<char> seen;
      char before = 0;
      map.for_each([&](const Map::Run& run) {
        EXPECT_NE(run.value, before) << "neighbouring runs are joined";
        before = run.value;
        seen.insert(seen.end(), static_cast<std::size_t>(run.end - run.begin), run.value);
      });
      ASSERT_EQ(seen, plain);
    }
  }
}

}  // namespace
}  // namespace binrip
