// A drive that answers as a function says, keeps every command it got, and lives in virtual time.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "binrip/drive/commands.hpp"
#include "binrip/drive/transport.hpp"

namespace binrip::drive::test {

class ScriptedTransport : public Transport {
 public:
  using Answer = std::function<Result<Completion>(const Cdb&, MutableBytes)>;
  explicit ScriptedTransport(Answer answer) : answer_(std::move(answer)) {}

  Result<Completion> execute(const Cdb& cdb, Direction direction, MutableBytes data,
                             std::chrono::milliseconds) override {
    commands.push_back(cdb);
    now_ += std::chrono::milliseconds(1);
    if (direction == Direction::to_drive) sent.assign(data.begin(), data.end());
    return answer_(cdb, data);
  }
  std::size_t max_transfer() const override { return limit; }
  std::string name() const override { return "/dev/test"; }
  std::chrono::nanoseconds now() const override { return now_; }
  void wait(std::chrono::milliseconds duration) override { now_ += duration; }

  int count(Opcode opcode) const {
    return static_cast<int>(std::count_if(commands.begin(), commands.end(), [&](const Cdb& cdb) {
      return cdb.opcode() == static_cast<Byte>(opcode);
    }));
  }

  std::vector<Cdb> commands;
  ByteVector sent;  // what the last command to the drive carried
  std::size_t limit = 64 * 1024;

 private:
  Answer answer_;
  std::chrono::nanoseconds now_{};
};

inline Completion sense_of(int key, int asc, int ascq) {
  return Completion{.good = false,
                    .sense = {.key = static_cast<Byte>(key),
                              .asc = static_cast<Byte>(asc),
                              .ascq = static_cast<Byte>(ascq),
                              .information = {}},
                    .transferred = {}};
}

// Delivers `reply`, cut to what the transfer holds.
inline Completion deliver(Bytes reply, MutableBytes data) {
  const std::size_t n = std::min(reply.size(), data.size());
  std::copy_n(reply.begin(), n, data.begin());
  return Completion{.good = true, .sense = {}, .transferred = n};
}

inline bool is(const Cdb& cdb, Opcode opcode) { return cdb.opcode() == static_cast<Byte>(opcode); }

}  // namespace binrip::drive::test
