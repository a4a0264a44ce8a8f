// `binrip doctor`, from its options to its exit code.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "doctor_checks.hpp"

namespace binrip::drive {
struct ConfigFile;
}

namespace binrip::cli {

struct DeviceOptions;
struct DoctorInvocation;
struct Host;

int doctor_command(const DoctorInvocation& options, Host& host);

// What it found out about a drive, or with no device about the machine.
struct Diagnosis {
  std::string device;
  std::vector<Finding> findings;
  bool usable() const;  // no finding is a problem
};
Diagnosis examine(const DeviceOptions& options, Host& host, const drive::ConfigFile& config,
                  const std::filesystem::path& root);

}  // namespace binrip::cli
