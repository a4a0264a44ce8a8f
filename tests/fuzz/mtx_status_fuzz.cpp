// parse_mtx_status takes any bytes; what it takes counts its drives and slots through.
#include <cstdlib>
#include <string_view>

#include "../../src/batch/mtx_status.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto status = binrip::batch::parse_mtx_status({reinterpret_cast<const char*>(data), size});
  if (!status) return 0;
  for (std::size_t i = 0; i < status->elements.size(); ++i) {
    const auto& element = status->elements[i];
    if (element.number != static_cast<int>(i) || (element.source && !element.full)) std::abort();
  }
  for (std::size_t i = 0; i < status->slots.size(); ++i) {
    if (status->slots[i].number != static_cast<int>(i) + 1) std::abort();
  }
  return 0;
}
