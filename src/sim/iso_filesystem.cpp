// ISO 9660 (ECMA-119) level 1, as small as it goes: volume descriptors, path tables, a root and one folder, a
// few files.
#include <algorithm>
#include <array>
#include <string>

#include "noise.hpp"

#include "binrip/sim/generated_disc.hpp"

namespace binrip::sim {
namespace {

constexpr std::size_t kBlock = cd::kUserDataSize;
constexpr std::size_t kDescriptor = 16;
constexpr std::size_t kTerminator = 17;
constexpr std::size_t kPathTableLittle = 18;
constexpr std::size_t kPathTableBig = 19;
constexpr std::size_t kRootFolder = 20;
constexpr std::size_t kFolder = 21;
constexpr std::size_t kFirstFile = 22;
constexpr std::size_t kSmallest = kFirstFile + 2;  // blocks, with one small file
constexpr Byte kFlagFolder = 2;
constexpr std::array<Byte, 7> kRecordedAt = {96, 6, 17, 12, 0, 0, 0};  // 1996-06-17 12:00:00 UTC

struct File {
  std::string name;
  std::size_t size;
  bool in_folder;
  std::size_t block = 0;
};

void both_endian_32(MutableBytes b, std::size_t at, std::uint32_t v) {
  store_le32(b, at, v);
  store_be32(b, at + 4, v);
}
void both_endian_16(MutableBytes b, std::size_t at, std::uint16_t v) {
  store_le16(b, at, v);
  store_be16(b, at + 2, v);
}
void put_text(MutableBytes b, std::size_t at, std::size_t length, std::string_view text) {
  std::fill_n(b.begin() + static_cast<std::ptrdiff_t>(at), length, Byte{' '});
  std::copy_n(text.begin(), std::min(length, text.size()), b.begin() + static_cast<std::ptrdiff_t>(at));
}

class Writer {
 public:
  Writer(cd::Lba first, std::size_t blocks) : first_(first), image_(blocks * kBlock) {}

  MutableBytes block(std::size_t n, std::size_t count = 1) {
    return MutableBytes(image_).subspan(n * kBlock, count * kBlock);
  }
  std::size_t blocks() const { return image_.size() / kBlock; }
  std::uint32_t address(std::size_t block) const {
    return static_cast<std::uint32_t>(first_.value) + static_cast<std::uint32_t>(block);
  }
  ByteVector take() { return std::move(image_); }

  // ECMA-119 clause 9.1; returns the length.
  std::size_t record(MutableBytes b, std::size_t at, std::string_view name, std::size_t extent,
                     std::size_t size, Byte flags) const {
    const std::size_t length = 33 + name.size() + (name.size() % 2 == 0 ? 1 : 0);
    b[at] = static_cast<Byte>(length);
    both_endian_32(b, at + 2, address(extent));
    both_endian_32(b, at + 10, static_cast<std::uint32_t>(size));
    std::copy(kRecordedAt.begin(), kRecordedAt.end(), b.begin() + static_cast<std::ptrdiff_t>(at + 18));
    b[at + 25] = flags;
    both_endian_16(b, at + 28, 1);
    b[at + 32] = static_cast<Byte>(name.size());
    std::copy(name.begin(), name.end(), b.begin() + static_cast<std::ptrdiff_t>(at + 33));
    return length;
  }

  void folder(std::size_t block_number, std::size_t parent, const std::vector<File>& files, bool is_root) {
    using namespace std::string_view_literals;
    const MutableBytes b = block(block_number);
    std::size_t at = record(b, 0, "\0"sv, block_number, kBlock, kFlagFolder);
    at += record(b, at, "\1"sv, parent, kBlock, kFlagFolder);
    if (is_root) at += record(b, at, "DATA", kFolder, kBlock, kFlagFolder);
    for (const File& file : files) {
      if (file.in_folder == !is_root) at += record(b, at, file.name, file.block, file.size, 0);
    }
  }

  std::size_t path_table(std::size_t block_number, void (*put32)(MutableBytes, std::size_t, std::uint32_t),
                         void (*put16)(MutableBytes, std::size_t, std::uint16_t)) {
    const MutableBytes b = block(block_number);
    b[0] = 1;
    put32(b, 2, address(kRootFolder));
    put16(b, 6, 1);
    b[10] = 4;
    put32(b, 12, address(kFolder));
    put16(b, 16, 1);
    put_text(b, 18, 4, "DATA");
    return 22;
  }

  void descriptors(std::string_view volume, std::size_t path_table_size) {
    const MutableBytes b = block(kDescriptor);
    b[0] = 1;
    put_text(b, 1, 5, "CD001");
    b[6] = 1;
    put_text(b, 8, 32, "");
    put_text(b, 40, 32, volume);
    both_endian_32(b, 80, static_cast<std::uint32_t>(blocks()));
    both_endian_16(b, 120, 1);
    both_endian_16(b, 124, 1);
    both_endian_16(b, 128, kBlock);
    both_endian_32(b, 132, static_cast<std::uint32_t>(path_table_size));
    store_le32(b, 140, address(kPathTableLittle));
    store_be32(b, 148, address(kPathTableBig));
    record(b, 156, std::string_view("\0", 1), kRootFolder, kBlock, kFlagFolder);
    put_text(b, 190, 623, "");  // identifiers of set, publisher, preparer, application, files
    for (const std::size_t at : {813U, 830U}) put_text(b, at, 16, "1996061712000000");
    for (const std::size_t at : {847U, 864U}) put_text(b, at, 16, "0000000000000000");
    b[881] = 1;
    const MutableBytes end = block(kTerminator);
    end[0] = 0xFF;
    put_text(end, 1, 5, "CD001");
    end[6] = 1;
  }

 private:
  cd::Lba first_;
  ByteVector image_;
};

std::size_t blocks_of(std::size_t size) { return (size + kBlock - 1) / kBlock; }

void fill_file(MutableBytes out, const File& file) {
  Noise noise(file.size);
  for (std::size_t i = 0; i < file.size; ++i) {
    // Text of lines for the README, numbers for the rest.
    out[i] = file.name.starts_with("README") ? static_cast<Byte>(i % 64 == 63 ? '\n' : 'a' + i % 26)
                                             : static_cast<Byte>(noise.next());
  }
}

}  // namespace

ByteVector iso_filesystem(cd::Lba first, cd::SectorCount sectors, std::string_view volume) {
  const auto total = static_cast<std::size_t>(std::max(0, sectors.value));
  if (total < kSmallest) return ByteVector(total * kBlock);
  Writer writer(first, total);
  std::vector<File> files = {{"README.TXT;1", 3000, false}};
  std::size_t next = kFirstFile;
  files[0].block = next;
  next += blocks_of(files[0].size);
  const std::array<std::size_t, 3> sizes = {1, 30'000, 70'001};
  for (std::size_t i = 0; i < sizes.size() && next + blocks_of(sizes[i]) <= total; ++i) {
    files.push_back({"FILE" + std::to_string(i + 1) + ".BIN;1", sizes[i], true, next});
    next += blocks_of(sizes[i]);
  }
  for (const File& file : files) fill_file(writer.block(file.block, blocks_of(file.size)), file);
  writer.folder(kRootFolder, kRootFolder, files, true);
  writer.folder(kFolder, kRootFolder, files, false);
  writer.path_table(kPathTableLittle, store_le32, store_le16);
  const std::size_t size = writer.path_table(kPathTableBig, store_be32, store_be16);
  writer.descriptors(volume, size);
  return writer.take();
}

}  // namespace binrip::sim
