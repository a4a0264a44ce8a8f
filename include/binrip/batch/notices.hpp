// What a person is told who does not look: that a disc may be taken out, and that something needs a hand.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/batch/station_changes.hpp"
#include "binrip/batch/view_board.hpp"

namespace binrip::batch {

enum class NoticeKind { disc_out, needs_a_hand };
std::string_view to_string(NoticeKind kind);  // "disc_out"

struct Notice {
  NoticeKind kind = NoticeKind::disc_out;
  std::string title, text;               // one line each, without control characters
  std::string drive, disc, end, folder;  // of a disc that is out: DriveView::node or id, FinishedDisc's
  friend bool operator==(const Notice&, const Notice&) = default;
};

// Which notices follow from the views of a station, as they come by. A disc is told once its drive no longer
// holds it fast; a need once, and again only when it had gone and ten minutes have passed.
class NoticeWriter {
 public:
  using Clock = std::chrono::steady_clock;
  std::vector<Notice> update(const StationView& now, Clock::time_point time);

 private:
  bool is_to_be_told(const std::string& need, Clock::time_point time);

  StationView before_;
  std::vector<FinishedDisc> held_;  // finished, still in a drive that has not let go of them
  std::map<std::string, Clock::time_point> told_;
};

struct NotifyOptions {
  std::string command;  // a program, or "desktop"
  std::chrono::seconds limit{10};
};

// Runs the command for each notice, one after the other, on a thread of its own: see binrip-station(7). Ends
// it when destroyed.
class Notifier {
 public:
  // `on_problem`: called on that thread when a command fails after one that did not. Errors: usage when there
  // is no such program, or no desktop.
  static Result<std::unique_ptr<Notifier>> start(NotifyOptions options, const ViewBoard& board,
                                                 std::function<void(const std::string&)> on_problem);
  virtual ~Notifier() = default;
};

}  // namespace binrip::batch
