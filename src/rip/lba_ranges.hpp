// Sets of sectors, as ascending ranges.
#pragma once

#include <cstdint>
#include <vector>

#include "binrip/cd/address.hpp"

namespace binrip::rip {

std::int64_t total_size(const std::vector<cd::LbaRange>& ranges);
// What is in either; neighbours are joined. Neither has to be in order.
std::vector<cd::LbaRange> united(std::vector<cd::LbaRange> a, const std::vector<cd::LbaRange>& b);
// What both have in common; both ascending.
std::vector<cd::LbaRange> common(const std::vector<cd::LbaRange>& a, const std::vector<cd::LbaRange>& b);
// What is in `a` alone; both ascending.
std::vector<cd::LbaRange> without(const std::vector<cd::LbaRange>& a, const std::vector<cd::LbaRange>& b);

}  // namespace binrip::rip
