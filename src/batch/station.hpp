// What happens to a disc in each of many drives, from its arrival until it is taken out. Pure decisions: a
// station touches no drive, no file and no clock itself. What it wants done it asks of Workers (processes,
// one a drive at a time), Records (the archive) and Feeder (who brings discs); what came of it is told to it.
// One thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "drive_memory.hpp"
#include "worker_events.hpp"

#include "binrip/base/result.hpp"
#include "binrip/batch/on_copy.hpp"
#include "binrip/batch/station_view.hpp"

namespace binrip::batch {

using Time = std::chrono::milliseconds;  // of a clock that only goes on

enum class TaskKind { tray, open_tray, close_tray, identify, rip, refine, verify };
struct Task {
  TaskKind kind = TaskKind::tray;
  std::string node;
  std::filesystem::path cue;  // rip, refine, verify
};
struct TaskEnd {
  int exit_code = 0;    // 128 + the signal that ended it
  std::string output;   // of tray, identify and verify
  std::string problem;  // the error that it told; empty: none
};
enum class StopHow { ask, kill };  // SIGTERM, SIGKILL

class Workers {
 public:
  virtual ~Workers() = default;
  // Its end is told by Station::on_end, lines of a rip before that by on_line.
  virtual Result<void> start(const std::string& drive, const Task& task) = 0;
  virtual void stop(const std::string& drive, StopHow how) = 0;
};

enum class Holds { nothing, a_part, an_image };
struct WorkPlace {
  std::filesystem::path cue;     // to rip to; what is there is gone on with
  int number = 1;                // among the places of discs with this TOC
  Holds holds = Holds::nothing;  // of this disc, or of another with its TOC
  RipEnd ripped = {};            // of an image: how its rip ended
};
struct KnownCopy {
  std::filesystem::path cue;
  std::string folder;  // within the archive
  int exit_code = 0;   // of the rip: 0 good, 2 unproven, 3 damaged
};
struct EndedRip {
  std::string drive;  // DriveView::id
  DiscInfo disc;
  WorkPlace place;
  int exit_code = 0;
  std::string verdict;
};
// Of a disc that the operator's list says is next: nothing, or why it cannot be this one.
struct Expectation {
  std::string contradiction;
};

// The archive, its catalogue, and the lists.
class Records {
 public:
  virtual ~Records() = default;
  virtual Result<std::vector<KnownCopy>> copies(const DiscInfo& disc) = 0;
  // A loader has put its next disc into the drive.
  virtual void brought(const std::string& drive) = 0;
  // The number of the next place in work, from `from` on, that holds something of discs with this TOC; where
  // there is none, of one that is free.
  virtual int place(const DiscInfo& disc, int from) = 0;
  // `place`: where it is, or would be, in work.
  virtual Result<Expectation> expect(const std::string& drive, const DiscInfo& disc, int place) = 0;
  // The disc in the drive came to no end; it may come again, here or elsewhere.
  virtual void left(const std::string& drive) = 0;
  virtual Result<WorkPlace> begin(const std::string& drive, const DiscInfo& disc, int place) = 0;
  // Moves the image into the archive and writes all that is to be written of it. The same disc by its
  // content, too, is no second copy where only one is wanted: that is for it to find out. Once more after a
  // failure is right.
  virtual Result<FinishedDisc> publish(const EndedRip& rip) = 0;
  virtual Result<FinishedDisc> mended(const EndedRip& rip, const KnownCopy& copy) = 0;
  virtual FinishedDisc skipped(const std::string& drive, const DiscInfo& disc, const KnownCopy& copy) = 0;
  // Puts aside what there is of it. `disc`: nothing where it could not be identified; `place`: nothing where
  // it was not begun. Once more after a failure is right.
  virtual Result<FinishedDisc> failed(const std::string& drive, const std::optional<DiscInfo>& disc,
                                      const std::optional<WorkPlace>& place, const std::string& reason) = 0;
  virtual void note(const std::string& drive, const std::string& event) = 0;
  // What remember() was given last, also before this run of the program: a DriveMemory.
  virtual std::string last_disc(const std::string& drive) = 0;
  virtual void remember(const std::string& drive, const std::string& memory) = 0;
  virtual std::uint64_t free_bytes() = 0;
};

// by_hand: a person is to bring the disc, or to take it. nothing: there was none to take. stop: no drive can
// be served any more.
enum class Fed { done, by_hand, nothing, no_more, later, failed, stop };
// What became of a wish. `reason` of a failure.
struct FedAnswer {
  Fed fed = Fed::done;
  std::string reason;
};
enum class Taken { good, rejected };

// Who brings discs and takes them away: a person, who is not asked, or a loader.
class Feeder {
 public:
  virtual ~Feeder() = default;
  virtual bool is_loader() const = 0;
  // Answered by Station::on_loaded and on_taken. The tray is open in both cases.
  virtual void load(const std::string& drive, const std::string& node) = 0;
  // `reason`: why it was rejected.
  virtual void take(const std::string& drive, const std::string& node, Taken taken,
                    const std::string& reason) = 0;
};

struct StationOptions {
  OnCopy on_copy = OnCopy::skip;
  Time poll{3000};                    // how often an idle drive is asked
  Time settle{1000};                  // how long a disc must have been ready
  Time medium_wait{20'000};           // how long a disc may stay unseen once the tray is closed
  Time busy_wait{120'000};            // how long a disc may spin up
  Time silence{900'000};              // after which a rip hangs
  Time answer_wait{90'000};           // after which any other worker hangs
  int failures_in_a_row = 3;          // until a drive is set aside
  Time grace{30'000};                 // between asking a worker to end, killing it, and giving it up
  Time hold{10'000};                  // between two looks whether a held disc can go on
  int tracks_that_tell = 4;           // a TOC of fewer tracks does not tell one disc from another
  std::uint64_t margin = 256U << 20;  // bytes that are left free
};

struct SeenDrive {
  std::string id, node, name;
  friend bool operator==(const SeenDrive&, const SeenDrive&) = default;
};

class Station {
 public:
  Station(StationOptions options, Workers& workers, Records& records, Feeder& feeder);

  void see_drives(const std::vector<SeenDrive>& drives, Time now);
  void on_line(const std::string& drive, std::string_view line, Time now);
  void on_end(const std::string& drive, const TaskEnd& end, Time now);
  void on_loaded(const std::string& drive, const FedAnswer& answer, Time now);
  void on_taken(const std::string& drive, const FedAnswer& answer, Time now);
  void tick(Time now);

  // Workers save and end; nothing is begun any more.
  void stop(Time now);
  void finish_current() { finishing_ = true; }
  // Something has happened to the drive: it is looked at soon.
  void nudge(const std::string& node, Time now);
  Result<void> set_aside(const std::string& drive, const std::string& reason, Time now);
  Result<void> take_back(const std::string& drive, Time now);
  Result<void> eject(const std::string& drive, Time now);

  // No worker runs, but for those that were given up.
  bool idle() const;
  // There is nothing left to do: the loader has no more discs, or finish_current() was asked for.
  bool complete() const;
  StationView view() const;
  // Told of each disc that has come to its end.
  std::function<void(const FinishedDisc&)> on_finished = [](auto&) {};

 private:
  struct Running {
    Task task;
    Time heard{};
    std::optional<Time> asked_to_end = std::nullopt, killed = std::nullopt;
    bool given_up = false;
  };
  enum class Hand { needed, not_needed };
  struct Wait {
    std::string reason;
    Hand hand = Hand::not_needed;
  };
  struct Slot {
    std::string id, node, name;
    DriveStage stage = DriveStage::empty;
    std::optional<Running> running;
    std::string reason;
    Time due{}, since{};  // of the next look; of the stage
    // What the tray said.
    bool was_open = false;
    bool is_open = false;      // when it was looked at last
    bool looked_into = false;  // since it became empty
    bool by_hand = false;      // the loader leaves it to a person
    std::optional<Time> ready_since, busy_since, empty_since;
    int unreadable = 0, tray_failures = 0, identify_failures = 0;
    DriveMemory memory;
    std::string to_tell;  // why the disc in it failed; empty: nothing is to be told
    // The disc in work.
    std::optional<DiscInfo> disc;
    std::optional<WorkPlace> place;
    int place_number = 1;
    std::optional<KnownCopy> mending;
    std::optional<RipProgress> progress;
    RipEnd rip_end;
    int crashes = 0;
    std::optional<Wait> held;  // why it is to be decided later
    Taken taken = Taken::good;
    bool feeding = false;
    std::int64_t published = 0, failed = 0;
    int failed_in_a_row = 0;
  };

  Slot* find(const std::string& drive);
  void enter(Slot& slot, DriveStage stage, Time now);
  void forget_disc(Slot& slot);
  void start(Slot& slot, TaskKind kind, Time now, const std::filesystem::path& cue = {});
  void watch_running(Slot& slot, Time now);
  void next_step(Slot& slot, Time now);
  void ask_tray(Slot& slot, Time now);
  void on_tray(Slot& slot, const TaskEnd& end, Time now);
  void on_tray_state(Slot& slot, const TrayAnswer& answer, Time now);
  bool has_left(Slot& slot, TrayState state);
  void on_unseen(Slot& slot, Time now);
  void feed(Slot& slot, Time now);
  void look_into(Slot& slot, Time now);
  void take_ended(Slot& slot, Time now);
  void remember(Slot& slot, DriveMemory memory);
  bool is_quiet(const Slot& slot) const;
  static bool is_free(const Slot& slot);
  void on_identified(Slot& slot, const TaskEnd& end, Time now);
  void decide(Slot& slot, Time now);
  void begin(Slot& slot, Time now);
  void begin_elsewhere(Slot& slot, Time now);
  void read_disc(Slot& slot, Time now);
  void hold(Slot& slot, const Wait& wait, Time now);
  std::optional<Wait> reason_to_wait(const Slot& slot) const;
  std::uint64_t bytes_needed(const Slot& slot) const;
  void on_rip_end(Slot& slot, const TaskEnd& end, Time now);
  void on_rip_failed(Slot& slot, const TaskEnd& end, Time now);
  void on_verified(Slot& slot, const TaskEnd& end, Time now);
  void publish(Slot& slot, Time now);
  void park(Slot& slot, const std::string& reason, Time now);
  void fail_disc(Slot& slot, const std::string& reason, Time now);
  void finish(Slot& slot, FinishedDisc finished, Time now);
  void on_tray_opened(Slot& slot, const TaskEnd& end, Time now);
  void given_back(Slot& slot, DriveStage next, Time now);
  void put_aside(Slot& slot, const std::string& reason, Time now);
  bool begins_nothing() const { return stopping_ || finishing_ || !line_stopped_.empty(); }

  StationOptions options_;
  Workers& workers_;
  Records& records_;
  Feeder& feeder_;
  std::vector<Slot> slots_;
  std::vector<FinishedDisc> finished_;
  std::array<std::int64_t, kAllDiscEnds.size()> ends_{};
  std::string line_stopped_;  // why the operator's list and the discs do not go together; empty: they do
  std::string started_;
  bool stopping_ = false, finishing_ = false, no_more_discs_ = false;
};

}  // namespace binrip::batch
