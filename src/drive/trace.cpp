#include "binrip/drive/trace.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "binrip/base/crc.hpp"

namespace binrip::drive {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::string_view kHeader = "# binrip trace 1";
constexpr std::string_view kMaxTransfer = "# max transfer ";
constexpr std::size_t kLargestTransfer = 16U << 20;
// A century in microseconds: times of a sane trace, and no sum of two overflows.
constexpr std::int64_t kLatest = std::int64_t{100} * 366 * 24 * 3600 * 1'000'000;

// --- words of the form ---

std::string hex(Bytes data) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(data.size() * 2);
  for (const Byte b : data) {
    out += kDigits[b >> 4];
    out += kDigits[b & 0x0F];
  }
  return out;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::optional<ByteVector> unhex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  ByteVector out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<Byte>(high * 16 + low));
  }
  return out;
}

constexpr std::array<std::string_view, 3> kDirections = {"none", "in", "out"};

struct KindName {
  ErrorKind kind;
  std::string_view name;
};
// The kinds that a Transport gives.
constexpr auto kKinds = std::to_array<KindName>({{ErrorKind::no_device, "no-device"},
                                                 {ErrorKind::timeout, "timeout"},
                                                 {ErrorKind::permission, "permission"},
                                                 {ErrorKind::bus, "bus"},
                                                 {ErrorKind::usage, "usage"},
                                                 {ErrorKind::invalid, "invalid"},
                                                 {ErrorKind::io, "io"}});

std::string_view kind_name(ErrorKind kind) {
  for (const KindName& entry : kKinds) {
    if (entry.kind == kind) return entry.name;
  }
  return "bus";
}

std::string sense_word(const Sense& sense) {
  const std::string at = sense.information ? fmt::format("@{:08x}", *sense.information) : std::string();
  return fmt::format("{:x}/{:02x}/{:02x}{}", sense.key, sense.asc, sense.ascq, at);
}

// "-": no data; "=" and hex: the data; "~" and four digits: its CRC-16.
std::string data_word(Bytes data, TraceData form) {
  if (data.empty()) return "-";
  return form == TraceData::full ? fmt::format("={}", hex(data)) : fmt::format("~{:04x}", crc16(data));
}

// --- recording ---

class Recorder : public Transport {
 public:
  Recorder(std::unique_ptr<Transport> inner, std::ostream& out, TraceData form)
      : inner_(std::move(inner)), out_(out), form_(form), start_(inner_->now()) {
    out_ << kHeader << '\n' << kMaxTransfer << inner_->max_transfer() << '\n';
  }

  Result<Completion> execute(const Cdb& cdb, Direction direction, MutableBytes data,
                             milliseconds timeout) override {
    const nanoseconds begin = inner_->now();
    // What goes to the drive is noted before the drive can touch it.
    const std::string sent = direction == Direction::to_drive ? data_word(data, form_) : std::string();
    Result<Completion> result = inner_->execute(cdb, direction, data, timeout);
    const auto us = [](nanoseconds time) { return std::chrono::duration_cast<microseconds>(time).count(); };
    out_ << fmt::format("{}+{} {} {} {} -> ", us(begin - start_), us(inner_->now() - begin), hex(cdb.view()),
                        kDirections[static_cast<std::size_t>(direction)], data.size());
    if (!result) {
      out_ << "error " << kind_name(result.error().kind) << ' ' << (sent.empty() ? "-" : sent) << '\n';
      return result;
    }
    const std::string reply = direction == Direction::to_drive ? sent : data_word(data, form_);
    out_ << (result->good ? "good " : "check ") << sense_word(result->sense) << ' ' << reply;
    if (result->transferred) out_ << ' ' << *result->transferred;
    out_ << '\n';
    return result;
  }
  Result<void> reopen() override { return inner_->reopen(); }
  std::size_t max_transfer() const override { return inner_->max_transfer(); }
  std::string name() const override { return inner_->name(); }
  nanoseconds now() const override { return inner_->now(); }
  void wait(milliseconds duration) override { inner_->wait(duration); }

 private:
  std::unique_ptr<Transport> inner_;
  std::ostream& out_;
  TraceData form_;
  nanoseconds start_;
};

// --- reading a trace ---

struct Recorded {
  std::size_t line = 0;
  microseconds begin{}, duration{};
  Cdb cdb;
  Direction direction = Direction::none;
  std::size_t length = 0;
  Result<Completion> outcome;
  ByteVector data;
};

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    if (end > 0) words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

template <class T>
std::optional<T> parsed_number(std::string_view text, int base = 10) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "3/11/05" or "3/11/05@000186a0".
std::optional<Sense> sense_of(std::string_view word) {
  Sense sense;
  const std::size_t at = word.find('@');
  if (at != std::string_view::npos) {
    const auto information = parsed_number<std::uint32_t>(word.substr(at + 1), 16);
    if (!information) return std::nullopt;
    sense.information = *information;
    word = word.substr(0, at);
  }
  if (word.size() != 7 || word[1] != '/' || word[4] != '/') return std::nullopt;
  const auto key = parsed_number<Byte>(word.substr(0, 1), 16);
  const auto asc = parsed_number<Byte>(word.substr(2, 2), 16);
  const auto ascq = parsed_number<Byte>(word.substr(5, 2), 16);
  if (!key || !asc || !ascq) return std::nullopt;
  sense.key = *key;
  sense.asc = *asc;
  sense.ascq = *ascq;
  return sense;
}

class LineReader {
 public:
  LineReader(std::string_view name, std::size_t line, std::string_view text)
      : name_(name), line_(line), words_(words_of(text)) {}

  Result<Recorded> read() const {
    Recorded recorded;
    recorded.line = line_;
    if (words_.size() < 8 || words_[4] != "->") return expected("a command and its outcome", text());
    TRY_VOID(times(words_[0], recorded));
    TRY_VOID(command(words_[1], recorded.cdb));
    const auto direction = std::find(kDirections.begin(), kDirections.end(), words_[2]);
    if (direction == kDirections.end()) return expected("none, in or out", words_[2]);
    recorded.direction = static_cast<Direction>(direction - kDirections.begin());
    const auto length = parsed_number<std::size_t>(words_[3]);
    if (!length || *length > kLargestTransfer) return expected("a length in bytes", words_[3]);
    recorded.length = *length;
    TRY_VOID(outcome(recorded));
    TRY_VOID(data(words_[7], recorded));
    return recorded;
  }

 private:
  tl::unexpected<Error> expected(std::string_view what, std::string_view got) const {
    return fail(ErrorKind::invalid,
                fmt::format("{}:{}: expected {}, got \"{}\"", name_, line_, what, got.substr(0, 60)));
  }
  std::string text() const { return fmt::format("{}", fmt::join(words_, " ")); }

  Result<void> times(std::string_view word, Recorded& recorded) const {
    const std::size_t plus = std::min(word.find('+'), word.size());
    const auto begin = parsed_number<std::int64_t>(word.substr(0, plus));
    const auto duration = parsed_number<std::int64_t>(word.substr(std::min(plus + 1, word.size())));
    const auto sane = [](std::optional<std::int64_t> time) { return time && *time >= 0 && *time <= kLatest; };
    if (!sane(begin) || !sane(duration)) return expected("microseconds", word);
    recorded.begin = microseconds(*begin);
    recorded.duration = microseconds(*duration);
    return {};
  }

  Result<void> command(std::string_view word, Cdb& cdb) const {
    const auto bytes = unhex(word);
    if (!bytes || bytes->empty() || bytes->size() > cdb.bytes.size()) {
      return expected("a command block in hex", word);
    }
    std::copy(bytes->begin(), bytes->end(), cdb.bytes.begin());
    cdb.size = bytes->size();
    return {};
  }

  Result<void> outcome(Recorded& recorded) const {
    const std::string_view status = words_[5];
    if (status == "error") {
      const auto kind = std::find_if(kKinds.begin(), kKinds.end(),
                                     [&](const KindName& entry) { return entry.name == words_[6]; });
      if (kind == kKinds.end()) return expected("a kind of error", words_[6]);
      recorded.outcome = fail(kind->kind, fmt::format("{}:{}: as recorded", name_, line_));
      return {};
    }
    if (status != "good" && status != "check") return expected("good, check or error", status);
    const auto sense = sense_of(words_[6]);
    if (!sense) return expected("key/asc/ascq", words_[6]);
    Completion completion{.good = status == "good", .sense = *sense, .transferred = {}};
    if (words_.size() > 8) {
      completion.transferred = parsed_number<std::size_t>(words_[8]);
      if (!completion.transferred) return expected("a number of bytes", words_[8]);
    }
    recorded.outcome = completion;
    return {};
  }

  Result<void> data(std::string_view word, Recorded& recorded) const {
    if (word == "-") return {};
    if (word.front() == '~') return expected("data in full (a digest cannot be replayed)", word);
    auto bytes = word.front() == '=' ? unhex(word.substr(1)) : std::nullopt;
    if (!bytes || bytes->size() != recorded.length) {
      return expected(fmt::format("{} bytes of data in hex", recorded.length), word);
    }
    recorded.data = std::move(*bytes);
    return {};
  }

  std::string_view name_;
  std::size_t line_;
  std::vector<std::string_view> words_;
};

// --- playing it back ---

class Replayer : public Transport {
 public:
  Replayer(std::vector<Recorded> commands, std::size_t max_transfer, std::string name)
      : commands_(std::move(commands)), max_transfer_(max_transfer), name_(std::move(name)) {}

  Result<Completion> execute(const Cdb& cdb, Direction direction, MutableBytes data, milliseconds) override {
    if (next_ == commands_.size()) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}: expected the end, got command {}", name_, hex(cdb.view())));
    }
    const Recorded& recorded = commands_[next_];
    const bool same = recorded.cdb == cdb && recorded.direction == direction &&
                      recorded.length == data.size() &&
                      (direction != Direction::to_drive || recorded.data.empty() ||
                       std::equal(data.begin(), data.end(), recorded.data.begin(), recorded.data.end()));
    if (!same) {
      return fail(
          ErrorKind::invalid,
          fmt::format("{}:{}: expected command {} {} {}, got {} {} {}", name_, recorded.line,
                      hex(recorded.cdb.view()), kDirections[static_cast<std::size_t>(recorded.direction)],
                      recorded.length, hex(cdb.view()), kDirections[static_cast<std::size_t>(direction)],
                      data.size()));
    }
    ++next_;
    now_ = std::min(std::max(now_, nanoseconds(recorded.begin)) + recorded.duration,
                    nanoseconds(microseconds(kLatest)));
    if (direction == Direction::from_drive)
      std::copy(recorded.data.begin(), recorded.data.end(), data.begin());
    return recorded.outcome;
  }
  std::size_t max_transfer() const override { return max_transfer_; }
  std::string name() const override { return name_; }
  nanoseconds now() const override { return now_; }
  void wait(milliseconds duration) override { now_ += duration; }

 private:
  std::vector<Recorded> commands_;
  std::size_t max_transfer_;
  std::string name_;
  std::size_t next_ = 0;
  nanoseconds now_{};
};

}  // namespace

std::unique_ptr<Transport> record(std::unique_ptr<Transport> inner, std::ostream& out, TraceData data) {
  return std::make_unique<Recorder>(std::move(inner), out, data);
}

Result<std::unique_ptr<Transport>> replay(std::string_view trace, std::string name) {
  std::vector<Recorded> commands;
  std::size_t max_transfer = 64 * 1024;
  for (std::size_t line = 1; !trace.empty(); ++line) {
    const std::size_t end = std::min(trace.find('\n'), trace.size());
    const std::string_view text = trace.substr(0, end);
    trace.remove_prefix(std::min(end + 1, trace.size()));
    if (line == 1 && text != kHeader) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}:1: expected \"{}\", got \"{}\"", name, kHeader, text.substr(0, 60)));
    }
    if (text.starts_with(kMaxTransfer)) {
      const auto limit = parsed_number<std::size_t>(text.substr(kMaxTransfer.size()));
      if (!limit || *limit > kLargestTransfer) {
        return fail(ErrorKind::invalid, fmt::format("{}:{}: expected a length in bytes, got \"{}\"", name,
                                                    line, text.substr(kMaxTransfer.size(), 60)));
      }
      max_transfer = *limit;
    }
    if (text.empty() || text.front() == '#') continue;
    TRY(Recorded recorded, LineReader(name, line, text).read());
    commands.push_back(std::move(recorded));
  }
  return std::make_unique<Replayer>(std::move(commands), max_transfer, std::move(name));
}

}  // namespace binrip::drive
