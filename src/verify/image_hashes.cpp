#include "binrip/verify/image_hashes.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "background_hasher.hpp"

#include "binrip/base/file.hpp"

namespace binrip::verify {
namespace {

constexpr std::size_t kHashBlock = std::size_t{1} << 20;

// Reads `size` bytes from `offset` on and hands them out block by block. The file must hold them.
template <class Consume>
Result<void> for_each_block(const File& file, std::uint64_t offset, std::uint64_t size, MutableBytes buffer,
                            const std::stop_token& stop, Consume consume) {
  while (size > 0) {
    if (stop.stop_requested()) return fail(ErrorKind::cancelled, "hashing was stopped");
    const MutableBytes wanted =
        buffer.first(static_cast<std::size_t>(std::min<std::uint64_t>(size, buffer.size())));
    TRY(const std::size_t got, file.read_at(wanted, static_cast<std::int64_t>(offset)));
    if (got != wanted.size()) {
      return fail(ErrorKind::io, fmt::format("{} became shorter while it was read", file.path().string()));
    }
    consume(Bytes(wanted));
    offset += got;
    size -= got;
  }
  return {};
}

// One track is the whole image: no byte of it is hashed twice.
Result<ImageDigests> hash_only_track(const std::filesystem::path& bin, const std::stop_token& stop) {
  TRY(Digests digests, hash_file(bin, stop));
  ImageDigests image;
  image.tracks = {digests};
  image.whole = std::move(digests);
  return image;
}

// Digests of consecutive pieces and of all of them together: of these CRC-32 and SHA-256, since MD5 and SHA-1
// of bytes that have theirs in pieces would tell nothing more, and MD5 takes longer than all the others.
class PiecewiseHasher {
 public:
  Result<void> add_piece(const File& file, std::uint64_t offset, std::uint64_t size,
                         const std::stop_token& stop) {
    Hasher piece;
    TRY_VOID(for_each_block(file, offset, size, buffer_, stop, [&](Bytes block) {
      whole_.start(block);
      piece.update(block);
      whole_.wait();
    }));
    digests_.tracks.push_back(piece.finish());
    return {};
  }
  ImageDigests finish() {
    digests_.whole = whole_.finish();
    return std::move(digests_);
  }

 private:
  ByteVector buffer_ = ByteVector(kHashBlock);
  BackgroundHasher whole_{DigestSet::crc32_and_sha256};
  ImageDigests digests_;
};

}  // namespace

Result<Digests> hash_file(const std::filesystem::path& path, std::stop_token stop) {
  TRY(const File file, File::open_read(path));
  TRY(const std::int64_t size, file.size());
  ByteVector buffer(kHashBlock);
  Hasher hasher;
  TRY_VOID(for_each_block(file, 0, static_cast<std::uint64_t>(size), buffer, stop,
                          [&](Bytes block) { hasher.update(block); }));
  return hasher.finish();
}

Result<ImageDigests> hash_image(const std::filesystem::path& bin, std::span<const std::uint64_t> track_sizes,
                                std::stop_token stop) {
  TRY(const File file, File::open_read(bin));
  TRY(const std::int64_t size, file.size());
  const auto sum = std::accumulate(track_sizes.begin(), track_sizes.end(), std::uint64_t{0});
  if (static_cast<std::uint64_t>(size) != sum) {
    return fail(ErrorKind::invalid, fmt::format("{}: expected {} bytes, got {}", bin.string(), sum, size));
  }
  if (track_sizes.size() == 1) return hash_only_track(bin, stop);
  PiecewiseHasher hasher;
  std::uint64_t offset = 0;
  for (const std::uint64_t piece : track_sizes) {
    TRY_VOID(hasher.add_piece(file, offset, piece, stop));
    offset += piece;
  }
  return hasher.finish();
}

Result<ImageDigests> hash_split_image(std::span<const std::filesystem::path> bins, std::stop_token stop) {
  if (bins.size() == 1) return hash_only_track(bins.front(), stop);
  PiecewiseHasher hasher;
  for (const std::filesystem::path& bin : bins) {
    TRY(const File file, File::open_read(bin));
    TRY(const std::int64_t size, file.size());
    TRY_VOID(hasher.add_piece(file, 0, static_cast<std::uint64_t>(size), stop));
  }
  return hasher.finish();
}

}  // namespace binrip::verify
