#include "binrip/verify/sector_source.hpp"

namespace binrip::verify {

SectorSource source_of(image::DiscImage& image) {
  return [&image](cd::LbaRange range, MutableBytes out) -> Result<void> {
    for (cd::Lba lba = range.begin; lba < range.end; lba = lba + cd::SectorCount{1}) {
      const cd::MutableSectorBytes sector = out.first<cd::kSectorSize>();
      TRY_VOID(image.read_main(lba, sector));
      out = out.subspan(cd::kSectorSize);
    }
    return {};
  };
}

}  // namespace binrip::verify
