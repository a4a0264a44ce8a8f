#include "drive/choose_way.hpp"

namespace binrip::drive {
namespace {

bool writable(std::optional<Access> access) { return access == Access::read_write; }

// The sr node: there the drive's data goes straight into the program's buffer. Through an sg node the kernel
// copies, and what a lying drive did not send is whatever its own buffer held. Unless the sg node allows
// more.
std::string node_for_sg(const WayFacts& facts) {
  if (facts.block.empty() || facts.generic_asked) return facts.generic;
  if (facts.generic.empty()) return facts.block;
  const bool better = (writable(facts.generic_access) && !writable(facts.block_access)) ||
                      (facts.generic_access.has_value() && !facts.block_access);
  return better ? facts.generic : facts.block;
}

}  // namespace

Way choose_way(TransportChoice choice, const WayFacts& facts) {
  const auto sg = [&](std::string why) { return Way{Way::Kind::sg, node_for_sg(facts), std::move(why)}; };
  if (choice == TransportChoice::sg) return sg("it was asked for");
  if (choice == TransportChoice::cdio) {
    return {Way::Kind::cdio, facts.block.empty() ? facts.generic : facts.block, "it was asked for"};
  }
  if (facts.block.empty()) return sg("there is no sr node");
  if (facts.generic_asked) return sg("the sg node was given");
  if (!facts.block_access && facts.generic_access) return sg("the sr node may not be opened");
  if (!writable(facts.block_access) && writable(facts.generic_access)) {
    return sg("the sr node may only be read");
  }
  if (facts.block_access && !facts.timeouts_can_be_set) {
    return sg("the kernel takes no timeout for commands from libcdio");
  }
  if (facts.block_access && facts.bus != Bus::ata) {
    return sg("on this bus a lost command looks like a success to libcdio");
  }
  return {Way::Kind::cdio, facts.block, "timeouts hold, and the bus tells its errors as sense data"};
}

}  // namespace binrip::drive
