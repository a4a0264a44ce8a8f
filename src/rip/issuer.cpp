#include "issuer.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace binrip::rip {

using cd::Lba;
using cd::SectorCount;
using drive::SenseClass;

namespace {

// A drive may spend a minute on a damaged place before it gives up.
constexpr std::chrono::seconds kReadTimeout{60};
constexpr std::chrono::seconds kReadyLimit{60};
constexpr std::chrono::seconds kSignOfLifeTimeout{15};
// An aborted command or a reset is answered by asking again; so often, then the place waits for another pass.
constexpr int kAttempts = 3;
// Commands in a row that failed in the operating system or the bus: after each few the device is opened anew,
// in the end the drive is given up.
constexpr int kFailuresBeforeOpening = 4;
constexpr int kFailuresInARow = 20;
constexpr int kNarrowedInARow = 2;

// The same page, but asking for data as it comes off the disc: TB and DCR.
drive::ErrorRecovery without_correction(drive::ErrorRecovery page) {
  constexpr Byte kTransferBlock = 0x20;
  constexpr Byte kDisableCorrection = 0x01;
  page.parameters |= kTransferBlock | kDisableCorrection;
  return page;
}

}  // namespace

Issuer::Issuer(drive::Drive& drive, drive::Profile& profile, const EngineOptions& options)
    : drive_(drive), profile_(profile), options_(options), speed_(options.speed), speed_set_(options.speed) {}

bool Issuer::begin_pass(const Pass& pass) {
  source_ = pass.source;
  source_refused_ = source_filtered_ = false;
  speed_ = pass.speed;
  if (source_ == Source::uncorrected) {
    const auto page = drive_.error_recovery();
    if (!page || !drive_.set_error_recovery(without_correction(*page))) return false;
    recovery_before_ = *page;
  }
  if (speed_ != speed_set_) apply_settings();
  return true;
}

void Issuer::end_pass() {
  if (!recovery_before_ || deaf_) return;
  static_cast<void>(drive_.set_error_recovery(*recovery_before_));
  recovery_before_.reset();
}

void Issuer::end_rip() {
  if (deaf_) return;
  end_pass();
  speed_ = options_.speed;
  if (speed_ != speed_set_) apply_settings();
}

// A drive that does not take a speed reads all the same.
void Issuer::apply_settings() {
  static_cast<void>(drive_.set_speed(speed_));
  speed_set_ = speed_;
  if (recovery_before_) {
    static_cast<void>(drive_.set_error_recovery(without_correction(*recovery_before_)));
  }
}

Result<Attempt> Issuer::read(Transfer& transfer) {
  drive::Sense sense;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    ++counts_.commands;
    const auto began = drive_.transport().now();
    const auto reply = drive_.read_cd(transfer.request(), transfer.buffer(), kReadTimeout);
    if (!reply) {
      TRY(const std::optional<Attempt> answer, after_error(reply.error(), transfer));
      if (answer) return *answer;
      continue;
    }
    if (reply->good || classify(reply->sense) == SenseClass::recovered) {
      failures_in_a_row_ = 0;
      counts_.sectors += transfer.count();
      reading_time_ += drive_.transport().now() - began;
      largest_proved_ = true;
      learn_size(transfer);
      return Attempt{};
    }
    sense = reply->sense;
    TRY(const std::optional<Attempt> answer, after_check_condition(sense, transfer));
    if (answer) return *answer;
  }
  ++counts_.other_errors;
  const bool trouble = classify(sense) == SenseClass::hardware || classify(sense) == SenseClass::aborted;
  if (trouble && ++failures_in_a_row_ % kFailuresBeforeOpening == 0) {
    TRY_VOID(open_anew(drive::sense_error(sense, fmt::format("read from {}", drive_.name()))));
  }
  return Attempt{Attempt::Kind::failed, {}};
}

Attempt Issuer::give_up(const Transfer& transfer, std::optional<Lba> bad) {
  const Lba begin = transfer.request().start;
  const Lba end = begin + SectorCount{static_cast<std::int32_t>(transfer.count())};
  if (bad && (*bad < begin || *bad >= end)) bad.reset();
  if (!bad && transfer.count() == 1) bad = begin;
  return {Attempt::Kind::failed, bad};
}

// No transfer has been as large as this one yet: perhaps none can be.
Attempt Issuer::halve_transfers(const Transfer& transfer) {
  profile_.max_transfer.value =
      static_cast<std::uint32_t>(drive::record_size(transfer.request())) * ((transfer.count() + 1) / 2);
  return {Attempt::Kind::smaller, {}};
}

// The limit can sink while a disc is read, as when a bridge has come back at a lower speed. One refusal can
// be a hiccup, or a sector that the bridge chokes on; twice in a row, what went through is the limit from
// then on.
void Issuer::learn_size(const Transfer& transfer) {
  const std::size_t size = drive::record_size(transfer.request()) * transfer.count();
  if (size >= refused_size_) {
    refused_size_ = 0;
    narrowed_ = 0;
  } else if (narrowing_ && ++narrowed_ == kNarrowedInARow) {
    profile_.max_transfer.value = static_cast<std::uint32_t>(size);
    refused_size_ = 0;
    narrowed_ = 0;
  }
  narrowing_ = false;
}

// The command did not come back from the drive at all. Nothing: ask again.
Result<std::optional<Attempt>> Issuer::after_error(const Error& error, const Transfer& transfer) {
  if (error.kind == ErrorKind::no_device) {
    ++counts_.other_errors;
    if (++failures_in_a_row_ > kFailuresInARow) return fail(error);
    TRY_VOID(open_anew(error));
    return std::nullopt;
  }
  if (error.kind == ErrorKind::permission) {
    if (source_ == Source::normal) return fail(error);
    source_refused_ = source_filtered_ = true;  // the kernel's filter
    return give_up(transfer);
  }
  if (error.kind != ErrorKind::timeout && transfer.count() > 1) {
    if (!largest_proved_) return halve_transfers(transfer);
    refused_size_ = std::max(refused_size_, drive::record_size(transfer.request()) * transfer.count());
    narrowing_ = true;
    return Attempt{Attempt::Kind::smaller, {}};
  }
  ++counts_.other_errors;
  deaf_ = error.kind == ErrorKind::timeout && !drive_answers();
  if (deaf_ || ++failures_in_a_row_ > kFailuresInARow) {
    return fail(error.kind, fmt::format("{} has stopped answering: {}", drive_.name(), error.message),
                "check the cable and the power; the same command goes on where this one stopped");
  }
  if (failures_in_a_row_ % kFailuresBeforeOpening == 0) TRY_VOID(open_anew(error));
  return give_up(transfer);
}

// Nothing: ask again.
Result<std::optional<Attempt>> Issuer::after_check_condition(const drive::Sense& sense,
                                                             const Transfer& transfer) {
  switch (classify(sense)) {
    case SenseClass::medium_changed:
      return fail(ErrorKind::medium_changed, "the disc was changed while it was being read",
                  "put the first disc back in and run the same command");
    case SenseClass::no_medium:
      return fail(ErrorKind::no_medium, "the disc was taken out while it was being read",
                  "put it back in and run the same command");
    case SenseClass::becoming_ready:
    case SenseClass::not_ready:
      TRY_VOID(recover_ready());
      return std::nullopt;
    case SenseClass::reset:
      apply_settings();
      return std::nullopt;
    case SenseClass::unit_attention:
    case SenseClass::aborted:
    case SenseClass::hardware:
    case SenseClass::none:
      return std::nullopt;
    case SenseClass::medium:
      failures_in_a_row_ = 0;
      ++counts_.medium_errors;
      if (sense.information) return give_up(transfer, Lba{static_cast<std::int32_t>(*sense.information)});
      return give_up(transfer);
    default:
      failures_in_a_row_ = 0;
      return after_illegal(sense, transfer);
  }
}

Attempt Issuer::after_illegal(const drive::Sense& sense, const Transfer& transfer) {
  const bool several = transfer.count() > 1;
  const SenseClass meaning = classify(sense);
  if (source_ != Source::normal && (meaning == SenseClass::illegal || meaning == SenseClass::illegal_mode)) {
    source_refused_ = true;
    return give_up(transfer);
  }
  // Another kind of sector begins inside this transfer, or it goes over an end.
  if (several && (meaning == SenseClass::illegal_mode || meaning == SenseClass::out_of_range)) {
    return {Attempt::Kind::smaller, {}};
  }
  if (several && meaning == SenseClass::illegal && !largest_proved_) {
    return halve_transfers(transfer);
  }
  ++counts_.other_errors;
  return give_up(transfer);
}

Result<void> Issuer::recover_ready() {
  TRY_VOID(drive_.wait_ready(kReadyLimit));
  TRY_VOID(options_.check_same_disc());
  apply_settings();
  return {};
}

// One command may hang at a bad place; a drive that then does not even say whether it is ready is not waited
// for again and again, a minute each time.
bool Issuer::drive_answers() {
  ++counts_.commands;
  const auto answer = drive_.transport().execute(drive::test_unit_ready_cdb(), drive::Direction::none, {},
                                                 kSignOfLifeTimeout);
  return answer || answer.error().kind != ErrorKind::timeout;
}

Result<void> Issuer::open_anew(const Error& why) {
  const std::string before = drive_.name();
  const auto opened = drive_.transport().reopen();
  if (!opened && opened.error().kind == ErrorKind::unsupported) {  // nothing to open
    if (why.kind == ErrorKind::no_device) return fail(why);
    return {};
  }
  if (!opened) {
    return fail(opened.error().kind, fmt::format("{}, after: {}", opened.error().message, why.message),
                "check the cable and the power; the same command goes on where this one stopped");
  }
  TRY_VOID(recover_ready());
  // The command under way when the cable was pulled may fail by another error than no_device.
  if (why.kind == ErrorKind::no_device || drive_.name() != before) {
    notes_.push_back(fmt::format("the drive was away for a while, and came back as {}", drive_.name()));
  }
  return {};
}

}  // namespace binrip::rip
