// Text that came from anywhere made fit for one component of a path.
#pragma once

#include <string>
#include <string_view>

namespace binrip::batch {

// Valid UTF-8 in one line: no control or invisible characters, none that a file system forbids; spaces
// single, none at the ends. May be empty.
std::string safe_value(std::string_view text);

// Of text that safe_value gave, or several put together: a component as NameTemplate::expand promises it;
// empty where nothing is left.
std::string safe_component(std::string_view text);

// "Name [id] (2)" for 2, within the longest component.
std::string numbered(std::string_view component, int number);

}  // namespace binrip::batch
