// An image in files, read by its layout.
#pragma once

#include "layout.hpp"

#include "binrip/base/file.hpp"
#include "binrip/image/disc_image.hpp"

namespace binrip::image {

// What of a file is the image: all of it, or the samples of a WAVE.
struct Payload {
  File file;
  std::uint64_t begin = 0;
  std::uint64_t size = 0;
};

class FileImage final : public DiscImage {
 public:
  FileImage(Layout layout, std::vector<Payload> files, std::optional<File> sub)
      : layout_(std::move(layout)), files_(std::move(files)), sub_(std::move(sub)) {}

  const cd::Disc& disc() const override { return layout_.disc; }
  Result<void> read_main(cd::Lba lba, cd::MutableSectorBytes out) override;
  Result<void> read_run(cd::LbaRange range, MutableBytes out) override;
  Result<bool> read_sub(cd::Lba lba, cd::MutableSubBytes out) override;
  StoredPart stored_part(cd::Lba lba) const override;
  std::vector<ImageFile> files() const override;

 private:
  Result<void> read_stored(const Extent& extent, cd::Lba lba, MutableBytes stored) const;
  const Extent* extent_of(cd::Lba lba) const;  // nullptr: not in the image
  std::optional<ImageFile::Slice> slice_of(std::size_t file) const;

  Layout layout_;
  std::vector<Payload> files_;
  std::optional<File> sub_;  // a record for each sector of the image
};

}  // namespace binrip::image
