#include "binrip/cli/station_display.hpp"

#include <map>
#include <mutex>
#include <thread>

#include "binrip/base/clock.hpp"
#include "binrip/batch/station_changes.hpp"
#include "binrip/batch/station_json.hpp"
#include "binrip/cli/display.hpp"
#include "binrip/cli/station_screen.hpp"
#include "binrip/cli/text.hpp"

namespace binrip::cli {
namespace {

using batch::PostedView;
using batch::ViewBoard;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenFrames{200};
constexpr std::chrono::milliseconds kLookAtSize{200};  // windows change without news, too
constexpr std::chrono::seconds kBetweenRepaints{5};    // over what others may have written
constexpr std::chrono::hours kForever{24};
constexpr std::size_t kMostMessages = 50;

// The other screen of the terminal, without a cursor.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[2J";
constexpr std::string_view kLeave = "\x1b[?25h\x1b[?1049l";

class Quiet : public StationDisplay {
 public:
  Quiet(std::ostream& err, Verbosity verbosity) : err_(err), verbosity_(verbosity) {}
  void warn(const std::string& text) override {
    if (verbosity_ == Verbosity::quiet) return;
    const std::lock_guard lock(mutex_);
    err_ << "binrip: warning: " + safe_text(text) + "\n" << std::flush;
  }

 private:
  std::mutex mutex_;
  std::ostream& err_;
  Verbosity verbosity_;
};

// A table on the other screen. What must not be lost when that goes is told again below.
class TableDisplay : public StationDisplay {
 public:
  TableDisplay(const ViewBoard& board, StationStreams streams)
      : board_(board),
        streams_(std::move(streams)),
        thread_([this](const std::stop_token& stop) { follow(stop); }) {}

  void warn(const std::string& text) override {
    const std::lock_guard lock(mutex_);
    messages_.push_back("warning: " + text);
    if (messages_.size() > kMostMessages) messages_.erase(messages_.begin());
    messages_changed_ = true;
  }

 private:
  void follow(const std::stop_token& stop) {
    write(std::string(kEnter));
    PostedView posted = board_.latest();
    while (true) {
      draw(*posted.view);
      if (stop.stop_requested()) break;
      board_.wait_newer(UINT64_MAX, kBetweenFrames, stop);
      posted = next_to_draw(posted, stop);
    }
    write(std::string(kLeave) + last_words(*board_.latest().view));
  }

  // The latest, once there is a reason to draw.
  PostedView next_to_draw(const PostedView& shown, const std::stop_token& stop) {
    while (true) {
      PostedView latest = board_.wait_newer(shown.version, kLookAtSize, stop);
      const bool other_size = columns_ != streams_.terminal.columns() || rows_ != streams_.terminal.rows();
      const bool other_messages = [&] {
        const std::lock_guard lock(mutex_);
        return messages_changed_;
      }();
      if (latest.version > shown.version || other_size || other_messages || stop.stop_requested() ||
          Clock::now() - painted_ > kBetweenRepaints) {
        return latest;
      }
    }
  }

  void draw(const batch::StationView& view) {
    if (columns_ != streams_.terminal.columns() || rows_ != streams_.terminal.rows() ||
        Clock::now() - painted_ > kBetweenRepaints) {
      painter_.repaint();
      painted_ = Clock::now();
    }
    columns_ = streams_.terminal.columns();
    rows_ = streams_.terminal.rows();
    std::vector<std::string> messages;
    {
      const std::lock_guard lock(mutex_);
      messages = messages_;
      messages_changed_ = false;
    }
    const ScreenStyle style{columns_, rows_, streams_.terminal.glyphs, streams_.terminal.colour};
    write(painter_.paint(station_screen(view, messages, style), columns_, rows_));
  }

  std::string last_words(const batch::StationView& view) {
    std::string text;
    const std::lock_guard lock(mutex_);
    for (const std::string& message : messages_) text += "binrip: " + safe_text(message) + "\n";
    for (const std::string& need : view.needs_a_hand)
      text += "binrip: needs a hand: " + safe_text(need) + "\n";
    return text + "binrip: " + station_totals(view) + "\n";
  }

  void write(const std::string& bytes) {
    if (!bytes.empty()) streams_.err << bytes << std::flush;
  }

  const ViewBoard& board_;
  StationStreams streams_;
  ScreenPainter painter_;
  int columns_ = 0, rows_ = 0;
  Clock::time_point painted_ = Clock::now();
  std::mutex mutex_;
  std::vector<std::string> messages_;
  bool messages_changed_ = false;
  std::jthread thread_;
};

// Calls tell(before, now) for what comes by, the first time with an empty view before; when asked to stop,
// also for what came last.
template <class Tell>
void follow_board(const ViewBoard& board, const std::stop_token& stop, Tell tell) {
  PostedView told{std::make_shared<const batch::StationView>(), 0};
  while (true) {
    const bool last = stop.stop_requested();
    const PostedView latest = board.wait_newer(told.version, kForever, stop);
    if (latest.version > told.version) tell(*told.view, *latest.view);
    told = latest;
    if (last) return;
  }
}

// A line for each change.
class LinesDisplay : public StationDisplay {
 public:
  LinesDisplay(const ViewBoard& board, std::ostream& err)
      : board_(board), err_(err), thread_([this](const std::stop_token& stop) { follow(stop); }) {}

  void warn(const std::string& text) override { tell("warning: " + safe_text(text)); }

 private:
  void follow(const std::stop_token& stop) {
    follow_board(board_, stop, [this](const batch::StationView& before, const batch::StationView& now) {
      for (const auto& line : station_lines(batch::changes_between(before, now), now, utc_now())) tell(line);
    });
  }

  void tell(const std::string& line) {
    const std::lock_guard lock(mutex_);
    err_ << "binrip: " + line + "\n" << std::flush;
  }

  const ViewBoard& board_;
  std::mutex mutex_;
  std::ostream& err_;
  std::jthread thread_;
};

// An object for each change, and for the progress of each drive once a second.
class JsonStationDisplay : public StationDisplay {
 public:
  JsonStationDisplay(const ViewBoard& board, std::ostream& out, std::ostream& err)
      : board_(board),
        out_(out),
        warnings_(err, Verbosity::normal),
        thread_([this](const std::stop_token& stop) { follow(stop); }) {}

  void warn(const std::string& text) override { warnings_.warn(text); }

 private:
  void follow(const std::stop_token& stop) {
    follow_board(board_, stop, [this](const batch::StationView& before, const batch::StationView& now) {
      tell(before, now);
    });
  }

  void tell(const batch::StationView& before, const batch::StationView& now) {
    const std::string time = utc_now();
    for (const auto& line : batch::change_events(batch::changes_between(before, now), now, time)) {
      out_ << line << '\n';
    }
    for (const batch::DriveView& drive : now.drives) {
      if (!drive.progress) continue;
      auto& rate = rates_.try_emplace(drive.id, std::chrono::seconds(1)).first->second;
      if (rate.due()) out_ << batch::progress_event(drive.id, *drive.progress, time) << '\n';
    }
    out_ << std::flush;
  }

  const ViewBoard& board_;
  std::ostream& out_;
  Quiet warnings_;
  std::map<std::string, RateLimit> rates_;  // by drive
  std::jthread thread_;
};

}  // namespace

std::unique_ptr<StationDisplay> show_station(const ViewBoard& board, StationStreams streams,
                                             ProgressKind kind, Verbosity verbosity) {
  if (kind == ProgressKind::json) {
    return std::make_unique<JsonStationDisplay>(board, streams.out, streams.err);
  }
  if (kind == ProgressKind::none || verbosity == Verbosity::quiet) {
    return std::make_unique<Quiet>(streams.err, verbosity);
  }
  if (streams.terminal.present) return std::make_unique<TableDisplay>(board, std::move(streams));
  return std::make_unique<LinesDisplay>(board, streams.err);
}

}  // namespace binrip::cli
