#include "loader_desk.hpp"

namespace binrip::batch {
namespace {

FedAnswer answer_of(const LoaderError& error) {
  switch (error.remedy) {
    case LoaderRemedy::try_again:
      return {Fed::later, error.error.message};
    case LoaderRemedy::drive_aside:
      return {Fed::failed, error.error.message};
    case LoaderRemedy::stop:
      return {Fed::stop, error.error.message};
  }
  return {Fed::stop, error.error.message};
}

}  // namespace

LoaderDesk::LoaderDesk(std::unique_ptr<Loader> loader, FedBy by, std::function<void()> wake)
    : loader_(std::move(loader)), by_(by), wake_(std::move(wake)) {
  if (by_ == FedBy::loader) thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

LoaderDesk::~LoaderDesk() = default;

void LoaderDesk::load(const std::string& drive, const std::string& node) { ask(What::load, drive, node, {}); }

void LoaderDesk::take(const std::string& drive, const std::string& node, Taken taken,
                      const std::string& reason) {
  ask(taken == Taken::good ? What::take_good : What::take_rejected, drive, node, reason);
}

void LoaderDesk::ask(What what, const std::string& drive, const std::string& node,
                     const std::string& reason) {
  const LoaderDrive place{.id = drive, .node = node, .number = numbers_[drive]};
  const std::lock_guard lock(mutex_);
  wishes_.push_back({what, place, reason});
  changed_.notify_all();
}

void LoaderDesk::work(const std::stop_token& stop) {
  while (true) {
    Wish wish;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [&] { return !wishes_.empty(); })) return;
      wish = wishes_.front();
      wishes_.pop_front();
    }
    FedAnswer answer = fulfil(wish, stop);
    const std::lock_guard lock(mutex_);
    answers_.push_back({wish.what, wish.drive.id, std::move(answer)});
    wake_();
  }
}

FedAnswer LoaderDesk::fulfil(const Wish& wish, const std::stop_token& stop) {
  if (!begun_) {
    if (const auto begun = loader_->pre_batch(stop); !begun) return answer_of(begun.error());
    begun_ = true;
  }
  if (wish.what == What::load) {
    const auto loaded = loader_->load(wish.drive, stop);
    if (!loaded) return answer_of(loaded.error());
    if (*loaded == Loaded::no_more) return {Fed::no_more, {}};
    return {*loaded == Loaded::by_hand ? Fed::by_hand : Fed::done, {}};
  }
  const auto taken = wish.what == What::take_good ? loader_->unload(wish.drive, stop)
                                                  : loader_->reject(wish.drive, wish.reason, stop);
  if (!taken) return answer_of(taken.error());
  if (*taken == Unloaded::by_hand) return {Fed::by_hand, {}};
  return {*taken == Unloaded::nothing ? Fed::nothing : Fed::done, {}};
}

void LoaderDesk::serve(Station& station, Time now) {
  std::vector<Answer> answers;
  {
    const std::lock_guard lock(mutex_);
    answers.swap(answers_);
  }
  for (const Answer& answer : answers) {
    if (answer.what == What::load) {
      station.on_loaded(answer.drive, answer.answer, now);
    } else {
      station.on_taken(answer.drive, answer.answer, now);
    }
  }
}

Result<void> LoaderDesk::close(BatchEnd end) {
  if (by_ == FedBy::person) return {};
  thread_.request_stop();
  thread_.join();
  if (!begun_) return {};
  if (const auto closed = loader_->post_batch(end, {}); !closed) return fail(closed.error().error);
  return {};
}

}  // namespace binrip::batch
