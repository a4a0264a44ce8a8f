// What a robot and a person do at a station of software drives, told by binrip-bedctl through a socket: discs
// are laid on open trays and taken from them, trays closed, cables pulled. Knows where every disc is, and
// writes every movement down.
#pragma once

#include <deque>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "options.hpp"
#include "software_drives.hpp"
#include "testbed.hpp"

namespace binrip::bed {

// A thing that lies in a drive or on a pile: its own name, and what is on it (see Station::lay_down).
struct PhysicalDisc {
  std::string name, spec;
};

// Lines "NAME SPEC"; empty ones and those that begin with # are passed over.
Result<std::deque<PhysicalDisc>> read_stack(const std::string& path);

class Station {
 public:
  // Keeps all by reference. `plug_in`: shows a drive under a number, with this in it.
  using PlugIn = std::function<void(std::size_t index, int number, UdevMedia media)>;
  static Result<std::unique_ptr<Station>> open(const Options& options, Testbed& testbed,
                                               std::vector<BedDrive>& drives, PlugIn plug_in);
  ~Station();
  Station(const Station&) = delete;
  Station& operator=(const Station&) = delete;

  // Answers what has been asked, and tells udev of trays that programs have opened or closed.
  void tick();
  void on_gone(int number);

 private:
  struct Bay {
    BedDrive& drive;
    std::string serial;
    std::optional<int> number;                        // of its nodes; nothing: unplugged
    std::optional<PhysicalDisc> disc = std::nullopt;  // in it, or on its tray
    sim::Tray tray = sim::Tray::closed;               // as udev was told last
  };
  struct Reply {
    int code = 0;
    std::string text;
  };
  static Reply no(std::string why) { return {1, std::move(why)}; }

  Station(const Options& options, Testbed& testbed, PlugIn plug_in);
  Result<void> listen(const std::string& path);
  Reply answer(const std::string& request);
  Reply command(const std::string& verb, Bay& bay, const std::vector<std::string>& words);
  Bay* find(const std::string& name);
  Reply state();

  // On an open tray.
  Reply put(Bay& bay, const std::string& verb, PhysicalDisc disc);
  Reply take(Bay& bay, const std::string& verb);
  Reply load(Bay& bay);
  Reply move_tray(Bay& bay, sim::Tray tray);
  Reply replug(Bay& bay, const std::string& number);
  std::optional<Reply> hindrance(const Bay& bay) const;
  Result<void> lay_down(Bay& bay, const PhysicalDisc& disc);
  void follow_tray(Bay& bay, const char* who);
  void write_down(const std::string& what, const Bay& bay, const std::string& disc);

  const Options& options_;
  Testbed& testbed_;
  PlugIn plug_in_;
  std::vector<Bay> bays_;
  std::deque<PhysicalDisc> stack_;
  std::ofstream movements_;
  int socket_ = -1;
};

}  // namespace binrip::bed
