#include "csv.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class CsvParser {
 public:
  CsvParser(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  Result<std::vector<CsvRecord>> parse() {
    if (!image::is_utf8(text_)) return not_utf8();
    if (const std::size_t at = text_.find('\0'); at != std::string_view::npos) {
      line_ +=
          static_cast<int>(std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
      return error("expected text, got a zero byte");
    }
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    std::vector<CsvRecord> records;
    while (at_ < text_.size()) {
      if (end_line()) continue;
      TRY(records.emplace_back(), record());
    }
    return records;
  }

 private:
  tl::unexpected<Error> error(std::string_view what) const {
    return fail(ErrorKind::invalid, fmt::format("{}:{}: {}", name_, line_, what));
  }
  tl::unexpected<Error> not_utf8() {
    std::size_t begin = 0;
    while (true) {
      const std::size_t end = text_.find('\n', begin);
      if (end == std::string_view::npos || !image::is_utf8(text_.substr(begin, end - begin))) break;
      begin = end + 1;
      ++line_;
    }
    auto failed = error("expected UTF-8, got other bytes");
    failed.value().hint = "save it as \"CSV UTF-8\"";
    return failed;
  }

  // Goes beyond the end of a line if it is here.
  bool end_line() {
    std::size_t length = 0;
    if (text_.substr(at_, 2) == "\r\n") length = 2;
    if (text_.substr(at_, 1) == "\n") length = 1;
    at_ += length;
    line_ += length > 0 ? 1 : 0;
    return length > 0;
  }
  bool at_end_of_line() const {
    return at_ == text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
  }

  Result<CsvRecord> record() {
    CsvRecord record{.line = line_, .begin = at_, .fields = {}};
    while (true) {
      TRY(record.fields.emplace_back(), field());
      if (at_end_of_line()) break;
      ++at_;  // ","
    }
    end_line();
    return record;
  }

  Result<std::string> field() {
    if (text_.substr(at_, 1) == "\"") return quoted();
    const std::size_t begin = at_;
    while (!at_end_of_line() && text_[at_] != ',') {
      if (text_[at_] == '"') return error("a quote inside of a field that does not begin with one");
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  Result<std::string> quoted() {
    const int first_line = line_;
    std::string value;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        if (text_.substr(at_ + 1, 1) != "\"") break;
        ++at_;  // a doubled quote is one
      }
      line_ += text_[at_] == '\n' ? 1 : 0;
      value += text_[at_];
    }
    if (at_ >= text_.size()) {
      line_ = first_line;
      return error("a quote is not closed");
    }
    ++at_;
    if (at_end_of_line() || text_[at_] == ',') return value;
    return error("expected a comma after the closing quote");
  }

  std::string_view text_;
  std::string_view name_;
  std::size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

Result<std::vector<CsvRecord>> parse_csv(std::string_view text, std::string_view name) {
  return CsvParser(text, name).parse();
}

std::string csv_line(std::span<const std::string> fields) {
  std::string line;
  for (const std::string& field : fields) {
    if (&field != &fields.front()) line += ',';
    const bool quote = field.find_first_of(",\"\r\n") != std::string::npos || field.starts_with(' ') ||
                       field.ends_with(' ') || (fields.size() == 1 && field.empty());
    if (!quote) {
      line += field;
      continue;
    }
    line += '"';
    for (const char c : field) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line + '\n';
}

std::string one_line(std::string_view text) {
  std::string line;
  const std::string utf8 = image::as_utf8(text);
  image::for_each_char(utf8, [&](char32_t code, std::string_view bytes) {
    if (image::is_control(code)) {
      line += ' ';
    } else {
      line += bytes;
    }
  });
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return line.substr(begin, line.find_last_not_of(' ') + 1 - begin);
}

}  // namespace binrip::batch
