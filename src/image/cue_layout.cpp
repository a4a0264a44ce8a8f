#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "layout.hpp"

#include "binrip/image/text.hpp"

namespace binrip::image {
namespace {

constexpr std::int64_t kMaxSectors = cd::kLastLba.value + 1;
constexpr int kFirstLeadOut = 6750, kLaterLeadOut = 2250, kLeadIn = 4500;

cd::TrackMode mode_of(std::string_view type) {
  if (type.starts_with("MODE1")) return cd::TrackMode::mode1;
  if (type.starts_with("MODE2")) return cd::TrackMode::mode2;
  if (type.starts_with("CDI")) return cd::TrackMode::cdi;
  return cd::TrackMode::audio;
}

SectorForm form_of(const CueTrack& track, CueFileType file) {
  if (track.type.ends_with("2048")) return SectorForm::mode1_data;
  if (track.type.ends_with("2336")) return SectorForm::mode2_data;
  const bool swapped = file == CueFileType::motorola && track.type == "AUDIO";
  return swapped ? SectorForm::swapped : SectorForm::whole;
}

SectorForm absent_form_of(const CueTrack& track) {
  switch (mode_of(track.type)) {
    case cd::TrackMode::audio:
      return SectorForm::absent_audio;
    case cd::TrackMode::mode1:
      return SectorForm::absent_mode1;
    case cd::TrackMode::mode2:
    case cd::TrackMode::cdi:
      return SectorForm::absent_mode2;
  }
  return SectorForm::absent_audio;
}

// Sectors of one track that lie together in a file, from an INDEX to the next. What stands in a file before
// its first INDEX belongs to that INDEX's track and has no number.
struct Segment {
  std::size_t track = 0;
  std::optional<int> index;
  std::size_t file = 0;
  std::uint64_t offset = 0;
  std::int64_t sectors = 0;
};

class CueLayout {
 public:
  CueLayout(const CueSheet& sheet, const std::vector<std::uint64_t>& sizes, std::string_view name)
      : sheet_(sheet), sizes_(sizes), name_(name) {}

  Result<Layout> lay_out() {
    TRY_VOID(find_segments());
    TRY_VOID(place_tracks());
    add_texts();
    return std::move(layout_);
  }

 private:
  struct Mark {
    std::size_t track;
    CueIndex index;
  };

  template <class... Args>
  tl::unexpected<Error> error(std::size_t line, fmt::format_string<Args...> form, Args&&... args) const {
    return fail(ErrorKind::invalid,
                fmt::format("{}:{}: {}", name_, line, fmt::format(form, std::forward<Args>(args)...)));
  }

  // ---- first: what lies where in the files ----

  Result<void> find_segments() {
    std::vector<Mark> marks;
    for (std::size_t t = 0; t < sheet_.tracks.size(); ++t) {
      for (const CueIndex& index : sheet_.tracks[t].indexes) marks.push_back({t, index});
    }
    gap_in_file_.assign(sheet_.sessions.size(), std::nullopt);
    std::uint64_t position = 0;  // in the file, in bytes
    for (std::size_t m = 0; m < marks.size(); ++m) {
      const Mark& mark = marks[m];
      const Mark* next =
          m + 1 < marks.size() && marks[m + 1].index.file == mark.index.file ? &marks[m + 1] : nullptr;
      const bool begins_file = m == 0 || marks[m - 1].index.file != mark.index.file;
      if (begins_file) position = 0;
      const std::int64_t before = begins_file ? mark.index.offset.value : 0;
      const std::uint64_t size = stored_size(form_of(sheet_.tracks[mark.track], file_type(mark)));
      if (before > 0) {
        segments_.push_back({mark.track, std::nullopt, mark.index.file, position, before});
        position += static_cast<std::uint64_t>(before) * size;
      }
      TRY(const std::int64_t sectors, length(mark, next, position, size));
      const std::int64_t gap = next ? gap_before(mark, *next) : 0;
      segments_.push_back({mark.track, mark.index.number, mark.index.file, position, sectors - gap});
      position += static_cast<std::uint64_t>(sectors) * size;
    }
    return {};
  }

  CueFileType file_type(const Mark& mark) const { return sheet_.files[mark.index.file].type; }

  // To the next INDEX in the same file, or to the file's end.
  Result<std::int64_t> length(const Mark& mark, const Mark* next, std::uint64_t position,
                              std::uint64_t size) const {
    const CueFile& file = sheet_.files[mark.index.file];
    const std::uint64_t have = sizes_[mark.index.file];
    const std::string shown = visible(file.name);
    if (next) {
      const std::int64_t sectors = (next->index.offset - mark.index.offset).value;
      const std::uint64_t end = position + static_cast<std::uint64_t>(sectors) * size;
      if (end > have)
        return error(file.line, "expected at least {} bytes in \"{}\", got {}", end, shown, have);
      return sectors;
    }
    if (position > have) {
      return error(file.line, "expected at least {} bytes in \"{}\", got {}", position, shown, have);
    }
    const std::uint64_t rest = have - position;
    if (rest % size != 0) {
      return error(file.line,
                   "expected whole sectors of {} bytes in \"{}\" from TRACK {:02} on, got {} bytes", size,
                   shown, sheet_.tracks[mark.track].number, rest);
    }
    if (rest / size > static_cast<std::uint64_t>(kMaxSectors)) {
      return error(file.line, "expected at most {} sectors in \"{}\", got {}", kMaxSectors, shown,
                   rest / size);
    }
    return static_cast<std::int64_t>(rest / size);
  }

  // Sheets that give no REM LEAD-IN may have the gap between two sessions in the file: REM LEAD-OUT is then
  // where it begins there. How many sectors of it follow `mark`.
  std::int64_t gap_before(const Mark& mark, const Mark& next) {
    const std::size_t s = session_of(next.track);
    if (s == 0 || s == session_of(mark.track)) return 0;
    const auto& ending = sheet_.sessions[s - 1];
    const auto& beginning = sheet_.sessions[s];
    if (!ending.lead_out || beginning.lead_in || beginning.pregap) return 0;
    if (*ending.lead_out <= mark.index.offset || *ending.lead_out > next.index.offset) return 0;
    const std::int64_t gap = (next.index.offset - *ending.lead_out).value;
    gap_in_file_[s] = gap;
    return gap;
  }

  // ---- second: which addresses that gives ----

  std::size_t session_of(std::size_t track) const {
    std::size_t result = 0;
    for (std::size_t s = 1; s < sheet_.sessions.size(); ++s) {
      if (sheet_.tracks[track].number >= sheet_.sessions[s].first_track) result = s;
    }
    return result;
  }
  bool begins_session(std::size_t track) const {
    return track == 0 || session_of(track) != session_of(track - 1);
  }

  Result<void> place_tracks() {
    auto segment = segments_.begin();
    for (std::size_t t = 0; t < sheet_.tracks.size(); ++t) {
      const auto end = std::find_if(segment, segments_.end(), [&](const Segment& s) { return s.track != t; });
      const std::span<const Segment> own(segment, end);
      if (begins_session(t)) TRY_VOID(begin_session(t, own));
      TRY_VOID(place_track(t, own));
      segment = end;
    }
    layout_.disc.sessions.back().lead_out = cd::Lba{static_cast<std::int32_t>(cursor_)};
    return {};
  }

  Result<void> begin_session(std::size_t t, std::span<const Segment> segments) {
    const std::size_t s = session_of(t);
    if (t > 0) {
      layout_.disc.sessions.back().lead_out = cd::Lba{static_cast<std::int32_t>(cursor_)};
      std::int64_t in_file = 0;  // of its pregap
      for (const Segment& segment : segments) {
        if (segment.index && *segment.index > 0) break;
        in_file += segment.sectors;
      }
      const std::int64_t gap = gap_in_file_[s] ? *gap_in_file_[s] : gap_length(s) - in_file;
      if (gap < 0) {
        return error(sheet_.tracks[t].line,
                     "expected a pregap of at most {} sectors before TRACK {:02}, got {}", gap_length(s),
                     sheet_.tracks[t].number, in_file);
      }
      TRY_VOID(advance(t, gap));
    }
    cd::Session session;
    session.number = static_cast<Byte>(s + 1);
    layout_.disc.sessions.push_back(std::move(session));
    return {};
  }
  // From the lead-out of the session before to INDEX 01.
  std::int64_t gap_length(std::size_t s) const {
    const cd::SectorCount lead_out{s == 1 ? kFirstLeadOut : kLaterLeadOut};
    const CueSession& session = sheet_.sessions[s];
    return std::int64_t{sheet_.sessions[s - 1].lead_out.value_or(lead_out).value} +
           session.lead_in.value_or(cd::SectorCount{kLeadIn}).value +
           session.pregap.value_or(cd::SectorCount{cd::kPregapSectors}).value;
  }

  Result<void> place_track(std::size_t t, std::span<const Segment> segments) {
    const CueTrack& from = sheet_.tracks[t];
    cd::Track track;
    track.number = static_cast<Byte>(from.number);
    track.mode = mode_of(from.type);
    track.control = static_cast<Byte>((track.is_data() ? cd::kControlData : 0) |
                                      (from.dcp ? cd::kControlCopyPermitted : 0) |
                                      (from.four_channel ? cd::kControlFourChannel : 0) |
                                      (from.pre_emphasis ? cd::kControlPreEmphasis : 0));
    if (cd::is_valid_isrc(from.isrc)) track.isrc = from.isrc;

    const std::int64_t begin = cursor_;
    std::int64_t start = cursor_;
    TRY_VOID(add_absent(t, absent_pregap(t)));
    for (const Segment& segment : segments) {
      if (segment.index && *segment.index > 0) {
        if (*segment.index == 1) start = cursor_;
        if (*segment.index == 1 && start > begin) track.indexes.push_back({0, lba(begin)});
        track.indexes.push_back({static_cast<Byte>(*segment.index), lba(cursor_)});
      }
      const SectorForm form = form_of(from, sheet_.files[segment.file].type);
      TRY_VOID(add_extent(t, {{}, form, segment.file, segment.offset}, segment.sectors));
    }
    if (cursor_ == start) {
      return error(from.line, "expected sectors in TRACK {:02}, got none", from.number);
    }
    TRY_VOID(add_absent(t, from.postgap.value_or(cd::SectorCount{0}).value));
    cd::Session& session = layout_.disc.sessions.back();
    if (track.mode == cd::TrackMode::cdi) session.type = cd::DiscType::cd_i;
    if (track.mode == cd::TrackMode::mode2) session.type = cd::DiscType::cd_xa;
    session.tracks.push_back(std::move(track));
    return {};
  }

  std::int64_t absent_pregap(std::size_t t) const {
    const std::int64_t pregap = sheet_.tracks[t].pregap.value_or(cd::SectorCount{0}).value;
    return begins_session(t) ? std::max<std::int64_t>(0, pregap - cd::kPregapSectors) : pregap;
  }

  static cd::Lba lba(std::int64_t value) { return {static_cast<std::int32_t>(value)}; }

  Result<void> advance(std::size_t t, std::int64_t sectors) {
    cursor_ += sectors;
    if (cursor_ <= kMaxSectors) return {};
    return error(sheet_.tracks[t].line, "expected at most {} sectors on the disc, got {} by TRACK {:02}",
                 kMaxSectors, cursor_, sheet_.tracks[t].number);
  }
  Result<void> add_extent(std::size_t t, Extent extent, std::int64_t sectors) {
    if (sectors == 0) return {};
    extent.range.begin = lba(cursor_);
    TRY_VOID(advance(t, sectors));
    extent.range.end = lba(cursor_);
    layout_.extents.push_back(extent);
    return {};
  }
  Result<void> add_absent(std::size_t t, std::int64_t sectors) {
    return add_extent(t, {{}, absent_form_of(sheet_.tracks[t]), 0, 0}, sectors);
  }

  void add_texts() {
    cd::Disc& disc = layout_.disc;
    if (cd::is_valid_mcn(sheet_.catalog)) disc.mcn = sheet_.catalog;
    disc.text = sheet_.text;
    for (const CueTrack& track : sheet_.tracks) {
      if (!track.text.empty()) disc.track_texts.emplace_back(static_cast<Byte>(track.number), track.text);
    }
  }

  const CueSheet& sheet_;
  const std::vector<std::uint64_t>& sizes_;
  std::string_view name_;
  std::vector<Segment> segments_;
  std::vector<std::optional<std::int64_t>> gap_in_file_;  // before each session, where the file has it
  std::int64_t cursor_ = 0;                               // the next sector's LBA
  Layout layout_;
};

}  // namespace

Result<Layout> lay_out_cue(const CueSheet& sheet, const std::vector<std::uint64_t>& sizes,
                           std::string_view name) {
  return CueLayout(sheet, sizes, name).lay_out();
}

}  // namespace binrip::image
