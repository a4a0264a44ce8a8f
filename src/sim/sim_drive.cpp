#include "binrip/sim/sim_drive.hpp"

#include "unit.hpp"

namespace binrip::sim {

struct SimDrive::State {
  Unit unit;
};

SimDrive::SimDrive(std::shared_ptr<image::DiscImage> disc, Habits habits, Clock clock, std::uint64_t seed)
    : state_(std::make_unique<State>(State{Unit(std::move(disc), std::move(habits), clock, seed)})) {}
SimDrive::~SimDrive() = default;

Result<drive::Completion> SimDrive::execute(const drive::Cdb& cdb, drive::Direction direction,
                                            MutableBytes data, std::chrono::milliseconds timeout) {
  return state_->unit.execute(cdb, direction, data, timeout);
}
std::size_t SimDrive::max_transfer() const { return state_->unit.habits().transfer_limit; }
std::string SimDrive::name() const { return state_->unit.habits().name; }
std::chrono::nanoseconds SimDrive::now() const { return state_->unit.time().now(); }
void SimDrive::wait(std::chrono::milliseconds duration) {
  TimeModel& time = state_->unit.time();
  time.wait_until(time.now() + duration);
}

void SimDrive::insert(std::shared_ptr<image::DiscImage> disc) { state_->unit.insert(std::move(disc)); }
void SimDrive::set_medium(Medium medium) { state_->unit.set_medium(medium); }
void SimDrive::set_tray(Tray tray) { state_->unit.set_tray(tray); }
Tray SimDrive::tray() const { return state_->unit.tray(); }
void SimDrive::lay_on_tray(std::shared_ptr<image::DiscImage> disc) {
  state_->unit.lay_on_tray(std::move(disc));
}
void SimDrive::vanish() { state_->unit.vanish(); }
void SimDrive::come_back() { state_->unit.come_back(); }
void SimDrive::reset() { state_->unit.reset(); }
void SimDrive::set_faults(const FaultMap& faults) { state_->unit.set_faults(faults); }
void SimDrive::lay_by(std::shared_ptr<image::DiscImage> disc) { state_->unit.lay_by(std::move(disc)); }
const SimDrive::Statistics& SimDrive::statistics() const { return state_->unit.statistics(); }
std::chrono::nanoseconds SimDrive::ideal_pass() const { return state_->unit.ideal_pass(); }

}  // namespace binrip::sim
