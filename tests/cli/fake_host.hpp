// A host without drives, files or signals, whose answers a test sets.
#pragma once

#include <csignal>
#include <map>
#include <sstream>

#include "binrip/cli/description.hpp"
#include "binrip/cli/device.hpp"
#include "binrip/cli/drive_state.hpp"
#include "binrip/cli/host.hpp"
#include "binrip/cli/run.hpp"
#include "binrip/job/merge.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/rip/events.hpp"

namespace binrip::cli::test {

class NoTransport : public drive::Transport {
 public:
  Result<drive::Completion> execute(const drive::Cdb&, drive::Direction, MutableBytes,
                                    std::chrono::milliseconds) override {
    return drive::Completion{};
  }
  std::string name() const override { return "no drive"; }
};

// Answers by address; others are not found.
using Answers = std::map<std::string, Result<ByteVector>>;

class FakeFetcher : public net::Fetcher {
 public:
  FakeFetcher(const Answers& answers, std::vector<net::Request>& requests)
      : answers_(answers), requests_(requests) {}
  Result<net::Response> get(const net::Request& request) override {
    requests_.push_back(request);
    const auto at = answers_.find(request.url);
    if (at == answers_.end()) return net::Response{};
    TRY(ByteVector body, at->second);
    return net::Response{true, std::move(body)};
  }

 private:
  const Answers& answers_;
  std::vector<net::Request>& requests_;
};

struct FakeHost {
  std::ostringstream out, err;
  std::vector<drive::FoundDrive> drives;
  Description description;
  Result<job::RipOutcome> outcome = job::RipOutcome{};
  std::vector<std::string> warnings;           // of opening the device
  int signal = 0;                              // arrives during the rip
  std::function<void(rip::Listener&)> events;  // of the rip
  job::RipOptions options;                     // what rip_disc was called with
  job::MergeOptions merge_options;             // what merge_images was called with
  Answers answers;                             // of the network
  std::vector<net::Request> requests;
  Host host{.out = out,
            .err = err,
            .terminal = {},
            .watch_signals =
                [this] {
                  auto made = std::make_unique<Interruption>();
                  interruption = made.get();
                  return made;
                },
            .find_drives = [this]() -> Result<std::vector<drive::FoundDrive>> { return drives; },
            .ask_drive = [](const drive::FoundDrive& found) { return DriveState{.found = found}; },
            .open_device = [this](const DeviceOptions&) -> Result<OpenDevice> {
              return OpenDevice{nullptr, std::make_unique<NoTransport>(), warnings};
            },
            .load_config = []() -> Result<drive::ConfigFile> { return drive::ConfigFile{}; },
            .describe = [this](auto&, auto&, auto&) -> Result<Description> { return description; },
            .rip = [this](auto&, const job::RipOptions& wanted, rip::Listener& listener,
                          std::stop_token stop) -> Result<job::RipOutcome> {
              options = wanted;
              if (events) events(listener);
              if (signal != 0) interruption->request(signal);
              if (stop.stop_requested()) return fail(ErrorKind::cancelled, "cancelled");
              return outcome;
            },
            .merge = [this](const job::MergeOptions& wanted, rip::Listener&,
                            std::stop_token stop) -> Result<job::RipOutcome> {
              merge_options = wanted;
              if (signal != 0) interruption->request(signal);
              if (stop.stop_requested()) return fail(ErrorKind::cancelled, "cancelled");
              return outcome;
            },
            .fetcher = [this](net::Access) { return std::make_shared<FakeFetcher>(answers, requests); }};
  Interruption* interruption = nullptr;

  int run(const std::vector<std::string>& arguments) { return cli::run(arguments, host); }
};

}  // namespace binrip::cli::test
