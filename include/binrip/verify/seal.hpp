// A report and a log that tell when they were changed: each ends with a SHA-256 of itself. That finds damage;
// it does not keep out a forger, who can compute one too.
#pragma once

#include <string>
#include <string_view>

namespace binrip::verify {

// `json` as image::to_json gives it: it ends with 64 hex digits, a quote, and a closing brace in lines of
// their own. They become the SHA-256 of the text with zeros in their place.
std::string seal_json(std::string json);
bool json_seal_right(std::string_view json);

// A line "SHA-256 of the lines above: …" at the end, of all bytes before it.
std::string seal_log(std::string log);
bool log_seal_right(std::string_view log);

}  // namespace binrip::verify
