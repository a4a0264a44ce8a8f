// An MMC drive in software: command block in, data or sense out, over a disc, with a drive's habits, faults
// and a time model. The same object serves tests in process and the test bed behind /dev/sr0.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "binrip/drive/profile.hpp"
#include "binrip/drive/transport.hpp"
#include "binrip/image/disc_image.hpp"
#include "binrip/sim/clock.hpp"

namespace binrip::sim {

// What its C2 bits are worth.
enum class C2Manner {
  honest,
  always_on,  // every bit of every sector
  silent,     // never one
};

// What becomes of the vendor command D8.
enum class VendorD8 {
  none,      // the drive does not know it
  reads,     // Plextor's READ CD-DA: any sector as audio
  filtered,  // the system between does not let it pass
};

// How this drive is made. Defaults: a good drive.
struct Habits {
  std::string name = "sim:drive";  // for messages
  std::string vendor = "BINRIP", product = "SOFTWARE DRIVE", revision = "1.0", serial = "SIM00001";
  int read_offset = 0;  // samples; delivered[x + N] = disc[x]: the correction value a reader must use
  drive::C2Support c2 = drive::C2Support::bits_and_block;
  C2Manner c2_manner = C2Manner::honest;
  int c2_late = 0;  // sectors: the bits of a sector come with the one so much later (negative: earlier)
  drive::SubSupport sub = drive::SubSupport::raw;
  drive::FieldOrder order = drive::FieldOrder::main_c2_sub;
  drive::Combination combination = drive::Combination::together;
  std::uint32_t transfer_limit = 128 * 1024;  // a larger one is a bus error without sense, as Linux answers
  int overread_lead_in = 150;                 // sectors below LBA 0 that can be read
  int overread_lead_out = 2;                  // sectors beyond a lead-out's start that can be read
  bool audio_over_data = false;               // READ CD as CD-DA of a data sector: scrambled bytes; else 5/64
  VendorD8 vendor_d8 = VendorD8::none;
  bool always_corrects = false;          // MODE SELECT of page 01h with TB or DCR is refused
  bool full_toc = true, cd_text = true;  // formats 2 and 5 of READ TOC
  bool reports_capabilities = true;      // mode page 2Ah
  // A formatted Q whose CRC is wrong comes as zeros; else as it was read.
  bool formatted_q_is_checked = true;
  std::uint32_t cache_kib = 2048;                                  // 0: none
  std::optional<std::uint32_t> reported_cache_kib = std::nullopt;  // what it says; else the truth
  bool honours_fua = true;   // READ(12) with FUA drops the cache; else it answers GOOD all the same
  int jitter = 0;            // no accurate stream: audio begins up to that many samples off …
  double jitter_chance = 1;  // … at so many of the transfers that read from the disc; Q does not show it
  std::optional<bool> reported_accurate_stream = std::nullopt;  // what it says; else the truth
  int max_speed = 48;                                           // ×, CAV
  int slow_after_error = 0;  // ×, as fast as it is for a while after a hard error; 0: as before
  std::chrono::seconds slow_time{90};
  double long_error_chance = 0;  // of a hard error to take 50 s, not 0.5 to 10
  int becoming_ready_polls = 0;  // TEST UNIT READY answers 2/04/01 that often after loading
  bool unit_attention = true;    // 6/28 after loading, once
};

enum class Tray { closed, open };
enum class Medium { disc, none, blank, dvd };

// Faults at sectors, as a map: the next commands that touch them see these. c2, hard, q, neighbour and slip
// are what a reading of the disc gives, and stay for as long as the sector is in the cache; c2 and hard are
// places on the disc, so that audio meets them shifted by the read offset. The others are met by any command
// that names the address.
struct Fault {
  enum class Kind {
    c2,         // wrong bytes in the main channel, flagged by C2 when `flagged`
    hard,       // 3/11/05 for the command, with the address; the sectors before it are delivered. A data
                // sector comes with `bytes` wrong bytes when mode page 01h has TB and DCR set, or read
                // as audio
    q,          // wrong bits in Q
    neighbour,  // the sector `distance` sectors on is delivered in its place, as `part` says
    slip,       // streaming is lost: from here to the end of the transfer audio is `distance` samples on
    aborted,    // B/00 for the command
    hang,       // the command times out
    reset,      // 6/29/00 for the command; mode pages, speed and lock forgotten
    changed,    // the disc laid by is put in; 6/28/00 (2/3A/02 from a drive that becomes ready slowly)
    vanish,     // the drive is gone
    zeros,      // success, buffer zero from this sector on
    untouched,  // success, buffer untouched from this sector on
    previous,   // success, from this sector on the buffer has what the read before left there
  };
  enum class Part { all, main, sub };
  Kind kind = Kind::hard;
  bool flagged = true;        // c2: whether C2 tells
  bool repeats = false;       // c2, q: the same wrong bytes at every reading
  int bytes = 1;              // c2, q: how many wrong bytes (q: 4 at most)
  int distance = 1;           // neighbour: sectors; slip: samples, negative when some come twice
  Part part = Part::all;      // neighbour: what of the sector is the other's
  int reads_until_good = -1;  // the fault is gone after that many reads from the disc; -1: never
  double success = 0.0;       // chance that one read succeeds all the same
};
using FaultMap = std::multimap<std::int32_t, Fault>;

class SimDrive : public drive::Transport {
 public:
  // Shares the disc. `seed` makes the faults' randomness repeatable.
  SimDrive(std::shared_ptr<image::DiscImage> disc, Habits habits, Clock clock = Clock::virtual_time,
           std::uint64_t seed = 1);
  ~SimDrive() override;

  Result<drive::Completion> execute(const drive::Cdb& cdb, drive::Direction direction, MutableBytes data,
                                    std::chrono::milliseconds timeout) override;
  std::size_t max_transfer() const override;
  std::string name() const override;
  std::chrono::nanoseconds now() const override;
  void wait(std::chrono::milliseconds duration) override;

  // What an operator does. A new disc, or a closed tray with one in it, is told by unit attention; the tray
  // opens for an operator even when it is locked.
  void insert(std::shared_ptr<image::DiscImage> disc);
  void set_medium(Medium medium);
  void set_tray(Tray tray);
  Tray tray() const;
  // A disc on the open tray, or with null none: the drive finds it when the tray is closed. What is no disc
  // is told by set_medium() afterwards.
  void lay_on_tray(std::shared_ptr<image::DiscImage> disc);
  void reset();      // a bus reset: 6/29/00 for the next command; mode pages, speed and lock forgotten
  void vanish();     // every command from now on: no_device
  void come_back();  // plugged in again, as after power-on
  void set_faults(const FaultMap& faults);
  // The disc that Fault::Kind::changed puts in; without one the same disc comes back.
  void lay_by(std::shared_ptr<image::DiscImage> disc);

  struct Statistics {
    std::int64_t commands = 0, read_commands = 0;
    std::int64_t sectors_read = 0;  // delivered, from the disc or the cache
    std::int64_t seeks = 0;
    std::int64_t cache_hits = 0;  // reads whose sectors were all there already
    std::int64_t gap_reads = 0;   // READ CDs that touched a gap between sessions
    // Counts how often the cache was emptied. A sector delivered under two numbers was read from the disc
    // twice, under one number once.
    std::int64_t cache_age = 0;
    // While the disc turned: for how long no read was outstanding although the drive had all that the next
    // one asked for, or could do nothing before it came. What the host does while the drive still reads costs
    // nothing.
    std::chrono::nanoseconds host_wait{};
    std::int64_t times_full = 0;  // how often the host fetched so little that reading ahead had to stop
    bool tray_locked = false;
    std::map<Byte, std::int64_t> by_opcode;
  };
  const Statistics& statistics() const;
  // Drive time of one pass over the whole disc at full speed in the time model, from spin-up on, without any
  // overhead.
  std::chrono::nanoseconds ideal_pass() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace binrip::sim
