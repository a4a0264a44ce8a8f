// A station of drives: `binrip batch`. Discs are put in, come out again, and lie in the archive, or aside
// with the reason why not.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/batch/loader.hpp"
#include "binrip/batch/naming.hpp"
#include "binrip/batch/on_copy.hpp"
#include "binrip/batch/station_control.hpp"
#include "binrip/batch/station_view.hpp"
#include "binrip/batch/view_board.hpp"
#include "binrip/drive/discovery.hpp"

namespace binrip::batch {

struct BatchOptions {
  std::filesystem::path archive;
  std::vector<std::string> drives = {"all"};  // DriveView::id, a node, or a link to it
  std::string name_template = std::string(kDefaultName);
  std::filesystem::path list;  // what the operator expects; empty: anything
  OnCopy on_copy = OnCopy::skip;
  std::unique_ptr<Loader> loader;        // nothing: a person
  std::chrono::seconds silence{900};     // a worker that says nothing for so long hangs
  std::vector<std::string> rip_options;  // for each rip, as on the command line
  std::filesystem::path program = "/proc/self/exe";
};

// What the supervisor is given, and whom it tells.
struct BatchSurroundings {
  std::function<Result<std::vector<drive::FoundDrive>>()> find_drives;
  std::function<void(const std::string&)> on_warning = [](auto&) {};  // a line
};

enum class BatchOutcome {
  complete,      // nothing is left to do
  needs_a_hand,  // nothing is left to do but by a person: a drive was set aside, perhaps with a disc in it
  stopped,       // asked to stop: what was in work goes on when the same command is given again
};

// Runs on the thread that calls it, with one loop over all that can happen. Nothing in it waits for a drive:
// only its worker processes do.
class Supervisor : public StationControl {
 public:
  // Opens the archive and its catalogue, and brings to an end what a kill has cut off. Errors: as Archive and
  // Catalog have them; usage and invalid for the template and the list.
  static Result<std::unique_ptr<Supervisor>> open(BatchOptions options, BatchSurroundings surroundings);
  ~Supervisor() override;

  // Until there is nothing left to do, or `stop` is asked for and the workers have saved. Errors: what the
  // loop itself cannot live without.
  Result<BatchOutcome> run(std::stop_token stop);
  const ViewBoard& board() const;

  Result<void> set_aside(const std::string& drive) override;
  Result<void> take_back(const std::string& drive) override;
  Result<void> eject(const std::string& drive) override;
  Result<void> stop_after_current() override;

 private:
  class Loop;
  explicit Supervisor(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace binrip::batch
