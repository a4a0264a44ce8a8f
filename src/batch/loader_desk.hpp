// Hands a station's wishes to its loader, which takes its time over each.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "station.hpp"

#include "binrip/batch/loader.hpp"

namespace binrip::batch {

enum class FedBy { person, loader };

// The loader works on a thread of its own, one wish after the other. `wake` is called there when an answer is
// ready for serve(). All else: one thread.
class LoaderDesk : public Feeder {
 public:
  LoaderDesk(std::unique_ptr<Loader> loader, FedBy by, std::function<void()> wake);
  ~LoaderDesk() override;  // asks the loader to stop, and waits for it

  // The drive's place in the station, which a loader knows it by. Before anything is asked for it.
  void set_number(const std::string& drive, int number) { numbers_[drive] = number; }
  bool is_loader() const override { return by_ == FedBy::loader; }
  void load(const std::string& drive, const std::string& node) override;
  void take(const std::string& drive, const std::string& node, Taken taken,
            const std::string& reason) override;

  // Tells the station what became of its wishes.
  void serve(Station& station, Time now);
  // No wish is waited for any more. Errors: what the loader's post_batch says.
  Result<void> close(BatchEnd end);

 private:
  enum class What { load, take_good, take_rejected };
  struct Wish {
    What what = What::load;
    LoaderDrive drive;
    std::string reason;
  };
  struct Answer {
    What what = What::load;
    std::string drive;
    FedAnswer answer;
  };
  void ask(What what, const std::string& drive, const std::string& node, const std::string& reason);
  void work(const std::stop_token& stop);
  FedAnswer fulfil(const Wish& wish, const std::stop_token& stop);

  std::unique_ptr<Loader> loader_;
  FedBy by_;
  std::function<void()> wake_;
  std::map<std::string, int> numbers_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Wish> wishes_;
  std::vector<Answer> answers_;
  bool begun_ = false;   // pre_batch; of the thread
  std::jthread thread_;  // last: it ends first
};

}  // namespace binrip::batch
