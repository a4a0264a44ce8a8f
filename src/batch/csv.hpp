// Comma-separated values as RFC 4180 has them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"

namespace binrip::batch {

struct CsvRecord {
  int line = 0;           // where it begins, from 1
  std::size_t begin = 0;  // in bytes
  std::vector<std::string> fields;
};

// All records; lines that are empty are none. Lines end with LF or CRLF, the last one with or without; a
// UTF-8 byte order mark is passed over. `name`: as messages call it. Errors invalid, "name:line: …": not
// UTF-8, a NUL, a quote that is not closed, something after a closing quote, a quote inside of a field
// without quotes.
Result<std::vector<CsvRecord>> parse_csv(std::string_view text, std::string_view name);

// With "\n" at its end. A field is quoted where it has to be, or where spaces at its ends would get lost.
std::string csv_line(std::span<const std::string> fields);

// Valid UTF-8 without control characters and without spaces at its ends: a field that is one line.
std::string one_line(std::string_view text);

}  // namespace binrip::batch
