#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "binrip/image/cue.hpp"
#include "binrip/image/text.hpp"

namespace binrip::image {
namespace {

constexpr std::size_t kTextLimit = 500;  // bytes of one value; a CD-TEXT string has at most 160 characters
// A lead-in is a minute, a pregap two seconds (IEC 60908); what is left of a session gap is lead-out.
constexpr cd::SectorCount kLeadInOfSheet{cd::kSectorsPerMinute};
constexpr cd::SectorCount kPregap{cd::kPregapSectors};

// Fit to stand between quotes, for which CUE sheets know no escape.
std::string quotable(std::string_view text) {
  std::string out;
  for_each_char(as_utf8(text), [&](char32_t code, std::string_view bytes) {
    if (code == '"') {
      out += '\'';
    } else if (is_control(code) || code == 0x2028 || code == 0x2029) {
      out += ' ';
    } else {
      out += bytes;
    }
  });
  return std::string(cut_utf8(out, kTextLimit));
}

std::string_view type_name(CueFileType type) {
  switch (type) {
    case CueFileType::binary:
      return "BINARY";
    case CueFileType::motorola:
      return "MOTOROLA";
    case CueFileType::wave:
      return "WAVE";
  }
  return "BINARY";
}

std::string time(cd::SectorCount n) { return cd::to_string(cd::to_msf(n)); }

class Writer {
 public:
  explicit Writer(const CueSheet& sheet) : sheet_(sheet) {}

  std::string write() {
    for (const std::string& remark : sheet_.remarks) line("REM {}", quotable_remark(remark));
    if (!sheet_.catalog.empty()) line("CATALOG {}", sheet_.catalog);
    if (!sheet_.cdtext_file.empty()) line("CDTEXTFILE \"{}\"", sheet_.cdtext_file);
    texts(sheet_.text, "");
    for (const CueTrack& track : sheet_.tracks) {
      session_change(track.number);
      write_track(track);
    }
    if (!sheet_.sessions.empty()) lead_out(sheet_.sessions.back());
    return std::move(out_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> form, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), form, std::forward<Args>(args)...);
    out_ += '\n';
  }

  // Remarks hold quotes of their own.
  static std::string quotable_remark(std::string_view remark) {
    std::string out(remark);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }, ' ');
    return out;
  }

  void texts(const cd::Text& text, std::string_view indent) {
    text_line(indent, "TITLE", text.title);
    text_line(indent, "PERFORMER", text.performer);
    text_line(indent, "SONGWRITER", text.songwriter);
    text_line(indent, "REM COMPOSER", text.composer);
    text_line(indent, "REM ARRANGER", text.arranger);
    text_line(indent, "REM MESSAGE", text.message);
  }
  void text_line(std::string_view indent, std::string_view key, const std::string& value) {
    if (!value.empty()) line("{}{} \"{}\"", indent, key, quotable(value));
  }

  void lead_out(const CueSession& session) {
    if (session.lead_out) line("REM LEAD-OUT {}", time(*session.lead_out));
  }
  void session_change(int track) {
    const auto& sessions = sheet_.sessions;
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      if (sessions[i].first_track != track) continue;
      if (i > 0) lead_out(sessions[i - 1]);
      line("REM SESSION {:02}", sessions[i].number);
      if (sessions[i].lead_in) line("REM LEAD-IN {}", time(*sessions[i].lead_in));
      if (sessions[i].pregap) line("REM PREGAP {}", time(*sessions[i].pregap));
    }
  }

  void file(std::size_t number) {
    if (files_written_ > number || number >= sheet_.files.size()) return;
    line("FILE \"{}\" {}", sheet_.files[number].name, type_name(sheet_.files[number].type));
    files_written_ = number + 1;
  }

  void write_track(const CueTrack& track) {
    file(track.indexes.empty() ? track.file : track.indexes.front().file);
    line("  TRACK {:02} {}", track.number, track.type);
    texts(track.text, "    ");
    if (!track.isrc.empty()) line("    ISRC {}", track.isrc);
    if (track.dcp || track.four_channel || track.pre_emphasis) {
      line("    FLAGS{}{}{}", track.dcp ? " DCP" : "", track.four_channel ? " 4CH" : "",
           track.pre_emphasis ? " PRE" : "");
    }
    if (track.pregap) line("    PREGAP {}", time(*track.pregap));
    for (const CueIndex& index : track.indexes) {
      file(index.file);
      line("    INDEX {:02} {}", index.number, time(index.offset));
    }
    if (track.postgap) line("    POSTGAP {}", time(*track.postgap));
  }

  const CueSheet& sheet_;
  std::string out_;
  std::size_t files_written_ = 0;
};

std::string_view type_of(cd::TrackMode mode) {
  switch (mode) {
    case cd::TrackMode::audio:
      return "AUDIO";
    case cd::TrackMode::mode1:
      return "MODE1/2352";
    case cd::TrackMode::mode2:
      return "MODE2/2352";
    case cd::TrackMode::cdi:
      return "CDI/2352";
  }
  return "AUDIO";
}

// Indexes of a track by their place in the image. What lies outside the track's own sectors (the pregap of a
// later session's first track) is not in the BIN and so not in the sheet.
std::vector<CueIndex> indexes_of(const cd::TrackRef& track, cd::SectorCount track_offset, std::size_t file) {
  const auto offset = [&](cd::Lba lba) { return track_offset + (lba - track.range.begin); };
  std::vector<CueIndex> result;
  if (track.range.begin < track.track->start()) result.push_back({0, offset(track.range.begin), file});
  for (const cd::Index& index : track.track->indexes) {
    if (index.number > 0 && track.range.contains(index.lba)) {
      result.push_back({index.number, offset(index.lba), file});
    }
  }
  return result;
}

std::vector<CueSession> sessions_of(const cd::Disc& disc) {
  std::vector<CueSession> result;
  if (disc.sessions.size() < 2) return result;
  for (std::size_t i = 0; i < disc.sessions.size(); ++i) {
    const cd::Session& session = disc.sessions[i];
    CueSession out;
    out.number = session.number;
    if (!session.tracks.empty()) out.first_track = session.tracks.front().number;
    if (i > 0) {
      const cd::SectorCount gap = cd::session_range(disc, i).begin - disc.sessions[i - 1].lead_out;
      out.pregap = std::min(kPregap, gap);
      out.lead_in = std::min(kLeadInOfSheet, gap - *out.pregap);
      result.back().lead_out = gap - *out.pregap - *out.lead_in;
    }
    result.push_back(out);
  }
  return result;
}

void add_file(CueSheet& sheet, std::string name) {
  CueFile file;
  file.name = std::move(name);
  sheet.files.push_back(std::move(file));
}

const cd::Text* text_of(const cd::Disc& disc, int track) {
  const auto found = std::find_if(disc.track_texts.begin(), disc.track_texts.end(),
                                  [&](const auto& entry) { return entry.first == track; });
  return found == disc.track_texts.end() ? nullptr : &found->second;
}

}  // namespace

const CueIndex* CueTrack::index(int wanted) const {
  const auto found =
      std::find_if(indexes.begin(), indexes.end(), [&](const CueIndex& i) { return i.number == wanted; });
  return found == indexes.end() ? nullptr : &*found;
}

bool operator==(const CueTrack& a, const CueTrack& b) {
  return a.number == b.number && a.type == b.type && a.indexes == b.indexes && a.pregap == b.pregap &&
         a.postgap == b.postgap && a.dcp == b.dcp && a.four_channel == b.four_channel &&
         a.pre_emphasis == b.pre_emphasis && a.isrc == b.isrc && a.text == b.text && a.file == b.file;
}

bool operator==(const CueSheet& a, const CueSheet& b) {
  return a.catalog == b.catalog && a.cdtext_file == b.cdtext_file && a.text == b.text && a.files == b.files &&
         a.tracks == b.tracks && a.sessions == b.sessions && a.remarks == b.remarks;
}

std::string write_cue(const CueSheet& sheet) { return Writer(sheet).write(); }

std::string split_bin_name(std::string_view stem, int track, int last_track) {
  if (track == 1 && last_track == 1) return fmt::format("{}.bin", stem);
  return fmt::format("{} (Track {:0{}}).bin", stem, track, last_track >= 10 ? 2 : 1);
}

CueSheet cue_of(const cd::Disc& disc, std::string_view stem, BinLayout layout) {
  CueSheet sheet;
  sheet.catalog = disc.mcn;
  sheet.text = disc.text;
  if (!disc.cdtext_packs.empty()) sheet.cdtext_file = fmt::format("{}.cdt", stem);
  sheet.sessions = sessions_of(disc);
  if (layout == BinLayout::single) add_file(sheet, fmt::format("{}.bin", stem));
  const std::vector<cd::TrackRef> tracks = cd::track_ranges(disc);
  cd::SectorCount position{0};
  for (const cd::TrackRef& ref : tracks) {
    if (layout == BinLayout::split) {
      add_file(sheet, split_bin_name(stem, ref.track->number, tracks.back().track->number));
    }
    CueTrack track;
    track.number = ref.track->number;
    track.type = type_of(ref.track->mode);
    track.file = sheet.files.size() - 1;
    track.indexes = indexes_of(ref, layout == BinLayout::single ? position : cd::SectorCount{0}, track.file);
    track.dcp = (ref.track->control & cd::kControlCopyPermitted) != 0;
    // Of a data track these bits mean something else.
    track.four_channel = !ref.track->is_data() && (ref.track->control & cd::kControlFourChannel) != 0;
    track.pre_emphasis = !ref.track->is_data() && (ref.track->control & cd::kControlPreEmphasis) != 0;
    track.isrc = ref.track->isrc;
    if (const cd::Text* text = text_of(disc, track.number)) track.text = *text;
    sheet.tracks.push_back(std::move(track));
    position += ref.range.size();
  }
  return sheet;
}

}  // namespace binrip::image
