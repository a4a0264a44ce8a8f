#include "moody_drive.hpp"

namespace binrip::bed {
namespace {

constexpr Byte kReadCd = 0xBE;

// Whether the command reads that sector; if so, it is not to happen again.
bool happens_now(std::optional<std::int32_t>& at, const drive::Cdb& cdb) {
  if (!at || cdb.opcode() != kReadCd) return false;
  const auto start = static_cast<std::int32_t>(load_be32(cdb.view(), 2));
  const auto count = static_cast<std::int32_t>(load_be24(cdb.view(), 6));
  if (*at < start || *at >= start + count) return false;
  at.reset();
  return true;
}

}  // namespace

std::size_t cdb_length(Byte opcode) {
  switch (opcode >> 5) {
    case 0:
      return 6;
    case 1:
    case 2:
      return 10;
    case 4:
      return 16;
    default:
      return 12;
  }
}

MoodyDrive::MoodyDrive(sim::SimDrive& drive, const Options& options)
    : drive_(drive),
      hanging_(options.hanging),
      deafens_(options.deaf),
      eject_at_(options.eject_at),
      unplug_at_(options.unplug_at),
      unplug_after_(options.vanish_after) {}

Result<drive::Completion> MoodyDrive::execute(const drive::Cdb& cdb, drive::Direction direction,
                                              MutableBytes data, std::chrono::milliseconds timeout) {
  const std::scoped_lock lock(mutex_);
  if (happens_now(deaf_at_, cdb)) fall_deaf();
  if ((troubled_ && deaf_) || hangs(cdb)) return fail(ErrorKind::timeout, "no answer");
  if (troubled_ && unplug_after_ >= 0 && unplug_after_-- == 0) {
    return fail(ErrorKind::no_device, "the cable was pulled");
  }
  if (happens_now(unplug_at_, cdb)) return fail(ErrorKind::no_device, "the cable was pulled");
  if (happens_now(eject_at_, cdb)) drive_.set_tray(sim::Tray::open);
  auto answer = drive_.execute(cdb, direction, data, timeout);
  if (!answer && answer.error().kind == ErrorKind::timeout) deaf_ = deafens_;
  return answer;
}

bool MoodyDrive::hangs(const drive::Cdb& cdb) {
  if (!troubled_) return false;
  const auto found = hanging_.find(cdb.opcode());
  if (found == hanging_.end() || found->second == 0) return false;
  if (found->second > 0) --found->second;
  deaf_ = deafens_;
  return true;
}

}  // namespace binrip::bed
