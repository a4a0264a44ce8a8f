// The bed's command line.
#pragma once

#include <chrono>
#include <map>
#include <optional>
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
  std::map<Byte, int> hanging;            // opcodes that are not answered, and how often; below 0: never
  bool deaf = false;                      // after one that was not answered, none is
  std::optional<std::int32_t> eject_at;   // somebody presses the button when this sector is read
  std::optional<std::int32_t> unplug_at;  // somebody pulls the cable when this sector is read
  std::string lay_by;  // the disc that the fault "changed" puts in; empty: the same comes back
  std::optional<std::chrono::milliseconds> back_after;  // when an unplugged drive is there again
  bool offline = false;                                 // the kernel gives it up after a timeout
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
  std::string control;     // socket by which binrip-bedctl moves discs and drives; empty: none
  std::string stack;       // file with the discs that a robot has before it
  std::string movements;   // file for what was moved
  std::string disk;        // folder that is a disk of its own (preload_disk.c)
  std::vector<std::string> command;
};

// Ends the program itself for --help and for usage errors.
Options parse_options(int argc, char** argv);

}  // namespace binrip::bed
