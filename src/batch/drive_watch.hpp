// Says that something has happened to a drive: one came or went, a disc was put in or taken out.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace binrip::batch {

// Events of udev. Where there is no udev there are none, and looking now and then has to do: events tell
// early, they do not tell all. One thread.
class DriveWatch {
 public:
  DriveWatch();
  ~DriveWatch();
  DriveWatch(const DriveWatch&) = delete;
  DriveWatch& operator=(const DriveWatch&) = delete;

  int descriptor() const;  // for poll(2); -1: there is none
  // The nodes of drives that something has happened to, without waiting.
  std::vector<std::string> events();

 private:
  struct Handles;
  std::unique_ptr<Handles> handles_;
};

}  // namespace binrip::batch
