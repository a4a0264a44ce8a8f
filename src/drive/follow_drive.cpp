#include "drive/follow_drive.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "binrip/drive/drive.hpp"

namespace binrip::drive {
namespace {

using std::chrono::milliseconds;

Result<DriveMarks> ask_marks(Transport& transport) {
  Drive drive(transport);
  TRY(const Inquiry inquiry, drive.inquiry());
  const auto serial = drive.serial_number();
  return DriveMarks{inquiry.vendor, inquiry.product, serial.value_or(std::string()), {}, {}};
}

class FollowingTransport : public Transport {
 public:
  FollowingTransport(std::unique_ptr<Transport> inner, DriveSearch search)
      : inner_(std::move(inner)), search_(std::move(search)) {
    if (auto marks = ask_marks(*inner_)) marks_ = std::move(*marks);
    const auto drives = search_.find();
    if (!drives) return;
    for (const FoundDrive& found : *drives) {
      if (found.node != inner_->name() && found.generic_node != inner_->name()) continue;
      marks_.udev_serial = found.serial;
      marks_.by_path = found.by_path;
    }
  }

  Result<Completion> execute(const Cdb& cdb, Direction direction, MutableBytes data,
                             milliseconds timeout) override {
    return inner_->execute(cdb, direction, data, timeout);
  }

  Result<void> reopen() override {
    auto there = reopen_node();
    if (there) return {};
    if (there.error().kind != ErrorKind::no_device) return there;
    const auto deadline = inner_->now() + search_.limit;
    const std::string before = inner_->name();
    // The count ends the loop even over a clock that stands still.
    for (auto tries = search_.limit / search_.interval; tries >= 0; --tries) {
      if (look_for_it()) return {};
      if (inner_->now() >= deadline) break;
      inner_->wait(search_.interval);
    }
    return fail(ErrorKind::no_device,
                fmt::format("the drive that was {} has not come back within {} s", before,
                            search_.limit.count() / 1000),
                "check the cable and the power; the same command goes on where this one stopped");
  }

  std::size_t max_transfer() const override { return inner_->max_transfer(); }
  std::string name() const override { return inner_->name(); }
  std::chrono::nanoseconds now() const override { return inner_->now(); }
  void wait(milliseconds duration) override { inner_->wait(duration); }

 private:
  // A drive in trouble that does not say who it is stays the one that it was.
  Result<void> reopen_node() {
    TRY_VOID(inner_->reopen());
    const auto now = ask_marks(*inner_);
    if (!now && now.error().kind == ErrorKind::no_device) return fail(now.error());
    if (!now || marks_.product.empty()) return {};
    const bool same_model = now->vendor == marks_.vendor && now->product == marks_.product;
    const bool another = !now->serial.empty() && !marks_.serial.empty() && now->serial != marks_.serial;
    if (same_model && !another) return {};
    return fail(ErrorKind::no_device, fmt::format("another drive is {} now", inner_->name()));
  }

  bool look_for_it() {
    const auto drives = search_.find();
    if (!drives) return false;
    for (const FoundDrive& found : *drives) {
      if (!may_be(found, marks_)) continue;
      auto opened = search_.open(found.node);
      if (!opened) continue;
      const auto now = ask_marks(*opened->transport);
      if (!now || now->vendor != marks_.vendor || now->product != marks_.product) continue;
      if (now->serial != marks_.serial) continue;
      inner_ = std::move(opened->transport);
      return true;
    }
    return false;
  }

  std::unique_ptr<Transport> inner_;
  DriveSearch search_;
  DriveMarks marks_;
};

bool share_one(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](const std::string& name) { return std::find(b.begin(), b.end(), name) != b.end(); });
}

}  // namespace

bool may_be(const FoundDrive& found, const DriveMarks& marks) {
  if (!found.model.empty() && !marks.product.empty() && found.model != marks.product) return false;
  if (!marks.udev_serial.empty() && !found.serial.empty()) return found.serial == marks.udev_serial;
  if (!marks.by_path.empty() && !found.by_path.empty()) return share_one(found.by_path, marks.by_path);
  return !marks.serial.empty();
}

std::unique_ptr<Transport> follow_drive(std::unique_ptr<Transport> transport, DriveSearch search) {
  return std::make_unique<FollowingTransport>(std::move(transport), std::move(search));
}

}  // namespace binrip::drive
