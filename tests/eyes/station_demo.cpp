// A station that plays a part: `station_demo [--listen ADDRESS] [--token FILE] [--progress auto|json|none]
// [--drives N] [--steps N | --interval MILLISECONDS]`. Without an interval each line on standard input is a
// step; the wishes of the web page are written to standard output, the address of the page first.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include <unistd.h>

#include "support/stations.hpp"

#include "binrip/batch/view_board.hpp"
#include "binrip/batch/web_server.hpp"
#include "binrip/cli/station_display.hpp"

namespace {

using namespace binrip;
using batch::DriveStage;

constexpr const char* kHostile =
    "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

// Drives go on by themselves; what the page wishes is done at once.
class Play : public batch::StationControl {
 public:
  explicit Play(std::size_t drives) {
    view_ = test::busy_station();
    const std::size_t first = view_.drives.size();
    while (view_.drives.size() < drives) {
      batch::DriveView drive = view_.drives[view_.drives.size() % first];
      drive.id += "-" + std::to_string(view_.drives.size());
      drive.node = "/dev/sr" + std::to_string(view_.drives.size() + 8);
      view_.drives.push_back(std::move(drive));
    }
    view_.drives.resize(drives);
    if (drives > 3) view_.drives[3].disc = kHostile;
    board_.publish(view_);
  }

  const batch::ViewBoard& board() const { return board_; }

  void step() {
    const std::lock_guard lock(mutex_);
    ++steps_;
    for (batch::DriveView& drive : view_.drives) go_on(drive);
    board_.publish(view_);
  }

  Result<void> set_aside(const std::string& id) override {
    return change("set_aside", id, [](batch::DriveView& drive) {
      drive.stage = DriveStage::set_aside;
      drive.reason = "set aside by hand";
      drive.progress.reset();
    });
  }
  Result<void> take_back(const std::string& id) override {
    return change("take_back", id, [](batch::DriveView& drive) {
      drive.stage = DriveStage::empty;
      drive.reason.clear();
    });
  }
  Result<void> eject(const std::string& id) override {
    return change("eject", id, [](batch::DriveView& drive) { drive.stage = DriveStage::empty; });
  }
  Result<void> stop_after_current() override {
    const std::lock_guard lock(mutex_);
    std::cout << "stop" << std::endl;
    view_.stopping = true;
    board_.publish(view_);
    return {};
  }

 private:
  template <class F>
  Result<void> change(const std::string& wish, const std::string& id, F f) {
    const std::lock_guard lock(mutex_);
    for (batch::DriveView& drive : view_.drives) {
      if (drive.id != id) continue;
      std::cout << wish << ' ' << id << std::endl;
      f(drive);
      board_.publish(view_);
      return {};
    }
    return fail(ErrorKind::no_device, "no drive " + id);
  }

  void go_on(batch::DriveView& drive) {
    if (drive.progress) {
      batch::RipProgress& p = *drive.progress;
      p.sectors_done = std::min(p.sectors_done + p.sectors_total / 50, p.sectors_total);
      p.track = static_cast<int>(1 + (p.sectors_done * (p.last_track - 1)) / p.sectors_total);
      p.sectors_not_good = p.sectors_total - p.sectors_done;
      p.time_left = std::chrono::seconds((p.sectors_total - p.sectors_done) / 1740);
      if (p.sectors_done < p.sectors_total) return;
      drive.progress.reset();
      drive.stage = DriveStage::verifying;
      return;
    }
    constexpr int kPatience = 4;
    if (++waited_[drive.id] % kPatience != 0) return;
    switch (drive.stage) {
      case DriveStage::identifying:
        drive.stage = DriveStage::ripping;
        if (drive.disc.empty()) drive.disc = "Disc " + std::to_string(steps_);
        drive.progress = test::progress_of(0, 250'000, 18.5);
        break;
      case DriveStage::verifying:
        drive.stage = DriveStage::publishing;
        break;
      case DriveStage::publishing:
        finish(drive);
        drive.stage = DriveStage::done;
        break;
      case DriveStage::done:
        drive.stage = DriveStage::empty;
        drive.disc.clear();
        drive.reason.clear();
        break;
      case DriveStage::empty:
        drive.stage = DriveStage::identifying;
        break;
      default:
        break;
    }
  }

  void finish(batch::DriveView& drive) {
    batch::FinishedDisc disc;
    disc.time = "2026-11-26T12:00:00Z";
    disc.drive_id = drive.id;
    disc.disc = drive.disc;
    disc.verdict = "every sector is proven or consistent";
    view_.finished.insert(view_.finished.begin(), disc);
    if (view_.finished.size() > 100) view_.finished.pop_back();
    ++view_.ends[0];
    ++drive.discs_published;
  }

  std::mutex mutex_;
  batch::StationView view_;
  batch::ViewBoard board_;
  int steps_ = 0;
  std::map<std::string, int> waited_;
};

std::string argument(int argc, char** argv, std::string_view name, std::string otherwise) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (argv[i] == name) return argv[i + 1];
  }
  return otherwise;
}

int complain(const Error& error) {
  std::cerr << "station_demo: error: " << error.message << '\n';
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  Play play(static_cast<std::size_t>(std::atoi(argument(argc, argv, "--drives", "8").c_str())));
  std::unique_ptr<batch::WebServer> server;
  if (const std::string listen = argument(argc, argv, "--listen", ""); !listen.empty()) {
    batch::WebOptions options;
    const auto address = batch::parse_listen_address(listen);
    if (!address) return complain(address.error());
    options.address = *address;
    if (const std::string file = argument(argc, argv, "--token", ""); !file.empty()) {
      const auto token = batch::read_control_token(file);
      if (!token) return complain(token.error());
      options.token = *token;
    }
    auto started = batch::WebServer::start(options, play.board(), &play);
    if (!started) return complain(started.error());
    server = std::move(*started);
    std::cout << server->url() << std::endl;
  }
  const std::string progress = argument(argc, argv, "--progress", "auto");
  const auto kind = progress == "json"   ? cli::ProgressKind::json
                    : progress == "none" ? cli::ProgressKind::none
                                         : cli::ProgressKind::automatic;
  const auto display = cli::show_station(
      play.board(), {std::cout, std::cerr, cli::terminal_of(STDERR_FILENO)}, kind, cli::Verbosity::normal);
  const int interval = std::atoi(argument(argc, argv, "--interval", "0").c_str());
  int steps = std::atoi(argument(argc, argv, "--steps", "1000000").c_str());
  std::string line;
  while (steps-- > 0 && (interval > 0 || std::getline(std::cin, line))) {
    if (interval > 0) std::this_thread::sleep_for(std::chrono::milliseconds(interval));
    play.step();
  }
}
