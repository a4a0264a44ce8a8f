// Where a DAT comes from: a file, a file in a .zip, or memory.
#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>
#include <zip.h>

#include "dat_parser.hpp"

#include "binrip/base/file.hpp"

namespace binrip::verify {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = 64U << 10;
constexpr zip_int64_t kMaxZipEntries = 10'000;

struct CloseZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using ZipPointer = std::unique_ptr<zip_t, CloseZip>;
using ZipFilePointer = std::unique_ptr<zip_file_t, CloseZip>;

// The last part of a name in an archive, as it can be shown.
std::string shown_name(std::string_view name) {
  if (const std::size_t slash = name.rfind('/'); slash != name.npos) name.remove_prefix(slash + 1);
  constexpr std::size_t kMost = 200;
  std::string text(name.substr(0, kMost));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; },
      '?');
  return text;
}

bool is_dat(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos) return false;
  std::string extension(name.substr(dot));
  for (char& c : extension) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return extension == ".dat" || extension == ".xml";
}

class ZipReader {
 public:
  ZipReader(const fs::path& path, const DatSink& sink, const std::stop_token& stop, std::uint64_t limit)
      : path_(path), sink_(sink), stop_(stop), limit_(limit) {}

  Result<DatHeader> read() {
    int problem = 0;
    archive_.reset(zip_open(path_.c_str(), ZIP_RDONLY, &problem));
    if (!archive_) {
      zip_error_t error;
      zip_error_init_with_code(&error, problem);
      const std::string words = zip_error_strerror(&error);
      zip_error_fini(&error);
      return fail(ErrorKind::invalid,
                  fmt::format("{}: expected a zip archive, got: {}", path_.string(), words));
    }
    const zip_int64_t entries = zip_get_num_entries(archive_.get(), 0);
    if (entries > kMaxZipEntries) {
      return fail(ErrorKind::invalid, fmt::format("{}: expected at most {} files in it, got {}",
                                                  path_.string(), kMaxZipEntries, entries));
    }
    for (zip_int64_t i = 0; i < entries; ++i) {
      const char* name = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
      if (name != nullptr && is_dat(name))
        TRY_VOID(read_entry(static_cast<zip_uint64_t>(i), shown_name(name)));
    }
    if (read_ == 0) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}: expected a *.dat or *.xml in it, got none", path_.string()));
    }
    return std::move(header_);
  }

 private:
  Result<void> read_entry(zip_uint64_t index, const std::string& name) {
    const std::string full_name = fmt::format("{}: {}", path_.string(), name);
    const ZipFilePointer file(zip_fopen_index(archive_.get(), index, 0));
    if (!file) {
      return fail(ErrorKind::invalid, fmt::format("{}: {}", full_name, zip_strerror(archive_.get())));
    }
    DatParser parser(full_name, sink_);
    std::array<char, kPiece> buffer;
    for (;;) {
      if (stop_.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
      const zip_int64_t got = zip_fread(file.get(), buffer.data(), buffer.size());
      if (got < 0)
        return fail(ErrorKind::invalid, fmt::format("{}: {}", full_name, zip_file_strerror(file.get())));
      if (got == 0) break;
      unpacked_ += static_cast<std::uint64_t>(got);
      if (unpacked_ > limit_) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}: expected at most {} MiB unpacked, got more", full_name, limit_ >> 20));
      }
      TRY_VOID(parser.feed({buffer.data(), static_cast<std::size_t>(got)}));
    }
    TRY(DatHeader header, parser.finish());
    if (++read_ == 1) header_ = std::move(header);
    return {};
  }

  const fs::path& path_;
  const DatSink& sink_;
  const std::stop_token& stop_;
  std::uint64_t limit_;
  ZipPointer archive_;
  DatHeader header_;  // of the first
  int read_ = 0;
  std::uint64_t unpacked_ = 0;
};

}  // namespace

Result<DatHeader> read_zipped_dat(const fs::path& path, const DatSink& sink, const std::stop_token& stop,
                                  std::uint64_t limit) {
  return ZipReader(path, sink, stop, limit).read();
}

Result<DatHeader> parse_dat(std::string_view text, std::string_view name, const DatSink& sink) {
  DatParser parser{std::string(name), sink};
  TRY_VOID(parser.feed(text));
  return parser.finish();
}

Result<DatHeader> read_dat(const fs::path& path, const DatSink& sink, const std::stop_token& stop) {
  std::error_code ignored;
  if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored)) {
    return fail(ErrorKind::invalid, fmt::format("{}: expected a regular file", path.string()));
  }
  TRY(const File file, File::open_read(path));
  ByteVector buffer(kPiece);
  TRY(std::size_t got, file.read_at(buffer, 0));
  const auto piece = [&] { return std::string_view(reinterpret_cast<const char*>(buffer.data()), got); };
  if (piece().starts_with("PK")) return read_zipped_dat(path, sink, stop);
  DatParser parser(path.string(), sink);
  for (std::int64_t at = 0; got > 0;) {
    if (stop.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
    TRY_VOID(parser.feed(piece()));
    at += static_cast<std::int64_t>(got);
    TRY(got, file.read_at(buffer, at));
  }
  return parser.finish();
}

}  // namespace binrip::verify
