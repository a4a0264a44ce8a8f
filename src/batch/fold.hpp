// Letters made comparable: for names that a file system may take for the same, and for titles that two people
// have written down.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace binrip::batch {

// UTF-8 in small letters: ASCII, Latin, Greek, Cyrillic, Armenian, full-width. Other characters stay.
std::string fold_case(std::string_view utf8);

// The words of a title: letters and digits, in small letters, Latin ones without accents ("Händel's 2nd" is
// "handel", "s", "2nd"). What is neither, like "_" and "-", separates.
std::vector<std::string> words_of(std::string_view utf8);

}  // namespace binrip::batch
