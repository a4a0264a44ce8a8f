// The command line of `binrip batch`.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "binrip/batch/changer.hpp"
#include "binrip/batch/on_copy.hpp"
#include "binrip/batch/web_server.hpp"
#include "binrip/cli/output_options.hpp"

namespace binrip::cli {

struct BatchInvocation {
  std::filesystem::path archive;
  std::vector<std::string> drives = {"all"};
  std::string name_template;         // empty: the usual one
  std::filesystem::path list;        // empty: none
  std::filesystem::path hooks;       // with `changer` empty; both empty: a person brings the discs
  std::string changer;               // "/dev/sg3"
  std::vector<int> changer_drives;   // elements, one for each drive; empty: 0, 1, …
  std::vector<int> changer_rejects;  // slots
  batch::DoneDiscs changer_done = batch::DoneDiscs::home;
  batch::OnCopy on_copy = batch::OnCopy::skip;
  std::chrono::seconds silence{900};
  std::vector<std::string> rip_options;  // after "--"
  ProgressKind progress = ProgressKind::automatic;
  std::optional<batch::ListenAddress> listen;
  std::filesystem::path control_token;  // the file; empty: look only
  std::string notify;                   // a program, or "desktop"; empty: none
};

}  // namespace binrip::cli
