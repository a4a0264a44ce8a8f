#include "batch/web_page.hpp"

namespace binrip::batch {
namespace {

void replace_all(std::string& text, std::string_view mark, std::string_view with) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + with.size())) {
    text.replace(at, mark.size(), with);
  }
}

}  // namespace

std::string web_page(std::string_view nonce) {
  std::string page(page_html());
  replace_all(page, "@NONCE@", nonce);
  replace_all(page, "@STYLE@", page_style());
  replace_all(page, "@SCRIPT@", page_script());
  return page;
}

}  // namespace binrip::batch
