// What brings discs to the drives and takes them away: a person, programs of the user's (hooks), or a
// changer.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"

namespace binrip::batch {

// A drive as a loader sees it.
struct LoaderDrive {
  std::string id;    // stable: DriveView::id
  std::string node;  // "/dev/sr0"
  int number = 0;    // its place in the station, from 0; as a changer numbers its data transfer elements
};

// What to do about a loader's trouble.
enum class LoaderRemedy {
  try_again,    // nothing was moved; the same call may succeed later
  drive_aside,  // this drive gets no more discs until somebody has looked at it
  stop,         // no drive can be served: the batch ends
};
std::string_view to_string(LoaderRemedy remedy);  // "put the drive aside"

struct LoaderError {
  LoaderRemedy remedy = LoaderRemedy::stop;
  Error error;
  friend bool operator==(const LoaderError&, const LoaderError&) = default;
};
template <class T>
using LoaderResult = tl::expected<T, LoaderError>;

enum class Loaded {
  disc,     // there is a disc in the drive, or on its tray
  by_hand,  // nobody has moved: a person is to put one in, whenever that may be
  no_more,  // there are no more discs, for this drive or another
};

enum class Unloaded {
  disc,     // it was taken
  nothing,  // there was none
  by_hand,  // nobody has moved: a person is to take it
};

enum class BatchEnd {
  finished,     // there are no more discs
  interrupted,  // the same batch is to go on later
};

// All calls block, and come from one thread, since there is one arm. A call returns soon after `stop` has
// been asked to: remedy stop, kind cancelled; a disc may then be on its way.
//
// The tray is the caller's: it opens it before unload() and reject(), and before load() where discs are moved
// by something else than a person, and closes it after load() where it is still open. A drive without a tray
// does nothing then.
class Loader {
 public:
  virtual ~Loader() = default;

  // Once before the first disc, after an interruption too.
  virtual LoaderResult<void> pre_batch(const std::stop_token& stop) = 0;
  virtual LoaderResult<Loaded> load(const LoaderDrive& drive, const std::stop_token& stop) = 0;
  // Takes a disc that is done, if there is one.
  virtual LoaderResult<Unloaded> unload(const LoaderDrive& drive, const std::stop_token& stop) = 0;
  // Takes a disc that could not be read. `reason`: one sentence.
  virtual LoaderResult<Unloaded> reject(const LoaderDrive& drive, std::string_view reason,
                                        const std::stop_token& stop) = 0;
  // Once after the last disc.
  virtual LoaderResult<void> post_batch(BatchEnd end, const std::stop_token& stop) = 0;
};

// What was run and what came of it, for the log. Called within the Loader's calls, in their thread.
struct LoaderStep {
  std::string what;        // "load", "mtx -f /dev/sg3 status"
  std::string drive_node;  // empty: of no one drive
  std::string end;         // "exit code 0", or the Error
  std::string output;      // both streams, the first 16 KiB
};
using LoaderLog = std::function<void(const LoaderStep&)>;

// A person for everything.
std::unique_ptr<Loader> make_hand_loader();

// Executables `pre-batch`, `load`, `unload`, `reject` and `post-batch` in a folder; binrip-loader(7) is their
// contract. A person does what has none.
inline constexpr int kHookTryAgain = 75;  // exit codes; 75 is EX_TEMPFAIL of sysexits.h
inline constexpr int kHookNoMore = 80;    // of load; of unload and reject: there is no disc to take
struct HookOptions {
  std::filesystem::path folder;
  std::chrono::seconds limit{120};  // for one hook; after that it is ended, and the drive put aside
  std::map<std::string, std::string> environment = {};  // more than the contract's, for all
  LoaderLog log = {};
};
// Errors: usage when there is no such folder, when it has none of them, or when one cannot be executed.
Result<std::unique_ptr<Loader>> open_hooks(HookOptions options);

}  // namespace binrip::batch
