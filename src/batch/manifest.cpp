#include "binrip/batch/manifest.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <sys/file.h>

#include "csv.hpp"

#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

constexpr std::string_view kManifestHeader =
    "time,order,barcode,title,volume,drive,disc_id,folder,end,exit_code,verdict";
constexpr std::size_t kManifestColumns = 11;
constexpr std::size_t kLongestField = 1000;  // bytes; a row stays small enough to be written at once

Bytes bytes_of(std::string_view text) { return {reinterpret_cast<const Byte*>(text.data()), text.size()}; }

std::optional<DiscEnd> end_named(std::string_view name) {
  const auto* const found = std::find_if(kAllDiscEnds.begin(), kAllDiscEnds.end(),
                                         [&](DiscEnd end) { return to_string(end) == name; });
  if (found == kAllDiscEnds.end()) return std::nullopt;
  return *found;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [rest, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

std::array<std::string, kManifestColumns> fields_of(const ManifestRow& row) {
  return {row.time,
          row.order,
          row.barcode,
          row.title,
          row.volume,
          row.drive,
          row.disc_id,
          row.folder,
          std::string(to_string(row.end)),
          std::to_string(row.exit_code),
          row.verdict};
}

Result<ManifestRow> parsed_row(const CsvRecord& record, std::string_view name) {
  const auto error = [&](std::string_view what) {
    return fail(ErrorKind::invalid, fmt::format("{}:{}: {}", name, record.line, what));
  };
  const std::vector<std::string>& f = record.fields;
  if (f.size() != kManifestColumns)
    return error(fmt::format("expected {} fields, got {}", kManifestColumns, f.size()));
  const std::optional<DiscEnd> end = end_named(f[8]);
  const auto shown = [](std::string_view text) { return image::visible(image::cut_utf8(text, 40)); };
  if (!end) return error(fmt::format("expected how the disc ended, got \"{}\"", shown(f[8])));
  const std::optional<int> exit_code = number(f[9]);
  if (!exit_code) return error(fmt::format("expected an exit code, got \"{}\"", shown(f[9])));
  return ManifestRow{.time = f[0],
                     .order = f[1],
                     .barcode = f[2],
                     .title = f[3],
                     .volume = f[4],
                     .drive = f[5],
                     .disc_id = f[6],
                     .folder = f[7],
                     .end = *end,
                     .exit_code = *exit_code,
                     .verdict = f[10]};
}

// A row is one line and is written at once after all before it are on the disk. So what a crash can leave is
// a last line without its end, or, where the file grew before its bytes came, zeros in its place.
std::string_view whole_lines(std::string_view text) {
  const std::size_t zero = text.find('\0');
  if (zero != std::string_view::npos &&
      text.find('\n', text.find_last_not_of('\0') + 1) == std::string_view::npos &&
      text.find('\n', zero) == std::string_view::npos) {
    text = text.substr(0, zero);
  }
  const std::size_t end = text.rfind('\n');
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end + 1);
}

Result<void> lock(const File& file) {
  while (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return {};  // a file system without locks
    return fail(ErrorKind::exists, fmt::format("{} is in use", file.path().string()),
                "another binrip batch works on this archive");
  }
  return {};
}

}  // namespace

Result<std::vector<ManifestRow>> parse_manifest(std::string_view text, std::string_view name) {
  TRY(const std::vector<CsvRecord> records, parse_csv(whole_lines(text), name));
  std::vector<ManifestRow> rows;
  for (const CsvRecord& record : records) {
    if (&record != &records.front()) {
      TRY(rows.emplace_back(), parsed_row(record, name));
      continue;
    }
    std::string header = csv_line(record.fields);
    header.pop_back();
    if (header == kManifestHeader) continue;
    return fail(ErrorKind::invalid,
                fmt::format("{}:{}: expected \"{}\", got \"{}\"", name, record.line, kManifestHeader,
                            image::visible(image::cut_utf8(header, 40))));
  }
  return rows;
}

Result<Manifest> Manifest::open(const std::filesystem::path& archive) {
  const std::filesystem::path path = archive / kManifestName;
  TRY(File file, File::open_update(path));
  TRY_VOID(lock(file));
  TRY(const std::string text, read_text(path));
  Manifest manifest(std::move(file));
  TRY(manifest.rows_, parse_manifest(text, path.string()));
  TRY_VOID(manifest.mend(text));
  return manifest;
}

Result<void> Manifest::mend(std::string_view text) {
  const std::string_view whole = whole_lines(text);
  end_ = static_cast<std::int64_t>(whole.size());
  if (whole.size() != text.size()) {
    std::string_view torn = text.substr(whole.size());
    torn = torn.substr(0, torn.find('\0'));
    torn_ = torn.empty() ? std::string("zeros") : image::visible(torn);
    TRY_VOID(file_.truncate(end_));
  }
  if (whole.empty()) {
    const std::string header = std::string(kManifestHeader) + "\n";
    TRY_VOID(file_.write_at(bytes_of(header), 0));
    end_ = static_cast<std::int64_t>(header.size());
  }
  // What another run wrote and could not sync counts from here on.
  TRY_VOID(file_.sync());
  return sync_folder(file_.path().parent_path());
}

Result<void> Manifest::append(ManifestRow row) {
  for (std::string* text : {&row.time, &row.order, &row.barcode, &row.title, &row.volume, &row.drive,
                            &row.disc_id, &row.folder, &row.verdict}) {
    *text = one_line(*text);
    *text = one_line(image::cut_utf8(*text, kLongestField));
  }
  if (std::find(rows_.rbegin(), rows_.rend(), row) != rows_.rend()) return {};
  const std::string line = csv_line(fields_of(row));
  const auto write = [&]() -> Result<void> {
    TRY_VOID(file_.write_at(bytes_of(line), end_));
    return file_.sync();
  };
  if (auto written = write(); !written) {
    static_cast<void>(file_.truncate(end_));
    return written;
  }
  end_ += static_cast<std::int64_t>(line.size());
  rows_.push_back(std::move(row));
  return {};
}

}  // namespace binrip::batch
