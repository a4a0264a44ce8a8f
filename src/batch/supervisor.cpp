#include "binrip/batch/supervisor.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <set>

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

#include "binrip/batch/catalog_archive.hpp"

namespace binrip::batch {
namespace {

constexpr Time kStep{250};  // the longest pause between two looks at all that has its time
// How long the catalogue is waited for while another program writes into it: the loop stands still then.
constexpr std::chrono::seconds kPatience{2};
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
       std::unique_ptr<Catalog> catalog, ListKeeper lists, NameTemplate names)
      : words_(std::move(options.drives)),
        surroundings_(std::move(surroundings)),
        records_(std::move(archive), std::move(catalog), std::move(lists), std::move(names), options.on_copy,
                 surroundings_.on_warning),
        processes_({options.program, std::move(options.rip_options)}),
        by_(options.loader ? FedBy::loader : FedBy::person),
        desk_(std::move(options.loader), by_, [this] { bell_.ring(); }),
        station_(station_options(options), processes_, records_, desk_) {}

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
        if (stopping || !complete) return BatchOutcome::stopped;
        return station_.view().needs_a_hand.empty() ? BatchOutcome::complete : BatchOutcome::needs_a_hand;
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
    result.answer_wait = std::min<Time>(result.answer_wait, options.silence);
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
      if (is_chosen(seen[i], found[i])) wanted.push_back(std::move(seen[i]));
    }
    records_.set_drives(chosen_.size());
    station_.see_drives(wanted, now());
    return {};
  }

  // One that was named by its node keeps its place here when it comes back under another.
  bool is_chosen(const SeenDrive& seen, const drive::FoundDrive& found) {
    if (std::find(chosen_.begin(), chosen_.end(), seen.id) != chosen_.end()) return true;
    const auto word = std::find_if(words_.begin(), words_.end(), [&](const std::string& each) {
      return !found_words_.contains(each) && means(each, seen, found);
    });
    if (word == words_.end()) return false;
    const bool all = *word == kAllDrives;
    if (!all) found_words_.insert(*word);
    desk_.set_number(seen.id,
                     all ? static_cast<int>(chosen_.size()) : static_cast<int>(word - words_.begin()));
    chosen_.push_back(seen.id);
    return true;
  }

  // Drives that were asked for and have never been there.
  std::vector<std::string> missing_drives() const {
    std::vector<std::string> missing;
    for (const std::string& word : words_) {
      if (word == kAllDrives) {
        if (chosen_.empty()) missing.emplace_back("there is no drive");
      } else if (!found_words_.contains(word)) {
        missing.push_back(fmt::format("there is no drive {}", word));
      }
    }
    return missing;
  }

  void post() {
    StationView view = station_.view();
    view.archive = records_.folder().string();
    view.free_bytes = records_.free_bytes();
    for (std::string& text : missing_drives()) view.needs_a_hand.push_back(std::move(text));
    board_.publish(std::move(view));
  }

  std::vector<std::string> words_, chosen_;
  std::set<std::string> found_words_;  // of words_, besides "all"
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

namespace {

// One that is missing is made from the archive's reports: an empty one would have every disc ripped again.
Result<std::unique_ptr<Catalog>> open_catalog(const std::filesystem::path& archive) {
  const std::filesystem::path path = archive / kCatalogName;
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) {
    return open_sqlite_catalog(path, CatalogAccess::create, kPatience);
  }
  TRY(const ArchiveReports reports, read_reports(archive));
  return open_sqlite_catalog(path, CatalogAccess::create, kPatience, reports.entries);
}

}  // namespace

Supervisor::Supervisor(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Supervisor::~Supervisor() = default;

Result<std::unique_ptr<Supervisor>> Supervisor::open(BatchOptions options, BatchSurroundings surroundings) {
  TRY(NameTemplate names, NameTemplate::parse(options.name_template));
  TRY(Archive archive, Archive::open(options.archive));
  const auto repeats =
      options.on_copy == OnCopy::skip ? ListKeeper::Repeats::stop : ListKeeper::Repeats::are_wanted;
  TRY(ListKeeper lists, ListKeeper::open(archive, options.list, repeats));
  if (!lists.manifest().torn().empty()) {
    surroundings.on_warning(fmt::format("{}: a torn last line was cut off: {}",
                                        (options.archive / kManifestName).string(), lists.manifest().torn()));
  }
  TRY(auto catalog, open_catalog(options.archive));
  auto loop = std::make_unique<Loop>(std::move(options), std::move(surroundings), std::move(archive),
                                     std::move(catalog), std::move(lists), std::move(names));
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
