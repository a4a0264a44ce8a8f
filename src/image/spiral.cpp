#include "binrip/image/spiral.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

namespace binrip::image {

namespace {

constexpr double kMillimetres = 1000;  // in a metre
constexpr std::size_t kMostMarks = 400;
// How far from the usual pitch and inner radius discs lie: by so much the velocities that are tried may go
// beyond what the disc's length allows.
constexpr double kTolerance = 0.1;
// Runs longer than a turn of the inner tracks (9 sectors) have no angle.
constexpr int kLongestMark = 9;
// Some ten thousand velocities are tried: exp(-24) is small enough.
constexpr double kSurely = 24;
constexpr std::size_t kNeighbours = 25;

double sector_length(double velocity) { return velocity * kMillimetres / cd::kSectorsPerSecond; }  // mm

// At which `end` lies at 58 mm.
double limit_of(cd::Lba end) {
  constexpr double kRoom =
      std::numbers::pi * (kProgramAreaEnd * kProgramAreaEnd - kProgramAreaBegin * kProgramAreaBegin);
  const double length = kRoom / kTrackPitch / kMillimetres;  // m
  return length * cd::kSectorsPerSecond / std::max(end.value, 1);
}

// The middles of short runs, evenly chosen when there are many.
std::vector<double> marks_of(std::span<const cd::LbaRange> damage) {
  std::vector<double> all;
  for (const cd::LbaRange& run : damage) {
    if (run.size().value <= kLongestMark) all.push_back(run.begin.value + run.size().value / 2.0);
  }
  if (all.size() <= kMostMarks) return all;
  std::vector<double> some;
  for (std::size_t i = 0; i < kMostMarks; ++i) some.push_back(all[i * all.size() / kMostMarks]);
  return some;
}

// n · R² of some marks: n when all angles are the same, 1 on average when they are random.
double agreement(const Spiral& spiral, std::span<const double> marks) {
  double x = 0;
  double y = 0;
  for (const double mark : marks) {
    const double angle = spiral.at(mark).turns * 2 * std::numbers::pi;
    x += std::cos(angle);
    y += std::sin(angle);
  }
  return (x * x + y * y) / static_cast<double>(marks.size());
}

// Neighbours are compared with each other, and not with what lies far away: a disc has many scratches. Where
// one ends and the next begins, neighbours need not agree: the worst quarter of the groups is left out.
double agreement_of_neighbours(const Spiral& spiral, std::span<const double> marks) {
  std::vector<double> groups;
  for (std::size_t i = 0; i < marks.size(); i += kNeighbours) {
    groups.push_back(agreement(spiral, marks.subspan(i, std::min(kNeighbours, marks.size() - i))));
  }
  std::sort(groups.begin(), groups.end());
  const auto worst = static_cast<std::ptrdiff_t>(groups.size() / 4);
  return std::accumulate(groups.begin() + worst, groups.end(), 0.0);
}

// The sum of random angles' agreement over so many groups, let alone over some of them, exceeds this with a
// chance of exp(-kSurely) at most: of a chi-squared distribution of 2 · groups degrees of freedom, the bound
// of Laurent and Massart (2000).
double beyond_chance(double groups) { return groups + std::sqrt(2 * groups * kSurely) + kSurely; }

}  // namespace

// The spiral fills area at a constant rate: length · pitch = π (r² - r0²); each turn adds one pitch to r.
SpiralPlace Spiral::at(double sector) const {
  const double area = sector * sector_length(velocity_) * kTrackPitch;
  const double square = kProgramAreaBegin * kProgramAreaBegin + area / std::numbers::pi;
  const double radius = std::sqrt(std::max(square, 0.0));
  return {(radius - kProgramAreaBegin) / kTrackPitch, radius};
}

double velocity_that_holds(cd::Lba end) { return std::min(kUsualVelocity, limit_of(end)); }

std::optional<double> velocity_from_damage(std::span<const cd::LbaRange> damage, cd::Lba end) {
  const std::vector<double> marks = marks_of(damage);
  if (static_cast<double>(marks.size()) <= kSurely) return std::nullopt;
  // Steps so small that the angle between the outermost marks moves by less than an eighth of a turn.
  const Spiral fastest(kFastest);
  const double turns = std::max(1.0, fastest.at(marks.back()).turns - fastest.at(marks.front()).turns);
  const double step = 1 / (8 * turns);
  const double limit = std::min(kFastest, (1 + kTolerance) * limit_of(end));
  const double slowest = std::min(kSlowest, (1 - kTolerance) * limit_of(end));
  double best = 0;
  std::optional<double> found;
  for (double velocity = slowest; velocity <= limit; velocity += step) {
    const double agreed = agreement_of_neighbours(Spiral(velocity), marks);
    if (agreed <= best) continue;
    best = agreed;
    found = velocity;
  }
  const std::size_t groups = (marks.size() + kNeighbours - 1) / kNeighbours;
  return best > beyond_chance(static_cast<double>(groups)) ? found : std::nullopt;
}

}  // namespace binrip::image
