// Sets of sectors, as ascending ranges.
#pragma once

#include <cstdint>
#include <vector>

#include "binrip/cd/address.hpp"

namespace binrip::cd {

std::int64_t total_size(const std::vector<LbaRange>& ranges);
// What is in either; neighbours are joined. Neither has to be in order.
std::vector<LbaRange> united(std::vector<LbaRange> a, const std::vector<LbaRange>& b);
// What both have in common; both ascending.
std::vector<LbaRange> common(const std::vector<LbaRange>& a, const std::vector<LbaRange>& b);
// What is in `a` alone; both ascending.
std::vector<LbaRange> without(const std::vector<LbaRange>& a, const std::vector<LbaRange>& b);

}  // namespace binrip::cd
