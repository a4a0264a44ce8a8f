// The XML of a DAT, piece by piece.
#pragma once

#include <memory>

#include "binrip/verify/dat.hpp"

namespace binrip::verify {

class DatParser {
 public:
  DatParser(std::string name, const DatSink& sink);
  ~DatParser();
  DatParser(const DatParser&) = delete;
  DatParser& operator=(const DatParser&) = delete;

  Result<void> feed(std::string_view piece);
  Result<DatHeader> finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// All DATs in a .zip, of which no more is unpacked than `limit` bytes.
inline constexpr std::uint64_t kMostUnpacked = std::uint64_t{1}
                                               << 30;  // redump's largest have some ten million
Result<DatHeader> read_zipped_dat(const std::filesystem::path& path, const DatSink& sink,
                                  const std::stop_token& stop, std::uint64_t limit = kMostUnpacked);

}  // namespace binrip::verify
