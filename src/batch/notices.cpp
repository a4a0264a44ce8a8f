#include "binrip/batch/notices.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

constexpr std::chrono::minutes kTellAgain{10};
constexpr std::size_t kMaxNoticeBytes = 500;  // bytes of a text

// One line that any program can be given as an argument.
std::string plain(std::string_view text) {
  std::string line;
  image::for_each_char(image::as_utf8(text), [&](char32_t code, std::string_view bytes) {
    line += image::is_control(code) ? std::string_view(" ") : bytes;
  });
  return std::string(image::cut_utf8(line, kMaxNoticeBytes));
}

const DriveView* find_drive(const StationView& view, const std::string& id) {
  const auto found =
      std::find_if(view.drives.begin(), view.drives.end(), [&](const DriveView& d) { return d.id == id; });
  return found == view.drives.end() ? nullptr : &*found;
}

bool holds_its_disc(const DriveView& drive) {
  switch (drive.stage) {
    case DriveStage::ripping:
    case DriveStage::verifying:
    case DriveStage::publishing:
    case DriveStage::ejecting:
      return true;
    default:
      return false;
  }
}

Notice notice_of(const FinishedDisc& disc, const StationView& view) {
  const DriveView* const drive = find_drive(view, disc.drive_id);
  std::string place = drive == nullptr || drive->node.empty() ? disc.drive_id : drive->node;
  const std::string name = disc.disc.empty() ? "a disc that was not identified" : disc.disc;
  const std::string end(to_string(disc.end));
  Notice notice{.kind = NoticeKind::disc_out,
                .title = plain(fmt::format("{}: {}", place, end)),
                .text = plain(disc.verdict.empty() ? name : fmt::format("{}: {}", name, disc.verdict)),
                .drive = plain(place),
                .disc = plain(disc.disc),
                .end = end,
                .folder = plain(disc.folder)};
  return notice;
}

}  // namespace

std::string_view to_string(NoticeKind kind) {
  return kind == NoticeKind::disc_out ? "disc_out" : "needs_a_hand";
}

std::vector<Notice> NoticeWriter::update(const StationView& now, Clock::time_point time) {
  const StationChanges changes = changes_between(before_, now);
  std::vector<Notice> notices;
  held_.insert(held_.end(), changes.finished.begin(), changes.finished.end());
  std::vector<FinishedDisc> still_held;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    const DriveView* const drive = find_drive(now, held_[i].drive_id);
    // A drive that has finished another one since has let go of this one.
    const bool another_since =
        std::any_of(held_.begin() + static_cast<std::ptrdiff_t>(i) + 1, held_.end(),
                    [&](const FinishedDisc& other) { return other.drive_id == held_[i].drive_id; });
    if (drive != nullptr && holds_its_disc(*drive) && !another_since) {
      still_held.push_back(held_[i]);
    } else {
      notices.push_back(notice_of(held_[i], now));
    }
  }
  held_ = std::move(still_held);
  for (const std::string& need : changes.needs) {
    if (!is_to_be_told(need, time)) continue;
    notices.push_back({.kind = NoticeKind::needs_a_hand,
                       .title = "needs a hand",
                       .text = plain(need),
                       .drive = {},
                       .disc = {},
                       .end = {},
                       .folder = {}});
  }
  before_ = now;
  return notices;
}

bool NoticeWriter::is_to_be_told(const std::string& need, Clock::time_point time) {
  std::erase_if(told_, [&](const auto& entry) { return time - entry.second >= kTellAgain; });
  return told_.insert({need, time}).second;
}

}  // namespace binrip::batch
