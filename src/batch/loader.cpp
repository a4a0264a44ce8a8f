#include "binrip/batch/loader.hpp"

namespace binrip::batch {
namespace {

class HandLoader : public Loader {
 public:
  LoaderResult<void> pre_batch(const std::stop_token& /*stop*/) override { return {}; }
  LoaderResult<Loaded> load(const LoaderDrive& /*drive*/, const std::stop_token& /*stop*/) override {
    return Loaded::by_hand;
  }
  LoaderResult<Unloaded> unload(const LoaderDrive& /*drive*/, const std::stop_token& /*stop*/) override {
    return Unloaded::by_hand;
  }
  LoaderResult<Unloaded> reject(const LoaderDrive& /*drive*/, std::string_view /*reason*/,
                                const std::stop_token& /*stop*/) override {
    return Unloaded::by_hand;
  }
  LoaderResult<void> post_batch(BatchEnd /*end*/, const std::stop_token& /*stop*/) override { return {}; }
};

}  // namespace

std::string_view to_string(LoaderRemedy remedy) {
  switch (remedy) {
    case LoaderRemedy::try_again:
      return "try again";
    case LoaderRemedy::drive_aside:
      return "put the drive aside";
    case LoaderRemedy::stop:
      return "stop";
  }
  return "unknown";
}

std::unique_ptr<Loader> make_hand_loader() { return std::make_unique<HandLoader>(); }

}  // namespace binrip::batch
