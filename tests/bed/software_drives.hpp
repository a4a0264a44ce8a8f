// The drives that a bed puts behind device nodes: a disc of the user's choice in a software drive.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "moody_drive.hpp"
#include "options.hpp"

#include "binrip/image/disc_image.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::bed {

struct BedDrive {
  std::shared_ptr<image::DiscImage> disc;  // what `none`, `blank` and `dvd` have in place of one is not read
  std::unique_ptr<sim::SimDrive> drive;
  std::unique_ptr<MoodyDrive> transport;  // to it; what the nodes stand for
};

// Whether the name is that of a disc that can be read, and not `none`, `blank` or `dvd`.
bool is_disc(const std::string& name);

Result<std::shared_ptr<image::DiscImage>> open_disc(const std::string& name);

// Of the drive that has this number at first: drives of one model differ by it.
std::string serial_of(const Options& options, int number);

// With the habits and faults that the options tell.
Result<BedDrive> make_drive(const Options& options, const std::string& disc_name);

// The disc of the drive that stands at `index` in Options::numbers.
const std::string& disc_name(const Options& options, std::size_t index);

// Does what Options::list_discs and Options::truth ask for.
Result<void> tell_of_discs(const Options& options);

// `began`: the drive's time when the command started.
void write_statistics(const sim::SimDrive& drive, std::chrono::nanoseconds began, const std::string& path);

}  // namespace binrip::bed
