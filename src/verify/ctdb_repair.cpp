#include "binrip/verify/ctdb_repair.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "image_copy.hpp"

namespace binrip::verify {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSectorWords = cd::kSectorSize / 2;
constexpr std::size_t kSearchedColumns = 8;
constexpr std::size_t kMostTries = 32;  // of offsets: against parity that is made to fit nearly everywhere

Error cancelled() { return {ErrorKind::cancelled, "interrupted"}; }

// What is wrong in a column, as its syndromes have it; the first parity.count() of them.
Syndromes difference_at(const CtdbSums& sums, const CtdbSyndromes& parity, std::size_t column, int offset) {
  Syndromes result = sums.parity->at(column, offset);
  for (std::size_t i = 0; i < parity.count(); ++i) {
    result[i] = static_cast<std::uint16_t>(result[i] ^ parity.at(column, i));
  }
  return result;
}

// Nothing: at this offset there is a column that cannot be mended.
Result<std::optional<std::vector<AudioFix>>> fixes_at(int offset, const CtdbLayout& layout,
                                                      const CtdbSums& sums, const CtdbSyndromes& parity,
                                                      const std::stop_token& stop) {
  const auto first = static_cast<std::uint64_t>(static_cast<std::int64_t>(kCtdbColumns) + 2 * offset);
  std::vector<AudioFix> fixes;
  for (std::size_t column = 0; column < kCtdbColumns; ++column) {
    if (stop.stop_requested()) return fail(cancelled());
    const Syndromes difference = difference_at(sums, parity, column, offset);
    const auto errors = locate_errors(std::span(difference).first(parity.count()), ctdb_column_words(layout));
    if (!errors) return std::optional<std::vector<AudioFix>>{};
    for (const WordError& error : *errors) {
      fixes.push_back({first + error.position * kCtdbColumns + column, error.difference});
    }
  }
  std::sort(fixes.begin(), fixes.end(), [](const auto& a, const auto& b) { return a.word < b.word; });
  return std::optional(std::move(fixes));
}

// Offsets at which a column has less errors than can be mended; at others that hardly ever happens. Those
// with the least errors first.
std::vector<int> likely_offsets(std::size_t column, const CtdbSums& sums, const CtdbSyndromes& parity) {
  std::vector<std::pair<std::size_t, int>> found;
  const std::size_t most = parity.count() / 2;
  for (int offset = -kCtdbOffsets; offset <= kCtdbOffsets; ++offset) {
    const Syndromes difference = difference_at(sums, parity, column, offset);
    const auto errors = count_errors(std::span(difference).first(parity.count()));
    if (errors && (*errors == 0 || *errors < most)) found.emplace_back(*errors, offset);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first, std::abs(a.second)) < std::pair(b.first, std::abs(b.second));
  });
  std::vector<int> offsets;
  offsets.reserve(found.size());
  for (const auto& [errors, offset] : found) offsets.push_back(offset);
  return offsets;
}

std::vector<AudioPatch> patches_of(const CtdbLayout& layout, std::span<const AudioFix> fixes) {
  std::vector<AudioPatch> patches;
  for (const AudioFix& fix : fixes) {
    const auto sector = static_cast<std::int32_t>(fix.word / kSectorWords);
    patches.push_back({.lba = layout.audio.begin + cd::SectorCount{sector},
                       .byte = static_cast<int>(2 * (fix.word % kSectorWords)),
                       .before = 0,
                       .after = fix.difference});
  }
  return patches;
}

// The patches of one sector.
template <class Patches>
auto patches_in(Patches& patches, cd::Lba lba) {
  const auto before = [](const AudioPatch& p, cd::Lba l) { return p.lba < l; };
  const auto begin = std::lower_bound(patches.begin(), patches.end(), lba, before);
  return std::span(begin, std::lower_bound(begin, patches.end(), lba + cd::SectorCount{1}, before));
}

// `after` holds differences; both become what stands in the image and what should.
Result<void> read_before(image::DiscImage& image, std::vector<AudioPatch>& patches) {
  std::array<Byte, cd::kSectorSize> sector{};
  cd::Lba lba{-1};
  for (AudioPatch& patch : patches) {
    if (patch.lba != lba) TRY_VOID(image.read_main(patch.lba, sector));
    lba = patch.lba;
    patch.before = load_le16(sector, static_cast<std::size_t>(patch.byte));
    patch.after = static_cast<std::uint16_t>(patch.after ^ patch.before);
  }
  return {};
}

Result<void> apply_patches(std::span<const AudioPatch> patches, MutableBytes sector) {
  for (const AudioPatch& patch : patches) {
    const auto at = static_cast<std::size_t>(patch.byte);
    if (load_le16(sector, at) != patch.before) {
      return fail(ErrorKind::mismatch, "the image has changed while it was repaired");
    }
    store_le16(sector, at, patch.after);
  }
  return {};
}

SectorSource patched(const SectorSource& source, const std::vector<AudioPatch>& patches) {
  return [&](cd::LbaRange range, MutableBytes out) -> Result<void> {
    TRY_VOID(source(range, out));
    for (cd::Lba lba = range.begin; lba < range.end; ++lba) {
      TRY_VOID(apply_patches(patches_in(patches, lba), out.first(cd::kSectorSize)));
      out = out.subspan(cd::kSectorSize);
    }
    return {};
  };
}

Result<void> write_image(image::DiscImage& image, const CtdbEntry& entry, const CtdbRepair& repair,
                         const fs::path& sheet, std::stop_token stop) {
  TRY(NewFile record, NewFile::create(repair.record));
  const std::string text = patch_record(image.disc(), entry, repair.offset, repair.patches);
  TRY_VOID(record.append(Bytes(reinterpret_cast<const Byte*>(text.data()), text.size())));
  const auto change = [&](cd::Lba lba, cd::MutableSectorBytes sector) {
    return apply_patches(patches_in(repair.patches, lba), sector);
  };
  TRY_VOID(write_copied_files(image, sheet, change, std::move(stop)));
  TRY_VOID(record.finish());
  return write_copied_sheet(image.disc(), sheet);
}

}  // namespace

Result<CtdbSyndromes> CtdbSyndromes::from_file(const CtdbEntry& entry, Bytes file) {
  CtdbSyndromes result;
  result.count_ = static_cast<std::size_t>(std::clamp(entry.npar, 0, static_cast<int>(kMaxParity)));
  const std::size_t words = result.count_ * kCtdbColumns;
  if (file.size() != 2 * words) {
    return fail(ErrorKind::invalid,
                fmt::format("expected {} bytes of parity of CTDB, got {}", 2 * words, file.size()));
  }
  result.words_.reserve(words);
  for (std::size_t at = 0; at < file.size(); at += 2) result.words_.push_back(load_le16(file, at));
  for (std::size_t i = 0; i < std::min(entry.syndrome.size(), result.count_); ++i) {
    if (result.at(0, i) != entry.syndrome[i]) {
      return fail(ErrorKind::mismatch, fmt::format("the parity of CTDB's entry {} is not its own", entry.id));
    }
  }
  return result;
}

Result<CtdbSyndromes> fetch_ctdb_parity(const CtdbEntry& entry, net::Fetcher& fetcher) {
  if (entry.parity_url.empty()) {
    return fail(ErrorKind::unsupported, fmt::format("CTDB's entry {} has no parity", entry.id));
  }
  const std::size_t bytes = 2 * kCtdbColumns * static_cast<std::size_t>(std::clamp(entry.npar, 1, 16));
  net::Request request;
  request.url = entry.parity_url;
  request.range = net::ByteRange{.first = 0, .count = bytes};
  request.largest = bytes;
  TRY(const net::Response response, fetcher.get(request));
  if (!response.found) {
    return fail(ErrorKind::network, fmt::format("CTDB has no parity of its entry {} any more", entry.id));
  }
  return CtdbSyndromes::from_file(entry, response.body);
}

Result<AudioFixes> find_audio_fixes(const CtdbLayout& layout, const CtdbSums& sums, const CtdbEntry& entry,
                                    const CtdbSyndromes& parity, std::stop_token stop) {
  std::vector<int> tried;
  const auto at = [&](int offset) -> Result<std::optional<AudioFixes>> {
    const bool is_new = std::find(tried.begin(), tried.end(), offset) == tried.end();
    if (!is_new || tried.size() == kMostTries) return std::optional<AudioFixes>{};
    tried.push_back(offset);
    TRY(auto fixes, fixes_at(offset, layout, sums, parity, stop));
    if (!fixes) return std::optional<AudioFixes>{};
    return std::optional(AudioFixes{.offset = offset, .fixes = std::move(*fixes)});
  };
  const CtdbVerdict verdict = compare(layout, sums, {&entry, 1});
  for (const int offset : {verdict.matches[0].offset.value_or(0), 0}) {
    TRY(auto found, at(offset));
    if (found) return std::move(*found);
  }
  for (std::size_t i = 0; i < kSearchedColumns; ++i) {
    for (const int offset : likely_offsets(i * kCtdbColumns / kSearchedColumns, sums, parity)) {
      TRY(auto found, at(offset));
      if (found) return std::move(*found);
    }
    if (stop.stop_requested()) return fail(cancelled());
  }
  return fail(
      ErrorKind::mismatch,
      fmt::format("the parity of CTDB's entry {} cannot mend this audio: more than {} words of a column "
                  "are wrong, or it is other audio",
                  entry.id, parity.count() / 2));
}

std::string patch_record(const cd::Disc& disc, const CtdbEntry& entry, int offset,
                         std::span<const AudioPatch> patches) {
  std::string text = fmt::format(
      "# binrip audio patch 1\n"
      "# disc {}\n"
      "# by the parity of CTDB's entry {}: CRC-32 {:08x}, confidence {}, offset {:+} samples\n"
      "# each line: LBA, byte in the sector, two bytes before, and after the repair\n",
      cd::toc_identity(disc), entry.id, entry.crc32, entry.confidence, offset);
  const auto bytes = [](std::uint16_t word) { return fmt::format("{:02x}{:02x}", word & 0xFF, word >> 8); };
  for (const AudioPatch& p : patches) {
    text += fmt::format("{} {} {} {}\n", p.lba.value, p.byte, bytes(p.before), bytes(p.after));
  }
  return text;
}

Result<CtdbRepair> repair_audio(image::DiscImage& image, const CtdbEntry& entry, net::Fetcher& fetcher,
                                const fs::path& sheet, std::stop_token stop) {
  CtdbRepair repair;
  repair.record = fs::path(sheet).replace_extension(".patch");
  for (const char* extension : {".cue", ".bin", ".sub", ".patch"}) {
    TRY_VOID(check_free(fs::path(sheet).replace_extension(extension)));
  }
  const auto layout = ctdb_layout(image.disc());
  if (!layout || !fits(entry, *layout)) {
    return fail(ErrorKind::unsupported, fmt::format("CTDB's entry {} is not of audio like this", entry.id));
  }
  const SectorSource source = source_of(image);
  TRY(const CtdbSums sums, ctdb_sums(*layout, source, CtdbScope::checksums_and_parity, stop));
  if (const auto right = sums.disc.find(entry.crc32)) {
    repair.offset = *right;
    return repair;
  }
  TRY(const CtdbSyndromes parity, fetch_ctdb_parity(entry, fetcher));
  TRY(const AudioFixes fixes, find_audio_fixes(*layout, sums, entry, parity, stop));
  repair.offset = fixes.offset;
  repair.patches = patches_of(*layout, fixes.fixes);
  TRY_VOID(read_before(image, repair.patches));
  TRY(const CtdbSums mended, ctdb_sums(*layout, patched(source, repair.patches), CtdbScope::checksums, stop));
  if (mended.disc.at(repair.offset) != entry.crc32) {
    return fail(
        ErrorKind::mismatch,
        fmt::format("what the parity of CTDB's entry {} gives has not the entry's checksum", entry.id));
  }
  TRY_VOID(write_image(image, entry, repair, sheet, std::move(stop)));
  return repair;
}

}  // namespace binrip::verify
