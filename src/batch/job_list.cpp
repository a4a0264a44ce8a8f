#include "binrip/batch/job_list.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "csv.hpp"
#include "fold.hpp"

#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

constexpr std::size_t kLargestList = 16U << 20;

struct Column {
  std::string_view name;
  std::string ListEntry::*field;
  enum class Need { must, may } need;
};
constexpr std::array<Column, 5> kListColumns = {{{"order", &ListEntry::order, Column::Need::must},
                                                 {"barcode", &ListEntry::barcode, Column::Need::must},
                                                 {"title", &ListEntry::title, Column::Need::must},
                                                 {"volume", &ListEntry::volume, Column::Need::must},
                                                 {"artist", &ListEntry::artist, Column::Need::may}}};

tl::unexpected<Error> error(std::string_view name, int line, std::string_view what) {
  return fail(ErrorKind::invalid, fmt::format("{}:{}: {}", name, line, what),
              "the first line names the columns: order,barcode,title,volume and perhaps artist");
}

std::string shown_field(std::string_view text) { return image::visible(image::cut_utf8(text, 40)); }

// For each column of the file the field of an entry that it is; null: none.
Result<std::vector<std::string ListEntry::*>> columns_of(const CsvRecord& header, std::string_view name) {
  std::vector<std::string ListEntry::*> columns;
  for (const std::string& written : header.fields) {
    columns.push_back(nullptr);
    for (const Column& column : kListColumns) {
      if (column.name != fold_case(one_line(written))) continue;
      if (std::find(columns.begin(), columns.end(), column.field) != columns.end()) {
        return error(name, header.line, fmt::format("two columns {}", column.name));
      }
      columns.back() = column.field;
    }
  }
  for (const Column& column : kListColumns) {
    if (column.need == Column::Need::may ||
        std::find(columns.begin(), columns.end(), column.field) != columns.end()) {
      continue;
    }
    const bool other_commas =
        columns.size() == 1 && header.fields[0].find_first_of(";\t") != std::string::npos;
    return error(name, header.line,
                 other_commas ? std::string("expected columns divided by commas")
                              : fmt::format("expected a column {}, got \"{}\"", column.name,
                                            shown_field(fmt::format("{}", fmt::join(header.fields, ",")))));
  }
  return columns;
}

}  // namespace

Result<std::vector<ListEntry>> parse_job_list(std::string_view text, std::string_view name) {
  TRY(const std::vector<CsvRecord> records, parse_csv(text, name));
  if (records.empty()) return error(name, 1, "expected a header, got nothing");
  TRY(const auto columns, columns_of(records.front(), name));
  std::vector<ListEntry> entries;
  std::map<std::string, int> lines;  // by order
  for (const CsvRecord& record : std::span(records).subspan(1)) {
    if (record.fields.size() != columns.size()) {
      return error(name, record.line,
                   fmt::format("expected {} fields, got {}", columns.size(), record.fields.size()));
    }
    ListEntry entry{.line = record.line};
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] != nullptr) entry.*columns[i] = one_line(record.fields[i]);
    }
    if (entry.order.empty()) return error(name, record.line, "expected an order, got nothing");
    const auto [other, is_new] = lines.emplace(entry.order, record.line);
    if (!is_new) {
      return error(name, record.line,
                   fmt::format("order {} is in line {} already", shown_field(entry.order), other->second));
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<std::vector<ListEntry>> read_job_list(const std::filesystem::path& path) {
  TRY(const std::string text, read_text(path, kLargestList));
  return parse_job_list(text, path.string());
}

}  // namespace binrip::batch
