// Words and numbers as people read them, and text from discs, drives and files made safe for a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "binrip/base/result.hpp"

namespace binrip::cli {

// One line that cannot steer a terminal: control characters (C0, DEL, C1), line separators and characters
// that change the writing direction become \n, \t, \x1b, \u202e; bytes that are not UTF-8 become \xNN.
std::string safe_text(std::string_view text);

// 137812 as "137 812".
std::string grouped(std::int64_t number);

// 112 s as "1:52", 3723 s as "1:02:03".
std::string clock_time(std::chrono::seconds duration);

// "1 track", "12 tracks".
std::string counted(std::int64_t number, std::string_view noun);

// "binrip: error: …" and, where there is one, "hint: …", each a line of safe text.
void print_error(std::ostream& err, const Error& error);

// Columns that a text takes: code points, without escape sequences for colours. All characters that this
// program draws are one column wide.
int display_width(std::string_view text);

}  // namespace binrip::cli
