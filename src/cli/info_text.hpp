// `binrip info` as text and as JSON.
#pragma once

#include <string>

namespace binrip::cli {

struct Description;

std::string info_text(const std::string& device, const Description& description);
std::string info_json(const std::string& device, const Description& description);

}  // namespace binrip::cli
