#include "file_image.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace binrip::image {
namespace {

void swap_bytes(MutableBytes data) {
  for (std::size_t i = 0; i + 1 < data.size(); i += 2) std::swap(data[i], data[i + 1]);
}

// Puts sync and header before the 2336 bytes that are stored. EDC and ECC are among these; the ECC of Mode 2
// leaves out the header.
void complete_mode2(cd::MutableSectorBytes out, cd::Lba lba, Bytes data) {
  cd::build_mode2(out, lba, {}, {});
  std::copy(data.begin(), data.end(), out.begin() + cd::kSubheaderOffset);
}

// Form 2, real-time: what fills a Mode 2 pregap.
constexpr std::array<Byte, 4> kEmptySubheader = {0, 0, cd::kSubmodeForm2, 0};

void build(SectorForm form, cd::Lba lba, Bytes stored, cd::MutableSectorBytes out) {
  switch (form) {
    case SectorForm::whole:
      std::copy(stored.begin(), stored.end(), out.begin());
      return;
    case SectorForm::swapped:
      std::copy(stored.begin(), stored.end(), out.begin());
      return swap_bytes(out);
    case SectorForm::scrambled:
      std::copy(stored.begin(), stored.end(), out.begin());
      if (cd::has_sync(out)) cd::scramble(out);
      return;
    case SectorForm::mode1_data:
      return cd::build_mode1(out, lba, stored);
    case SectorForm::mode2_data:
      return complete_mode2(out, lba, stored);
    case SectorForm::absent_audio:
      std::fill(out.begin(), out.end(), Byte{0});
      return;
    case SectorForm::absent_mode1:
      return cd::build_mode1(out, lba, {});
    case SectorForm::absent_mode2:
      return cd::build_mode2(out, lba, kEmptySubheader, {});
  }
}

}  // namespace

const Extent* FileImage::extent_of(cd::Lba lba) const {
  const auto after = std::upper_bound(layout_.extents.begin(), layout_.extents.end(), lba,
                                      [](cd::Lba value, const Extent& e) { return value < e.range.begin; });
  if (after == layout_.extents.begin() || !std::prev(after)->range.contains(lba)) return nullptr;
  return &*std::prev(after);
}

Result<void> DiscImage::read_run(cd::LbaRange range, MutableBytes out) {
  for (cd::Lba lba = range.begin; lba < range.end; ++lba) {
    TRY_VOID(read_main(lba, out.first<cd::kSectorSize>()));
    out = out.subspan(cd::kSectorSize);
  }
  return {};
}

// As they stand in the file, from `lba` on.
Result<void> FileImage::read_stored(const Extent& extent, cd::Lba lba, MutableBytes stored) const {
  const Payload& payload = files_[extent.file];
  const auto sectors = static_cast<std::uint64_t>((lba - extent.range.begin).value);
  const std::uint64_t offset = payload.begin + extent.offset + sectors * stored_size(extent.form);
  TRY(const std::size_t got, payload.file.read_at(stored, static_cast<std::int64_t>(offset)));
  if (got == stored.size()) return {};
  const cd::Lba missing = lba + cd::SectorCount{static_cast<std::int32_t>(got / stored_size(extent.form))};
  return fail(ErrorKind::io,
              fmt::format("{} ends before sector {}", payload.file.path().string(), missing.value));
}

Result<void> FileImage::read_main(cd::Lba lba, cd::MutableSectorBytes out) {
  const Extent* extent = extent_of(lba);
  if (extent == nullptr) {
    return fail(ErrorKind::invalid, fmt::format("sector {} is not in the image", lba.value));
  }
  std::array<Byte, cd::kSectorSize> buffer;
  const MutableBytes stored = MutableBytes(buffer).first(stored_size(extent->form));
  if (!stored.empty()) TRY_VOID(read_stored(*extent, lba, stored));
  build(extent->form, lba, stored, out);
  return {};
}

// What stands in a file as it is, is read at once.
Result<void> FileImage::read_run(cd::LbaRange range, MutableBytes out) {
  while (!range.empty()) {
    const Extent* extent = extent_of(range.begin);
    const bool whole = extent != nullptr && extent->form == SectorForm::whole;
    const cd::Lba end = whole ? std::min(range.end, extent->range.end) : range.begin + cd::SectorCount{1};
    const auto size = static_cast<std::size_t>((end - range.begin).value) * cd::kSectorSize;
    if (whole) {
      TRY_VOID(read_stored(*extent, range.begin, out.first(size)));
    } else {
      TRY_VOID(read_main(range.begin, out.first<cd::kSectorSize>()));
    }
    out = out.subspan(size);
    range.begin = end;
  }
  return {};
}

Result<bool> FileImage::read_sub(cd::Lba lba, cd::MutableSubBytes out) {
  const auto record = cd::image_position(layout_.disc, lba);
  if (!sub_ || !record) return false;
  TRY(const std::size_t got, sub_->read_at(out, std::int64_t{record->value} * std::int64_t{cd::kSubSize}));
  if (got != out.size()) {
    return fail(ErrorKind::io, fmt::format("{} ends before sector {}", sub_->path().string(), lba.value));
  }
  return true;
}

StoredPart FileImage::stored_part(cd::Lba lba) const {
  const Extent* extent = extent_of(lba);
  switch (extent == nullptr ? SectorForm::absent_audio : extent->form) {
    case SectorForm::whole:
    case SectorForm::swapped:
    case SectorForm::scrambled:
      return StoredPart::all;
    case SectorForm::mode1_data:
      return StoredPart::user_data;
    case SectorForm::mode2_data:
      return StoredPart::without_header;
    case SectorForm::absent_audio:
    case SectorForm::absent_mode1:
    case SectorForm::absent_mode2:
      break;
  }
  return StoredPart::nothing;
}

std::optional<ImageFile::Slice> FileImage::slice_of(std::size_t file) const {
  std::optional<ImageFile::Slice> slice;
  for (const Extent& extent : layout_.extents) {
    if (stored_size(extent.form) == 0 || extent.file != file) continue;
    const auto position = cd::image_position(layout_.disc, extent.range.begin);
    if (!position || extent.form != SectorForm::whole) return std::nullopt;
    if (!slice) slice = ImageFile::Slice{position->value, 0};
    const bool goes_on = position->value == slice->first + slice->count &&
                         extent.offset == static_cast<std::uint64_t>(slice->count) * cd::kSectorSize;
    if (!goes_on) return std::nullopt;
    slice->count += extent.range.size().value;
  }
  const Payload& payload = files_[file];
  const bool all = slice && payload.begin == 0 &&
                   payload.size == static_cast<std::uint64_t>(slice->count) * cd::kSectorSize;
  return all ? slice : std::nullopt;
}

std::vector<ImageFile> FileImage::files() const {
  std::vector<ImageFile> result;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    result.push_back({files_[i].file.path().string(), slice_of(i)});
  }
  return result;
}

}  // namespace binrip::image
