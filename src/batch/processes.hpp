// Workers as processes: the ordinary commands of this program, one a drive at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <poll.h>

#include "station.hpp"

namespace binrip::batch {

struct WorkerProgram {
  std::filesystem::path path = "/proc/self/exe";
  std::vector<std::string> rip_options;  // for `rip`, as given
};

// What a process has said and how it ended, as Station wants to be told.
class WorkerListener {
 public:
  virtual ~WorkerListener() = default;
  virtual void on_line(const std::string& drive, std::string_view line) = 0;
  virtual void on_end(const std::string& drive, const TaskEnd& end) = 0;
};

// A worker ends with us: the kernel asks it to (SIGTERM) when the thread that started it is gone, even by
// SIGKILL, so that no two are ever at one drive. It has a session of its own, so that ^C is for us alone. One
// thread.
class Processes : public Workers {
 public:
  explicit Processes(WorkerProgram program);
  ~Processes() override;  // kills what still runs

  Result<void> start(const std::string& drive, const Task& task) override;
  void stop(const std::string& drive, StopHow how) override;

  // What poll(2) is to wait for.
  std::vector<pollfd> waiting() const;
  // Reads what there is, without waiting, and tells of it.
  void serve(WorkerListener& listener);

 private:
  class Process;
  WorkerProgram program_;
  std::vector<std::unique_ptr<Process>> running_;
};

// The arguments of a task, without the program.
std::vector<std::string> arguments_of(const Task& task, const std::vector<std::string>& rip_options);

}  // namespace binrip::batch
