// The logical unit of a software drive: what a SCSI target does with a command block.
#pragma once

#include <memory>
#include <optional>

#include "fault_board.hpp"
#include "sector_reader.hpp"
#include "surface.hpp"
#include "time_model.hpp"

#include "binrip/drive/commands.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::sim {

// Where in the loading of a disc the unit is.
struct Loading {
  Medium medium = Medium::disc;
  Tray tray = Tray::closed;
  int polls_left = 0;  // until it is ready
  // Told once, in place of the next command that minds.
  std::optional<drive::Sense> attention;
  drive::MediaEvent::Code event = drive::MediaEvent::Code::none;
};

class Unit {
 public:
  Unit(std::shared_ptr<image::DiscImage> disc, Habits habits, Clock clock, std::uint64_t seed);

  Result<drive::Completion> execute(const drive::Cdb& cdb, drive::Direction direction, MutableBytes data,
                                    std::chrono::milliseconds timeout);

  void insert(std::shared_ptr<image::DiscImage> disc);
  void set_medium(Medium medium);
  void set_tray(Tray tray);
  Tray tray() const { return loading_.tray; }
  void lay_on_tray(std::shared_ptr<image::DiscImage> disc);
  void reset();
  void vanish() { vanished_ = true; }
  void come_back();
  void lay_by(std::shared_ptr<image::DiscImage> disc) { laid_by_ = std::move(disc); }
  void set_faults(const FaultMap& faults) { faults_.set(faults); }

  const Habits& habits() const { return habits_; }
  TimeModel& time() { return time_; }
  const TimeModel& time() const { return time_; }
  const SimDrive::Statistics& statistics() const { return statistics_; }
  Time ideal_pass() const;

 private:
  using Completion = drive::Completion;
  struct Command {
    const drive::Cdb& cdb;
    drive::Direction direction;
    MutableBytes data;
    Time deadline;
    Byte operator[](std::size_t at) const { return cdb.bytes[at]; }
    Bytes bytes() const { return cdb.bytes; }
  };
  // What a command depends on.
  enum class Needs { nothing, attention, medium };
  struct Entry {
    Byte opcode;
    Needs needs;
    drive::Direction direction;
    Result<Completion> (Unit::*handler)(const Command&);
  };
  static const Entry* find(Byte opcode);

  // --- answers (unit.cpp) ---
  static Completion good();
  static Completion refuse(Byte key, Byte asc, Byte ascq);
  static Completion invalid_field() { return refuse(5, 0x24, 0x00); }
  // Hands over as much of `reply` as the allocation length and the buffer take.
  static Completion answer(const Command& command, Bytes reply, std::size_t allocation);
  std::optional<Completion> not_ready(Needs needs);
  void load();
  void unload();
  bool has_disc() const { return loading_.medium == Medium::disc && surface_ && surface_->has_content(); }

  // --- the drive (unit_drive.cpp) ---
  Result<Completion> test_unit_ready(const Command& c);
  Result<Completion> request_sense(const Command& c);
  Result<Completion> inquiry(const Command& c);
  Result<Completion> start_stop(const Command& c);
  Result<Completion> prevent_allow(const Command& c);
  Result<Completion> get_configuration(const Command& c);
  Result<Completion> get_event_status(const Command& c);
  Result<Completion> mechanism_status(const Command& c);
  Result<Completion> set_cd_speed(const Command& c);
  Result<Completion> set_streaming(const Command& c);
  Result<Completion> read_buffer_capacity(const Command& c);
  ByteVector vital_product_data(Byte page) const;
  std::uint16_t current_profile() const;

  // --- mode pages (unit_mode.cpp) ---
  Result<Completion> mode_sense_6(const Command& c);
  Result<Completion> mode_sense_10(const Command& c);
  Result<Completion> mode_select_6(const Command& c);
  Result<Completion> mode_select_10(const Command& c);
  std::optional<ByteVector> mode_pages(Byte page, Byte control) const;
  ByteVector capabilities_page() const;
  Completion select_pages(Bytes pages);

  // --- the disc (unit_disc.cpp) ---
  Result<Completion> read_toc(const Command& c);
  Result<Completion> read_toc_without_cd(const Command& c, Byte format);
  Result<Completion> read_disc_information(const Command& c);
  Result<Completion> read_track_information(const Command& c);
  Result<Completion> read_subchannel(const Command& c);
  Result<Completion> read_header(const Command& c);
  Result<Completion> read_capacity(const Command& c);
  Result<Completion> seek(const Command& c);
  void append_position(ByteVector& reply, bool msf) const;
  void append_mcn(ByteVector& reply) const;
  bool append_isrc(ByteVector& reply, Byte number) const;
  std::optional<ByteVector> toc_reply(Byte format, Byte from, bool msf) const;
  std::optional<std::pair<std::size_t, std::size_t>> find_track(unsigned by, std::uint32_t wanted) const;
  std::optional<ByteVector> track_information_of(std::size_t session, std::size_t track) const;

  // --- reading (unit_read.cpp) ---
  Result<Completion> read_cd(const Command& c);
  Result<Completion> read_cd_msf(const Command& c);
  Result<Completion> read_vendor_d8(const Command& c);
  Result<Completion> read_10(const Command& c);
  Result<Completion> read_12(const Command& c);
  Result<Completion> read_blocks(const Command& c, cd::Lba begin, std::uint32_t count,
                                 bool force_unit_access);
  Result<Completion> transfer(const Command& c, const ReadRequest& request);
  // Why a transfer ended before its last sector, and what to answer.
  struct Stop {
    enum class Reason { none, refused, unreadable, gap, command };
    Reason reason = Reason::none;
    Completion completion = good();
    Fault::Kind fault = Fault::Kind::aborted;  // command: what befell it
  };
  Result<Completion> stream_out(const Command& c, const ReadRequest& request);
  Stop stop_before(const ReadRequest& request, SectorReader& reader, cd::Lba lba, Delivered& sector,
                   std::optional<cd::SectorKind>& first_kind);
  Result<Completion> conclude(const Command& c, const Stop& stop, cd::Lba lba, Time arrived,
                              std::size_t done);
  Result<Completion> conclude_faulty(const Command& c, Fault::Kind fault, Time arrived,
                                     Completion completion);
  Completion change_disc();
  cd::Lba readable_end(cd::Lba lba) const;
  Result<Completion> finish(const Command& c, Time at, Completion completion);

  Habits habits_;
  TimeModel time_;
  FaultBoard faults_;
  std::shared_ptr<image::DiscImage> disc_;
  std::optional<Surface> surface_;
  Loading loading_;
  bool vanished_ = false;
  bool locked_ = false;
  Byte recovery_parameters_ = 0;
  Byte read_retries_ = 32;
  cd::Lba position_{0};  // where the last read ended
  std::shared_ptr<image::DiscImage> laid_by_;
  ByteVector last_transfer_;  // what the last read left in the buffer; kept while there are faults
  SimDrive::Statistics statistics_;
};

}  // namespace binrip::sim
