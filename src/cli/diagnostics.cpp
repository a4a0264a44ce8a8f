#include "diagnostics.hpp"

#include <chrono>
#include <mutex>

#include <fmt/ranges.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include "binrip/cli/console.hpp"
#include "binrip/cli/device.hpp"
#include "binrip/cli/text.hpp"
#include "binrip/drive/commands.hpp"

namespace binrip::cli {
namespace {

constexpr std::chrono::seconds kLong{1};

class ConsoleSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit ConsoleSink(Console& console) : console_(console), start_(spdlog::log_clock::now()) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::chrono::duration<double> since = message.time - start_;
    console_.line(fmt::format("binrip: debug: {:.3f} {}", since.count(),
                              safe_text({message.payload.data(), message.payload.size()})));
  }
  void flush_() override {}

 private:
  Console& console_;
  spdlog::log_clock::time_point start_;
};

std::string_view command_name(Byte opcode) {
  using drive::Opcode;
  switch (static_cast<Opcode>(opcode)) {
    case Opcode::test_unit_ready:
      return "TEST UNIT READY";
    case Opcode::inquiry:
      return "INQUIRY";
    case Opcode::start_stop_unit:
      return "START STOP UNIT";
    case Opcode::prevent_allow:
      return "PREVENT ALLOW MEDIUM REMOVAL";
    case Opcode::read_subchannel:
      return "READ SUB-CHANNEL";
    case Opcode::read_toc:
      return "READ TOC/PMA/ATIP";
    case Opcode::get_configuration:
      return "GET CONFIGURATION";
    case Opcode::get_event_status:
      return "GET EVENT STATUS NOTIFICATION";
    case Opcode::read_disc_information:
      return "READ DISC INFORMATION";
    case Opcode::read_track_information:
      return "READ TRACK INFORMATION";
    case Opcode::mode_select_10:
      return "MODE SELECT";
    case Opcode::mode_sense_10:
      return "MODE SENSE";
    case Opcode::read_12:
      return "READ(12)";
    case Opcode::set_streaming:
      return "SET STREAMING";
    case Opcode::set_cd_speed:
      return "SET CD SPEED";
    case Opcode::mechanism_status:
      return "MECHANISM STATUS";
    case Opcode::read_cd:
      return "READ CD";
    default:
      return "command";
  }
}

class LoggingTransport : public drive::Transport {
 public:
  LoggingTransport(std::unique_ptr<drive::Transport> inner, std::shared_ptr<spdlog::logger> logger)
      : inner_(std::move(inner)), logger_(std::move(logger)) {}
  ~LoggingTransport() override {
    logger_->info("{} commands, {} bytes, {:.3f} s in the drive", commands_, bytes_, spent_.count());
  }

  Result<drive::Completion> execute(const drive::Cdb& cdb, drive::Direction direction, MutableBytes data,
                                    std::chrono::milliseconds timeout) override {
    const auto before = inner_->now();
    auto result = inner_->execute(cdb, direction, data, timeout);
    const std::chrono::duration<double> took = inner_->now() - before;
    ++commands_;
    bytes_ += data.size();
    spent_ += took;
    if (!result) {
      tell(cdb, took, "error: " + result.error().message);
    } else if (!result->good) {
      tell(cdb, took, drive::to_string(result->sense));
    } else if (took > kLong) {
      tell(cdb, took, "good, but slow");
    }
    return result;
  }
  Result<void> reopen() override {
    logger_->info("opening {} anew", inner_->name());
    auto result = inner_->reopen();
    logger_->info("{}", result ? inner_->name() + " is open" : result.error().message);
    return result;
  }
  std::size_t max_transfer() const override { return inner_->max_transfer(); }
  std::string name() const override { return inner_->name(); }
  std::chrono::nanoseconds now() const override { return inner_->now(); }
  void wait(std::chrono::milliseconds duration) override { inner_->wait(duration); }

 private:
  void tell(const drive::Cdb& cdb, std::chrono::duration<double> took, std::string_view outcome) {
    logger_->info("{} [{:02x}]: {} ({:.0f} ms)", command_name(cdb.opcode()), fmt::join(cdb.view(), " "),
                  outcome, took.count() * 1000);
  }

  std::unique_ptr<drive::Transport> inner_;
  std::shared_ptr<spdlog::logger> logger_;
  std::int64_t commands_ = 0;
  std::uint64_t bytes_ = 0;
  std::chrono::duration<double> spent_{0};
};

}  // namespace

std::shared_ptr<spdlog::logger> verbose_logger(Console& console) {
  // Not spdlog's registry: nothing here is global.
  return std::make_shared<spdlog::logger>("binrip", std::make_shared<ConsoleSink>(console));
}

void log_opening(const OpenDevice& device, spdlog::logger& logger) {
  if (!device.way.empty()) logger.info("{}: {}", device.way, device.why);
  logger.info("{} is open, at most {} bytes a command", device.transport->name(),
              device.transport->max_transfer());
}

std::unique_ptr<drive::Transport> log_commands(std::unique_ptr<drive::Transport> inner,
                                               std::shared_ptr<spdlog::logger> logger) {
  return std::make_unique<LoggingTransport>(std::move(inner), std::move(logger));
}

}  // namespace binrip::cli
