// parse_drive_offsets takes any bytes; each drive that comes out can be looked up and shown.
#include <algorithm>
#include <cstdlib>

#include "binrip/drive/drive_offsets.hpp"
#include "binrip/drive/profile.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace binrip;
  const auto list = drive::parse_drive_offsets(Bytes(data, size), "list");
  if (!list) {
    if (!list.error().message.starts_with("list: ")) std::abort();
    return 0;
  }
  if (list->empty()) std::abort();
  for (const drive::ListedDrive& each : *list) {
    const auto printable = [](const std::string& text) {
      return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
    };
    if (!printable(each.vendor) || !printable(each.product) || each.product.empty()) std::abort();
    if (std::abs(each.read_offset) > 5880) std::abort();
  }
  const drive::ListedDrive& first = list->front();
  static_cast<void>(drive::listed_offset(*list, {first.vendor, first.product, "", ""}));
  return 0;
}
