// What the engine tells whoever watches. The core reports, others print.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "binrip/cd/address.hpp"
#include "binrip/cd/sector_state.hpp"

namespace binrip::rip {

struct Progress {
  int pass = 1, passes = 1;       // passes may grow
  std::string pass_name;          // "reading", "trimming", "sweep 3", …; one or two words, ASCII
  int track = 0, last_track = 0;  // where the head is; 0 before the first
  cd::Lba lba;
  std::int64_t sectors_done = 0, sectors_total = 0;  // of this pass
  double speed = 0;                                  // ×, over the last few seconds
  std::chrono::seconds remaining{0};                 // estimate; 0 while unknown
  cd::StateCounts states{};                          // of the whole image
  std::int64_t sectors_not_good = 0;                 // of these, below consistent: what passes still try for
  std::int64_t c2_sectors = 0, medium_errors = 0, other_errors = 0;
};

enum class Severity { info, note, warning };

// Called from the engine's own threads, one call at a time; must return quickly.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void on_progress(const Progress&) {}
  // A step of the rip begins: "waiting for the disc", "reading the TOC", …
  virtual void on_stage(const std::string&) {}
  // Something a person should know, one line.
  virtual void on_message(Severity, const std::string&) {}
};

}  // namespace binrip::rip
