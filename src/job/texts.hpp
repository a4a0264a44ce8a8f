// --set FIELD=VALUE: titles from the user, where CD-TEXT has none.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "binrip/cd/disc.hpp"

namespace binrip::job {

// Fills what is empty. Gives the fields of tracks that the disc does not have.
std::vector<std::string> apply_texts(const std::vector<std::pair<std::string, std::string>>& texts,
                                     cd::Disc& disc);

}  // namespace binrip::job
