// Names for the archive: the first line is a template, each line after it a field. Any template is taken or
// refused with a message, and what it gives is a safe path whatever the fields are.
#include <cstdlib>

#include "support/safe_path.hpp"

#include "binrip/batch/naming.hpp"
#include "binrip/image/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace binrip;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto line = [&] {
    const std::size_t end = rest.find('\n');
    const std::string_view result = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return std::string(result);
  };
  const auto name = batch::NameTemplate::parse(line());
  if (!name) {
    if (name.error().message.empty()) std::abort();
    return 0;
  }
  batch::NameFields fields;
  for (std::string* field : {&fields.artist, &fields.title, &fields.volume, &fields.barcode, &fields.disc_id,
                             &fields.order, &fields.date, &fields.drive}) {
    *field = line();
  }
  const std::string path = name->expand(fields);
  if (!image::is_utf8(path) || !test::wrong_with_path(path).empty()) std::abort();
  return 0;
}
