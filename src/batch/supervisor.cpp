#include "binrip/batch/supervisor.hpp"

#include <algorithm>
#include <deque>
#include <mutex>

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "archive_records.hpp"
#include "drive_names.hpp"
#include "drive_watch.hpp"
#include "loader_desk.hpp"
#include "processes.hpp"
#include "station.hpp"

namespace binrip::batch {
namespace {

constexpr Time kStep{250};        // the longest pause between two looks at all that has its time
constexpr Time kDriveLook{5000};  // between two lists of drives, where no event asks for one

Time now() { return std::chrono::duration_cast<Time>(std::chrono::steady_clock::now().time_since_epoch()); }

// Wakes the loop from any thread.
class Bell {
 public:
  Bell() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Bell() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  int descriptor() const { return descriptor_; }
  void ring() const { static_cast<void>(::eventfd_write(descriptor_, 1)); }
  void heard() const {
    eventfd_t count = 0;
    static_cast<void>(::eventfd_read(descriptor_, &count));
  }

 private:
  int descriptor_;
};

}  // namespace

class Supervisor::Loop : public WorkerListener {
 public:
  Loop(BatchOptions options, BatchSurroundings surroundings, Archive archive,
       std::unique_ptr<Catalog> catalog, NameTemplate names)
      : words_(std::move(options.drives)),
        surroundings_(std::move(surroundings)),
        records_(std::move(archive), std::move(catalog), std::move(names), options.on_copy,
                 surroundings_.on_warning),
        processes_({options.program, std::move(options.rip_options)}),
        by_(options.loader ? FedBy::loader : FedBy::person),
        desk_(std::move(options.loader), by_, [this] { bell_.ring(); }),
        station_(station_options(options), processes_, records_, desk_) {
    station_.on_finished = surroundings_.on_finished;
  }

  Result<void> go_on() { return records_.go_on(); }
  const ViewBoard& board() const { return board_; }

  Result<BatchOutcome> run(const std::stop_token& stop) {
    const std::stop_callback wake(stop, [this] { bell_.ring(); });
    bool stopping = false;
    TRY_VOID(look_for_drives());
    while (true) {
      if (stop.stop_requested() && !stopping) {
        stopping = true;
        station_.stop(now());
      }
      station_.tick(now());
      post();
      const bool complete = station_.complete();
      if (complete || (stopping && station_.idle())) {
        TRY_VOID(desk_.close(complete && !stopping ? BatchEnd::finished : BatchEnd::interrupted));
        return complete && !stopping ? BatchOutcome::complete : BatchOutcome::stopped;
      }
      wait();
      serve();
    }
  }

  // Any thread: what a display asks for is done by the loop, which answers by what the next views show.
  Result<void> ask(std::function<Result<void>(Station&)> wish) {
    const std::lock_guard lock(wishes_mutex_);
    constexpr std::size_t kMostWishes = 1000;
    if (wishes_.size() >= kMostWishes) return fail(ErrorKind::timeout, "the station does not answer");
    wishes_.push_back(std::move(wish));
    bell_.ring();
    return {};
  }

  void on_line(const std::string& drive, std::string_view line) override {
    station_.on_line(drive, line, now());
  }
  void on_end(const std::string& drive, const TaskEnd& end) override { station_.on_end(drive, end, now()); }

 private:
  static StationOptions station_options(const BatchOptions& options) {
    StationOptions result;
    result.on_copy = options.on_copy;
    result.silence = options.silence;
    return result;
  }

  void wait() {
    std::vector<pollfd> waiting = processes_.waiting();
    waiting.push_back({bell_.descriptor(), POLLIN, 0});
    if (watch_.descriptor() >= 0) waiting.push_back({watch_.descriptor(), POLLIN, 0});
    ::poll(waiting.data(), waiting.size(), static_cast<int>(kStep.count()));
  }

  void serve() {
    bell_.heard();
    processes_.serve(*this);
    desk_.serve(station_, now());
    std::deque<std::function<Result<void>(Station&)>> wishes;
    {
      const std::lock_guard lock(wishes_mutex_);
      wishes.swap(wishes_);
    }
    for (const auto& wish : wishes) {
      if (const auto done = wish(station_); !done) surroundings_.on_warning(done.error().message);
    }
    const std::vector<std::string> events = watch_.events();
    if (!events.empty() || now() - looked_ >= kDriveLook) {
      if (const auto looked = look_for_drives(); !looked) surroundings_.on_warning(looked.error().message);
    }
    for (const std::string& node : events) station_.nudge(node, now());
  }

  Result<void> look_for_drives() {
    looked_ = now();
    TRY(const std::vector<drive::FoundDrive> found, surroundings_.find_drives());
    std::vector<SeenDrive> seen = names_.name(found);
    std::vector<SeenDrive> wanted;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const bool named = std::any_of(words_.begin(), words_.end(),
                                     [&](const std::string& word) { return means(word, seen[i], found[i]); });
      // One that was named by its node keeps its place here when it comes back under another.
      const bool known = std::find(chosen_.begin(), chosen_.end(), seen[i].id) != chosen_.end();
      if (!named && !known) continue;
      if (!known) chosen_.push_back(seen[i].id);
      wanted.push_back(std::move(seen[i]));
    }
    station_.see_drives(wanted, now());
    return {};
  }

  void post() {
    StationView view = station_.view();
    view.archive = records_.folder().string();
    view.free_bytes = records_.free_bytes();
    board_.publish(std::move(view));
  }

  std::vector<std::string> words_, chosen_;
  BatchSurroundings surroundings_;
  Bell bell_;
  DriveWatch watch_;
  DriveNames names_;
  ArchiveRecords records_;
  Processes processes_;
  FedBy by_;
  LoaderDesk desk_;
  Station station_;
  ViewBoard board_;
  Time looked_{};
  std::mutex wishes_mutex_;
  std::deque<std::function<Result<void>(Station&)>> wishes_;
};

Supervisor::Supervisor(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Supervisor::~Supervisor() = default;

Result<std::unique_ptr<Supervisor>> Supervisor::open(BatchOptions options, BatchSurroundings surroundings) {
  TRY(NameTemplate names, NameTemplate::parse(options.name_template));
  TRY(Archive archive, Archive::open(options.archive));
  TRY(auto catalog, open_sqlite_catalog(options.archive / kCatalogName, CatalogAccess::create));
  auto loop = std::make_unique<Loop>(std::move(options), std::move(surroundings), std::move(archive),
                                     std::move(catalog), std::move(names));
  TRY_VOID(loop->go_on());
  return std::unique_ptr<Supervisor>(new Supervisor(std::move(loop)));
}

Result<BatchOutcome> Supervisor::run(std::stop_token stop) { return loop_->run(stop); }
const ViewBoard& Supervisor::board() const { return loop_->board(); }

Result<void> Supervisor::set_aside(const std::string& drive) {
  return loop_->ask(
      [drive](Station& station) { return station.set_aside(drive, "set aside by hand", now()); });
}
Result<void> Supervisor::take_back(const std::string& drive) {
  return loop_->ask([drive](Station& station) { return station.take_back(drive, now()); });
}
Result<void> Supervisor::eject(const std::string& drive) {
  return loop_->ask([drive](Station& station) { return station.eject(drive, now()); });
}
Result<void> Supervisor::stop_after_current() {
  return loop_->ask([](Station& station) -> Result<void> {
    station.finish_current();
    return {};
  });
}

}  // namespace binrip::batch
