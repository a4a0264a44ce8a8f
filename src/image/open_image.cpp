#include <array>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

#include "file_image.hpp"

#include "binrip/cd/cdtext.hpp"
#include "binrip/image/text.hpp"

namespace binrip::image {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSheetLimit = 4U << 20;
constexpr std::size_t kCdTextLimit = 2048 * cd::kCdTextPackSize + 1;  // 8 blocks of 256 packs, and a NUL

// Only regular files: opening a FIFO would wait for its writer.
Result<File> open_regular(const fs::path& path) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return fail(ErrorKind::invalid, fmt::format("{} is not a regular file", path.string()));
  }
  return File::open_read(path);
}

// A sheet may come from anywhere: the files that it names must lie beside it or in folders below.
Result<fs::path> resolve(const fs::path& sheet, std::size_t line, const std::string& name) {
  const fs::path path(name);
  bool inside = !name.empty() && path.is_relative() && name.find('\0') == name.npos;
  for (const fs::path& part : path) inside = inside && part != "..";
  if (!inside) {
    return fail(ErrorKind::invalid,
                fmt::format("{}:{}: expected a file in the folder of the sheet, got \"{}\"", sheet.string(),
                            line, visible(name)));
  }
  const fs::path as_named = sheet.parent_path() / path;
  const fs::path as_text = sheet.parent_path() / as_utf8(name);
  std::error_code ignored;
  return !fs::exists(as_named, ignored) && fs::exists(as_text, ignored) ? as_text : as_named;
}

Result<Payload> open_binary(const fs::path& path) {
  TRY(File file, open_regular(path));
  TRY(const std::int64_t size, file.size());
  return Payload{std::move(file), 0, static_cast<std::uint64_t>(size)};
}

tl::unexpected<Error> bad_wave(const fs::path& path, std::string_view what) {
  return fail(ErrorKind::invalid, fmt::format("{}: expected {}", path.string(), what),
              "only WAVE files of 44,100 Hz, 16 bits, stereo, PCM can be on a CD");
}

// RIFF: chunks of a name, a length, and as many bytes, padded to even.
Result<Payload> open_wave(const fs::path& path) {
  TRY(Payload payload, open_binary(path));
  std::array<Byte, 16> bytes{};
  const auto read = [&](std::uint64_t offset, std::size_t count) -> Result<bool> {
    TRY(const std::size_t got,
        payload.file.read_at(MutableBytes(bytes).first(count), static_cast<std::int64_t>(offset)));
    return got == count;
  };
  const auto is = [&](std::size_t at, const char* name) { return std::memcmp(&bytes[at], name, 4) == 0; };
  TRY(const bool has_head, read(0, 12));
  if (!has_head || !is(0, "RIFF") || !is(8, "WAVE")) return bad_wave(path, "a RIFF WAVE file");
  bool format_right = false;
  for (std::uint64_t at = 12; at + 8 <= payload.size;) {
    TRY(const bool has_chunk, read(at, 8));
    if (!has_chunk) break;
    const std::uint64_t length = load_le32(bytes, 4);
    const std::uint64_t begin = at + 8;
    if (is(0, "data")) {
      if (!format_right) return bad_wave(path, "44100 Hz, 16 bits, stereo, PCM before the samples");
      if (length > payload.size - begin) return bad_wave(path, fmt::format("{} bytes of samples", length));
      payload.begin = begin;
      payload.size = length;
      return payload;
    }
    if (is(0, "fmt ")) {
      TRY(const bool has_format, read(begin, 16));
      const auto tag = load_le16(bytes);
      format_right = has_format && length >= 16 && (tag == 0x0001 || tag == 0xFFFE) &&
                     load_le16(bytes, 2) == 2 && load_le32(bytes, 4) == 44'100 && load_le16(bytes, 14) == 16;
    }
    at = begin + length + (length & 1);
  }
  return bad_wave(path, "a data chunk");
}

// The subchannel beside the sheet, when it has a record for each sector of the image.
Result<std::optional<File>> open_sub(const fs::path& sheet, const cd::Disc& disc) {
  fs::path path = sheet;
  path.replace_extension(".sub");
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return std::nullopt;
  TRY(File file, File::open_read(path));
  TRY(const std::int64_t size, file.size());
  if (size != std::int64_t{cd::image_size(disc).value} * std::int64_t{cd::kSubSize}) return std::nullopt;
  return file;
}

Result<ByteVector> read_cdtext(const fs::path& path) {
  TRY(const File file, open_regular(path));
  ByteVector packs(kCdTextLimit + 1);
  TRY(const std::size_t size, file.read_at(packs, 0));
  packs.resize(size);
  if (size % cd::kCdTextPackSize == 1 && packs.back() == 0) packs.pop_back();
  if (size > kCdTextLimit || packs.size() % cd::kCdTextPackSize != 0) {
    return fail(ErrorKind::invalid, fmt::format("{}: expected CD-TEXT packs of 18 bytes, got {}{} bytes",
                                                path.string(), size > kCdTextLimit ? "more than " : "",
                                                size > kCdTextLimit ? kCdTextLimit : size));
  }
  return packs;
}

// Texts in the sheet win over those in the packs.
void decode_texts(cd::Disc& disc) {
  if (disc.cdtext_packs.empty() || !disc.text.empty() || !disc.track_texts.empty()) return;
  cd::apply_cdtext(cd::decode_cdtext(disc.cdtext_packs), disc);
}

Result<std::unique_ptr<DiscImage>> open_cue(const fs::path& path, std::string_view text) {
  TRY(const CueSheet sheet, parse_cue(text, path.string()));
  std::vector<Payload> files;
  std::vector<std::uint64_t> sizes;
  for (const CueFile& file : sheet.files) {
    TRY(const fs::path file_path, resolve(path, file.line, file.name));
    TRY(Payload payload, file.type == CueFileType::wave ? open_wave(file_path) : open_binary(file_path));
    sizes.push_back(payload.size);
    files.push_back(std::move(payload));
  }
  TRY(Layout layout, lay_out_cue(sheet, sizes, path.string()));
  if (!sheet.cdtext_file.empty()) {
    TRY(const fs::path packs, resolve(path, sheet.cdtext_line, sheet.cdtext_file));
    TRY(layout.disc.cdtext_packs, read_cdtext(packs));
  }
  decode_texts(layout.disc);
  TRY(std::optional<File> sub, open_sub(path, layout.disc));
  return std::make_unique<FileImage>(std::move(layout), std::move(files), std::move(sub));
}

Result<std::unique_ptr<DiscImage>> open_ccd(const fs::path& path, std::string_view text) {
  TRY(const CcdSheet sheet, parse_ccd(text, path.string()));
  fs::path img = path;
  img.replace_extension(".img");
  std::vector<Payload> files;
  TRY(Payload payload, open_binary(img));
  TRY(Layout layout, lay_out_ccd(sheet, payload.size, path.string()));
  files.push_back(std::move(payload));
  decode_texts(layout.disc);
  TRY(std::optional<File> sub, open_sub(path, layout.disc));
  return std::make_unique<FileImage>(std::move(layout), std::move(files), std::move(sub));
}

}  // namespace

Result<std::unique_ptr<DiscImage>> open_image(const std::string& path) {
  const fs::path sheet(path);
  std::string extension = sheet.extension().string();
  for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (extension != ".cue" && extension != ".ccd") {
    return fail(ErrorKind::usage, fmt::format("{} is neither a .cue nor a .ccd", path));
  }
  TRY_VOID(open_regular(sheet));
  TRY(const std::string text, read_text(sheet, kSheetLimit));
  return extension == ".cue" ? open_cue(sheet, text) : open_ccd(sheet, text);
}

}  // namespace binrip::image
