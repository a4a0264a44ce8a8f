// Seeded cases: a disc, a drive, and what is wrong with them.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "binrip/job/rip_job.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::campaign {

struct Case {
  std::uint64_t seed = 0;
  std::string_view kind;  // the class of fault
  sim::DiscRecipe disc;
  std::optional<sim::DiscRecipe> laid_by;  // put in at a fault of kind `changed`
  sim::Habits habits;
  sim::FaultMap faults;
  int retries = 5;
  // The only ways for a rip not to end with an image.
  std::vector<ErrorKind> may_end_with;
};

// The names of all classes, in the order of the table.
const std::vector<std::string_view>& kinds();
// Seed n is of class n modulo their number; a pure function of the seed.
Case make_case(std::uint64_t seed);
// One line: what it takes to know the case.
std::string describe(const Case& c);

}  // namespace binrip::campaign
