// Stations as displays are shown them in tests.
#pragma once

#include "binrip/batch/station_view.hpp"

namespace binrip::test {

inline batch::RipProgress progress_of(std::int64_t done, std::int64_t total, double speed) {
  batch::RipProgress p;
  p.pass_name = "reading";
  p.pass = p.passes = 1;
  p.last_track = 12;
  p.track = static_cast<int>(1 + done * 11 / total);
  p.sectors_done = done;
  p.sectors_total = total;
  p.speed = speed;
  p.sectors_not_good = total - done;
  return p;
}

// Eight drives in all kinds of stages, texts of many scripts, three discs finished, two needs.
inline batch::StationView busy_station() {
  using batch::DiscEnd;
  using batch::DriveStage;
  batch::StationView view;
  view.archive = "/srv/archive";
  view.started = "2026-11-26T09:00:00Z";
  view.free_bytes = 1'234'567'890'123;
  view.ends = {41, 2, 1, 5, 3};
  const auto add = [&](std::string id, std::string node, std::string name, DriveStage stage,
                       std::string disc) {
    batch::DriveView drive;
    drive.id = std::move(id);
    drive.node = std::move(node);
    drive.name = std::move(name);
    drive.stage = stage;
    drive.disc = std::move(disc);
    view.drives.push_back(std::move(drive));
    return &view.drives.back();
  };
  auto* drive =
      add("ATA-0001", "/dev/sr0", "PLEXTOR DVDR PX-716A", DriveStage::ripping, "Miles Davis - Kind of Blue");
  drive->progress = progress_of(137'812, 333'000, 23.4);
  drive->progress->time_left = std::chrono::seconds(112);
  drive->discs_published = 12;
  drive->discs_failed = 1;
  drive = add("USB-0002", "/dev/sr1", "HL-DT-ST BD-RE WH16NS40", DriveStage::ripping,
              "坂本龍一 - 千のナイフ Thousand Knives");
  drive->progress = progress_of(4'100, 5'120, 1.6);
  drive->progress->pass = 3;
  drive->progress->passes = 5;
  drive->progress->pass_name = "scraping";
  drive->progress->c2_sectors = 311;
  drive->progress->medium_errors = 17;
  add("ATA-0003", "/dev/sr2", "PIONEER BD-RW BDR-212D", DriveStage::empty, "");
  add("ATA-0004", "/dev/sr3", "PIONEER BD-RW BDR-212D", DriveStage::identifying, "");
  add("ATA-0005", "/dev/sr10", "ASUS DRW-24D5MT", DriveStage::verifying, "Sigur Rós - ( )");
  drive = add("ATA-0006", "/dev/sr11", "ASUS DRW-24D5MT", DriveStage::done, "Encarta 97");
  drive->reason = "12 sectors could not be read";
  drive = add("ATA-0007", "/dev/sr12", "LITE-ON LTR-52327S", DriveStage::set_aside, "");
  drive->reason = "it has not answered for 120 s";
  add("USB-0008", "", "Slimtype DVD A DS8A5SH", DriveStage::gone, "");
  view.finished = {
      {"2026-11-26T11:14:02Z", "ATA-0006", "Encarta 97", "failed/Encarta 97", DiscEnd::failed, 3,
       "12 sectors could not be read"},
      {"2026-11-26T11:12:40Z", "ATA-0001", "Björk - Homogenic", "Björk/Homogenic [a1b2c3]",
       DiscEnd::published, 0, "every sector is proven or consistent"},
      {"2026-11-26T11:09:13Z", "ATA-0005", "Björk - Homogenic", "", DiscEnd::skipped, 0,
       "in the archive already"},
  };
  view.needs_a_hand = {"take the disc out of drive 11", "drive 12 does not answer: switch it off and on"};
  return view;
}

}  // namespace binrip::test
