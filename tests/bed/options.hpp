// The bed's command line.
#pragma once

#include <string>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::bed {

struct Options {
  // One for each drive; the last one holds for the drives beyond. "none", "blank" and "dvd" are media too.
  std::vector<std::string> discs{"demo"};
  std::vector<int> numbers{0};  // /dev/srN
  sim::Habits habits;
  sim::Tray tray = sim::Tray::closed;
  sim::FaultMap faults;
  std::string lay_by;  // the disc that a "changed" fault puts in; empty: the same comes back
  sim::Clock clock = sim::Clock::virtual_time;
  int vanish_after = -1;  // commands
  int reappear_as = -1;   // the number that a drive comes back under after it has vanished; -1: never
  std::string bus = "ata";
  int hang_milliseconds = 100;
  bool keep_unit_attention = false;
  bool plain = false;  // the command runs without our sanitizers' runtime
  bool list_discs = false;
  std::string deny;        // "all", "write", "block", or empty
  std::string truth;       // folder to write the first disc to
  std::string statistics;  // file for the first drive's
  std::vector<std::string> command;
};

// Ends the program itself for --help and for usage errors.
Options parse_options(int argc, char** argv);

}  // namespace binrip::bed
