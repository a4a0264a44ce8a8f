#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "binrip/image/cue.hpp"
#include "binrip/image/text.hpp"

namespace binrip::image {
namespace {

constexpr int kMaxTrack = 99;
constexpr int kMaxIndex = 99;
constexpr int kMaxSession = 99;

// Every control character counts as one: write_cue turns those in texts and remarks into blanks.
constexpr bool is_blank(char c) { return (c >= 0 && c <= ' ') || c == 0x7F; }

std::string_view trim(std::string_view s) {
  while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_blank(s.back())) s.remove_suffix(1);
  return s;
}

std::string upper(std::string_view s) {
  std::string out(s);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

bool all_digits(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<int> parse_number(std::string_view s, std::size_t max_digits) {
  if (s.empty() || s.size() > max_digits || !all_digits(s)) return std::nullopt;
  int value = 0;
  std::from_chars(s.data(), s.data() + s.size(), value);
  return value;
}

// "mm:ss:ff" as people write it too: one digit may do, minutes may have three.
std::optional<cd::SectorCount> parse_time(std::string_view s) {
  const std::size_t first = s.find(':');
  const std::size_t second = first == s.npos ? s.npos : s.find(':', first + 1);
  if (second == s.npos) return std::nullopt;
  const auto minute = parse_number(s.substr(0, first), 3);
  const auto sec = parse_number(s.substr(first + 1, second - first - 1), 2);
  const auto frame = parse_number(s.substr(second + 1), 2);
  if (!minute || !sec || !frame || *sec >= 60 || *frame >= cd::kSectorsPerSecond) return std::nullopt;
  return cd::to_count({*minute, *sec, *frame});
}

// What follows a command, taken word by word or whole.
class Arguments {
 public:
  explicit Arguments(std::string_view rest) : rest_(trim(rest)) {}

  bool empty() const { return rest_.empty(); }
  std::string_view word() {
    std::size_t end = 0;
    std::string_view result;
    if (!rest_.empty() && rest_.front() == '"') {
      end = std::min(rest_.find('"', 1), rest_.size());
      result = rest_.substr(1, end - 1);
      end = std::min(end + 1, rest_.size());
    } else {
      while (end < rest_.size() && !is_blank(rest_[end])) ++end;
      result = rest_.substr(0, end);
    }
    rest_ = trim(rest_.substr(end));
    return result;
  }
  // The whole rest, without the quotes around it.
  std::string_view text() const {
    std::string_view s = rest_;
    if (!s.empty() && s.front() == '"') {
      s.remove_prefix(1);
      if (const std::size_t last = s.rfind('"'); last != s.npos) s = s.substr(0, last);
    }
    return s;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

class CueParser {
 public:
  explicit CueParser(std::string_view name) : name_(name) {}

  Result<CueSheet> parse(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
      return expected_at(1, "a sheet in UTF-8 or Latin-1", "UTF-16");
    }
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      ++line_;
      TRY_VOID(parse_line(trim(text.substr(0, end))));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return finish();
  }

 private:
  using Command = Result<void> (CueParser::*)(Arguments);
  struct NamedCommand {
    std::string_view name;
    Command run;
  };

  Result<void> parse_line(std::string_view line) {
    if (line.empty()) return {};
    std::size_t end = 0;
    while (end < line.size() && !is_blank(line[end])) ++end;
    const std::string command = upper(line.substr(0, end));
    const Arguments arguments(line.substr(end));
    for (const NamedCommand& known : commands()) {
      if (known.name == command) return (this->*known.run)(arguments);
    }
    if (std::string* text = text_field(command)) return set_text(*text, arguments);
    return expected("a CUE command", line.substr(0, end));
  }

  static std::span<const NamedCommand> commands() {
    // Those that end in `ignore` are CD-TEXT of cdrtools and libcdio that the raw packs tell better.
    static constexpr std::array<NamedCommand, 16> table = {{{"CATALOG", &CueParser::catalog},
                                                            {"CDTEXTFILE", &CueParser::cdtext_file},
                                                            {"FILE", &CueParser::file},
                                                            {"TRACK", &CueParser::track},
                                                            {"INDEX", &CueParser::index},
                                                            {"PREGAP", &CueParser::pregap},
                                                            {"POSTGAP", &CueParser::postgap},
                                                            {"FLAGS", &CueParser::flags},
                                                            {"ISRC", &CueParser::isrc},
                                                            {"REM", &CueParser::remark},
                                                            {"DISC_ID", &CueParser::ignore},
                                                            {"GENRE", &CueParser::ignore},
                                                            {"DATE", &CueParser::ignore},
                                                            {"TOC_INFO", &CueParser::ignore},
                                                            {"TOC_INFO2", &CueParser::ignore},
                                                            {"SIZE_INFO", &CueParser::ignore}}};
    return table;
  }

  tl::unexpected<Error> expected_at(std::size_t line, std::string_view what, std::string_view got) const {
    const std::string shown = got.empty() ? "nothing" : '"' + visible(cut_utf8(got, 60)) + '"';
    return fail(ErrorKind::invalid, fmt::format("{}:{}: expected {}, got {}", name_, line, what, shown));
  }
  tl::unexpected<Error> expected(std::string_view what, std::string_view got) const {
    return expected_at(line_, what, got);
  }

  CueTrack* current_track() { return sheet_.tracks.empty() ? nullptr : &sheet_.tracks.back(); }

  std::string* text_field(std::string_view command) {
    cd::Text& text = sheet_.tracks.empty() ? sheet_.text : sheet_.tracks.back().text;
    if (command == "TITLE") return &text.title;
    if (command == "PERFORMER") return &text.performer;
    if (command == "SONGWRITER") return &text.songwriter;
    if (command == "COMPOSER") return &text.composer;
    if (command == "ARRANGER") return &text.arranger;
    if (command == "MESSAGE") return &text.message;
    return nullptr;
  }
  Result<void> set_text(std::string& field, Arguments arguments) {
    field = as_utf8(arguments.text());
    return {};
  }

  Result<void> ignore(Arguments) { return {}; }

  // Nobody knows what is meant by more.
  Result<void> end_of_line(const Arguments& arguments) const {
    return arguments.empty() ? Result<void>{} : expected("nothing more in this line", arguments.rest());
  }

  Result<void> catalog(Arguments arguments) {
    const std::string_view number = arguments.word();
    if (number.size() != 13 || !all_digits(number)) return expected("CATALOG of 13 digits", number);
    sheet_.catalog = number;
    return end_of_line(arguments);
  }

  Result<void> cdtext_file(Arguments arguments) {
    if (arguments.text().empty()) return expected("a file name", {});
    sheet_.cdtext_file = arguments.text();
    sheet_.cdtext_line = line_;
    return {};
  }

  // FILE "name" TYPE; unquoted names may hold blanks, the type is the last word.
  Result<void> file(Arguments arguments) {
    TRY_VOID(file_is_used());
    std::string_view name = arguments.rest();
    std::size_t end = name.size();
    while (end > 0 && !is_blank(name[end - 1]) && name[end - 1] != '"') --end;
    const std::string_view type = name.substr(end);
    name = trim(name.substr(0, end));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') {
      name = name.substr(1, name.size() - 2);
    } else if (name.starts_with('"') || name.ends_with('"')) {
      return expected("two quotes around the name", name);
    }
    if (name.empty()) return expected("FILE with a name and a type", arguments.rest());
    CueFile file;
    file.name = name;
    file.line = line_;
    const std::string known = upper(type);
    if (known == "BINARY") {
      file.type = CueFileType::binary;
    } else if (known == "MOTOROLA") {
      file.type = CueFileType::motorola;
    } else if (known == "WAVE") {
      file.type = CueFileType::wave;
    } else {
      return expected("file type BINARY, MOTOROLA, or WAVE", type);
    }
    sheet_.files.push_back(std::move(file));
    file_used_ = false;
    return {};
  }

  Result<void> track(Arguments arguments) {
    TRY_VOID(track_is_complete());
    const std::string_view number = arguments.word();
    const auto value = parse_number(number, 3);
    if (!value || *value < 1 || *value > kMaxTrack) return expected("TRACK number 01-99", number);
    // Not always the next one: there are discs whose TOC leaves numbers out.
    if (const CueTrack* previous = current_track(); previous && *value <= previous->number) {
      return expected(fmt::format("TRACK number above {:02}", previous->number), number);
    }
    const std::string_view type = arguments.word();
    CueTrack track;
    track.number = *value;
    track.type = upper(type);
    track.line = line_;
    constexpr std::array<std::string_view, 7> types = {"AUDIO",      "MODE1/2048", "MODE1/2352", "MODE2/2336",
                                                       "MODE2/2352", "CDI/2336",   "CDI/2352"};
    if (std::find(types.begin(), types.end(), track.type) == types.end()) {
      return expected("a track type (AUDIO, MODE1/2352, …)", type);
    }
    TRY_VOID(end_of_line(arguments));
    if (sheet_.files.empty()) return expected("FILE before TRACK", number);
    if (session_begins_ || (sheet_.tracks.empty() && !sheet_.sessions.empty())) {
      sheet_.sessions.back().first_track = track.number;
    }
    session_begins_ = false;
    sheet_.tracks.push_back(std::move(track));
    return {};
  }

  Result<void> index(Arguments arguments) {
    const std::string_view number = arguments.word();
    CueTrack* track = current_track();
    if (!track) return expected("TRACK before INDEX", number);
    const auto value = parse_number(number, 2);
    if (!value || *value > kMaxIndex) return expected("INDEX number 00-99", number);
    if (track->indexes.empty() && *value > 1) return expected("INDEX 00 or 01", number);
    if (!track->indexes.empty() && *value <= track->indexes.back().number) {
      return expected(fmt::format("INDEX above {:02}", track->indexes.back().number), number);
    }
    const std::string_view time = arguments.word();
    const auto offset = parse_time(time);
    if (!offset) return expected("time mm:ss:ff", time);
    TRY_VOID(end_of_line(arguments));
    const CueIndex index{*value, *offset, sheet_.files.size() - 1};
    if (const CueIndex* before = last_index(); before && before->file == index.file) {
      if (index.offset < before->offset) {
        return expected(fmt::format("time from {} on", cd::to_string(cd::to_msf(before->offset))), time);
      }
    }
    track->indexes.push_back(index);
    if (*value == 1) track->file = index.file;
    file_used_ = true;
    return {};
  }
  const CueIndex* last_index() const {
    for (auto track = sheet_.tracks.rbegin(); track != sheet_.tracks.rend(); ++track) {
      if (!track->indexes.empty()) return &track->indexes.back();
    }
    return nullptr;
  }

  Result<void> pregap(Arguments arguments) { return gap(&CueTrack::pregap, "PREGAP", arguments); }
  Result<void> postgap(Arguments arguments) { return gap(&CueTrack::postgap, "POSTGAP", arguments); }
  Result<void> gap(std::optional<cd::SectorCount> CueTrack::*field, std::string_view name,
                   Arguments arguments) {
    const std::string_view time = arguments.word();
    CueTrack* track = current_track();
    if (!track) return expected(fmt::format("TRACK before {}", name), time);
    const auto length = parse_time(time);
    if (!length) return expected("time mm:ss:ff", time);
    track->*field = *length;
    return end_of_line(arguments);
  }

  Result<void> flags(Arguments arguments) {
    CueTrack* track = current_track();
    if (!track) return expected("TRACK before FLAGS", arguments.rest());
    while (!arguments.empty()) {
      const std::string_view flag = arguments.word();
      const std::string known = upper(flag);
      if (known == "DCP") {
        track->dcp = true;
      } else if (known == "4CH") {
        track->four_channel = true;
      } else if (known == "PRE") {
        track->pre_emphasis = true;
      } else if (known != "SCMS" && known != "DATA") {  // neither is in a TOC beyond what the type says
        return expected("flags DCP, 4CH, PRE, or SCMS", flag);
      }
    }
    return {};
  }

  Result<void> isrc(Arguments arguments) {
    const std::string_view given = arguments.word();
    CueTrack* track = current_track();
    if (!track) return expected("TRACK before ISRC", given);
    std::string code = upper(given);
    std::erase(code, '-');
    const bool alphanumeric = std::all_of(
        code.begin(), code.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
    if (code.size() != 12 || !alphanumeric) return expected("ISRC of 12 letters and digits", given);
    track->isrc = code;
    return end_of_line(arguments);
  }

  // A remark that has the form of one of ours is taken as such, any other is kept.
  Result<void> remark(Arguments arguments) {
    const std::string_view whole = arguments.rest();
    const std::string key = upper(arguments.word());
    if (key == "SESSION") {
      const auto number = parse_number(arguments.word(), 2);
      if (number && *number >= 1) return session(*number);
    }
    if (key == "COMPOSER" || key == "ARRANGER" || key == "MESSAGE") {
      return set_text(*text_field(key), arguments);
    }
    if (const auto length = parse_time(arguments.word())) {
      if (sheet_.sessions.empty()) add_session(1);
      CueSession& session = sheet_.sessions.back();
      std::optional<cd::SectorCount>* field = key == "LEAD-OUT"  ? &session.lead_out
                                              : key == "LEAD-IN" ? &session.lead_in
                                              : key == "PREGAP"  ? &session.pregap
                                                                 : nullptr;
      if (field) {
        *field = *length;
        return {};
      }
    }
    if (!whole.empty()) sheet_.remarks.push_back(as_utf8(whole));
    return {};
  }

  Result<void> session(int number) {
    if (sheet_.sessions.empty()) {
      if (number > 1 && !sheet_.tracks.empty()) add_session(1);
    }
    const int last = sheet_.sessions.empty() ? 0 : sheet_.sessions.back().number;
    if (number == last) return {};
    if (number != last + 1 || number > kMaxSession) {
      return expected(fmt::format("REM SESSION {:02}", last + 1), fmt::format("{:02}", number));
    }
    const bool is_empty = session_begins_ || (number > 1 && sheet_.tracks.empty());
    if (is_empty) return expected("TRACK before the next REM SESSION", fmt::format("{:02}", number));
    add_session(number);
    session_begins_ = number > 1 || sheet_.tracks.empty();
    return {};
  }
  void add_session(int number) {
    CueSession session;
    session.number = number;
    session.first_track = sheet_.tracks.empty() ? 1 : sheet_.tracks.front().number;
    sheet_.sessions.push_back(session);
  }

  Result<void> track_is_complete() {
    const CueTrack* track = current_track();
    if (track && !track->index(1)) {
      return expected_at(track->line, fmt::format("INDEX 01 in TRACK {:02}", track->number), {});
    }
    return {};
  }
  Result<void> file_is_used() {
    if (!sheet_.files.empty() && !file_used_) {
      return expected_at(sheet_.files.back().line, "an INDEX in this FILE", {});
    }
    return {};
  }

  Result<CueSheet> finish() {
    if (sheet_.tracks.empty()) return expected("TRACK", {});
    TRY_VOID(track_is_complete());
    TRY_VOID(file_is_used());
    if (session_begins_) {
      return expected(fmt::format("TRACK in session {:02}", sheet_.sessions.back().number), {});
    }
    return std::move(sheet_);
  }

  std::string_view name_;
  std::size_t line_ = 0;
  bool file_used_ = false;       // an INDEX lies in the last FILE
  bool session_begins_ = false;  // REM SESSION stands, its first TRACK not yet
  CueSheet sheet_;
};

}  // namespace

Result<CueSheet> parse_cue(std::string_view text, std::string_view name) {
  return CueParser(name).parse(text);
}

}  // namespace binrip::image
