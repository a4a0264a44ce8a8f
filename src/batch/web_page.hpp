// The page, made of the files in src/batch/web.
#pragma once

#include <string>
#include <string_view>

namespace binrip::batch {

std::string_view page_html();    // with @STYLE@ and @SCRIPT@ where the others go, and @NONCE@ for both
std::string_view page_style();   // CSS
std::string_view page_script();  // JavaScript

// One document without anything from outside. `nonce`: what the Content-Security-Policy allows to run.
std::string web_page(std::string_view nonce);

}  // namespace binrip::batch
