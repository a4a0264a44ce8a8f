#include "software_drives.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>

#include "truth.hpp"

#include "binrip/sim/generated_disc.hpp"

namespace binrip::bed {

namespace {

// NAME, or NAME+N: another disc of the same kind, N sectors longer and with other contents.
sim::DiscRecipe zoo_recipe(const std::string& name) {
  const auto plus = name.find('+');
  sim::DiscRecipe recipe = sim::zoo_recipe(name.substr(0, plus));
  if (plus == std::string::npos) return recipe;
  constexpr std::uint64_t kSeeds = 1000;  // more than there are kinds
  const int more = std::atoi(name.c_str() + plus + 1);
  recipe.disc.sessions.back().lead_out += cd::SectorCount{more};
  recipe.seed += kSeeds * static_cast<std::uint64_t>(more);
  return recipe;
}

}  // namespace

bool is_disc(const std::string& name) { return name != "none" && name != "blank" && name != "dvd"; }

Result<std::shared_ptr<image::DiscImage>> open_disc(const std::string& name) {
  if (name == "demo" || !is_disc(name)) return sim::make_disc(sim::demo_recipe());
  if (name == "cd-r" || name == "cd-rw") {
    sim::DiscRecipe recipe = sim::demo_recipe();
    recipe.atip =
        cd::Atip{.rewritable = name == "cd-rw", .lead_in_start = {97, 24, 1}, .last_lead_out = {79, 59, 74}};
    return sim::make_disc(recipe);
  }
  if (name.starts_with("zoo:")) return sim::make_disc(zoo_recipe(name.substr(4)));
  if (name.starts_with("audio:")) {
    const int sectors = std::atoi(name.c_str() + std::string_view("audio:").size());
    if (sectors < 12 * 300) return fail(ErrorKind::usage, "audio:SECTORS wants 3600 or more");
    return sim::make_disc(sim::plain_recipe(cd::TrackMode::audio, 12, cd::SectorCount{sectors}));
  }
  TRY(auto image, image::open_image(name));
  return std::shared_ptr<image::DiscImage>(std::move(image));
}

std::string serial_of(const Options& options, int number) {
  return number == 0 ? options.habits.serial : fmt::format("{}-{}", options.habits.serial, number);
}

Result<BedDrive> make_drive(const Options& options, const std::string& disc_name) {
  BedDrive made;
  TRY(made.disc, open_disc(disc_name));
  made.drive = std::make_unique<sim::SimDrive>(made.disc, options.habits, options.clock);
  made.transport = std::make_unique<MoodyDrive>(*made.drive, options);
  if (!options.lay_by.empty()) {
    TRY(auto other, open_disc(options.lay_by));
    made.drive->lay_by(std::move(other));
  }
  if (disc_name == "none") made.drive->set_medium(sim::Medium::none);
  if (disc_name == "blank") made.drive->set_medium(sim::Medium::blank);
  if (disc_name == "dvd") made.drive->set_medium(sim::Medium::dvd);
  if (options.tray == sim::Tray::open) made.drive->set_tray(sim::Tray::open);
  made.drive->set_faults(options.faults);
  return made;
}

void write_statistics(const sim::SimDrive& drive, std::chrono::nanoseconds began, const std::string& path) {
  const sim::SimDrive::Statistics& numbers = drive.statistics();
  const auto milliseconds = [](std::chrono::nanoseconds time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  };
  std::ofstream file(path);
  file << fmt::format(
      "commands {}\nread_commands {}\nsectors_read {}\ncache_hits {}\nseeks {}\ngap_reads {}\ntray_locked "
      "{}\n"
      "milliseconds {}\nideal_milliseconds {}\n",
      numbers.commands, numbers.read_commands, numbers.sectors_read, numbers.cache_hits, numbers.seeks,
      numbers.gap_reads, numbers.tray_locked ? 1 : 0, milliseconds(drive.now() - began),
      milliseconds(drive.ideal_pass()));
}

const std::string& disc_name(const Options& options, std::size_t index) {
  return options.discs[std::min(index, options.discs.size() - 1)];
}

Result<void> tell_of_discs(const Options& options) {
  if (options.list_discs) {
    for (const std::string& name : sim::zoo_names()) fmt::print("{}\n", name);
  }
  if (options.truth.empty()) return {};
  TRY(const auto disc, open_disc(options.discs.front()));
  return write_truth(*disc, options.truth);
}

}  // namespace binrip::bed
