#include "doctor_read.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "words.hpp"

#include "binrip/cd/subchannel.hpp"

namespace binrip::cli {
namespace {

constexpr std::int32_t kSectorsAtOnce = 8;
constexpr std::int32_t kFromTheEnd = 150;  // run-out sectors of a CD-R are unreadable by nature
constexpr std::chrono::seconds kDoctorTimeout{30};
constexpr Byte kPattern = 0xA5;

std::vector<cd::Lba> places(const cd::Disc& disc) {
  const std::vector<cd::LbaRange> ranges = cd::image_ranges(disc);
  if (ranges.empty()) return {};
  const cd::LbaRange& longest = *std::max_element(
      ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  const std::int32_t size = longest.size().value;
  if (size <= kSectorsAtOnce) return {longest.begin};
  const std::int32_t last = std::max(size - kFromTheEnd, size / 2) - kSectorsAtOnce;
  std::vector<cd::Lba> all;
  for (const std::int32_t at : {0, size / 2, last}) {
    all.push_back(longest.begin + cd::SectorCount{std::clamp(at, 0, size - kSectorsAtOnce)});
  }
  return all;
}

bool q_fits(Bytes field, drive::SubMode mode, cd::Lba lba) {
  cd::QBytes q{};
  if (mode == drive::SubMode::raw) {
    q = cd::q_of_wire(field.first<cd::kSubSize>());
  } else {
    std::copy_n(field.begin(), q.size(), q.begin());
    // Drives may leave the CRC of a formatted Q out.
    if (q[10] == 0 && q[11] == 0) cd::set_q_crc(q);
  }
  if (!cd::q_crc_right(q)) return false;
  const auto position = cd::decode_q_position(q);
  return !position || cd::to_lba(position->absolute) == lba;  // without: MCN or ISRC, the CRC is the proof
}

// One command: what it asks for, where its fields lie, and what of it is right.
class Reading {
 public:
  Reading(const drive::ReadCd& request, drive::FieldOrder order)
      : request_(request), record_(drive::record_size(request)), data_(record_ * request.count, kPattern) {
    const std::size_t first = cd::kSectorSize;
    const bool c2_first = order == drive::FieldOrder::main_c2_sub;
    c2_at_ = c2_first ? first : first + drive::sub_size(request.sub);
    sub_at_ = c2_first ? first + drive::c2_size(request.c2) : first;
  }

  Result<drive::Completion> run(drive::Drive& drive) {
    return drive.read_cd(request_, data_, kDoctorTimeout);
  }

  void count(ReadTest& test) const {
    for (std::uint32_t i = 0; i < request_.count; ++i) {
      const Bytes record = Bytes(data_).subspan(i * record_, record_);
      const bool came = std::any_of(record.begin(), record.end(), [](Byte b) { return b != kPattern; });
      if (request_.main_channel && came) ++test.delivered;
      if (!came) continue;
      if (request_.c2 != drive::C2Mode::none)
        count_c2(record.subspan(c2_at_, drive::c2_size(request_.c2)), test);
      if (request_.sub == drive::SubMode::none) continue;
      const cd::Lba lba = request_.start + cd::SectorCount{static_cast<std::int32_t>(i)};
      const bool fits = q_fits(record.subspan(sub_at_, drive::sub_size(request_.sub)), request_.sub, lba);
      test.q_right = test.q_right.value_or(0) + (fits ? 1 : 0);
    }
  }

 private:
  static void count_c2(Bytes bits, ReadTest& test) {
    const bool clean = all_zero(bits);
    test.c2_clean = test.c2_clean.value_or(0) + (clean ? 1 : 0);
  }

  drive::ReadCd request_;
  std::size_t record_;
  ByteVector data_;
  std::size_t c2_at_ = 0, sub_at_ = 0;
};

// Two where the drive does not give both fields in one.
std::vector<drive::ReadCd> requests_for(const drive::Profile& profile, cd::Lba start, std::uint32_t count) {
  drive::ReadCd request{.start = start, .count = count};
  if (profile.c2.value == drive::C2Support::bits) request.c2 = drive::C2Mode::bits;
  if (profile.c2.value == drive::C2Support::bits_and_block) request.c2 = drive::C2Mode::bits_and_block;
  if (profile.sub.value == drive::SubSupport::raw) request.sub = drive::SubMode::raw;
  if (profile.sub.value == drive::SubSupport::formatted_q) request.sub = drive::SubMode::q;
  const bool both = request.c2 != drive::C2Mode::none && request.sub != drive::SubMode::none;
  if (!both || profile.combination.value == drive::Combination::together) return {request};
  drive::ReadCd second{.start = start, .count = count, .sub = request.sub};
  request.sub = drive::SubMode::none;
  return {request, second};
}

Finding known_fact(std::string topic, std::string text, drive::ProfileSource source, std::string hint) {
  text += fmt::format(" ({})", drive::to_string(source));
  return {hint.empty() ? Grade::ok : Grade::note, std::move(topic), std::move(text), std::move(hint)};
}

}  // namespace

ReadTest read_test(drive::Drive& drive, const drive::Profile& profile, const cd::Disc& disc) {
  ReadTest test;
  const auto began = drive.transport().now();
  for (const cd::Lba place : places(disc)) {
    const std::int32_t room = (cd::image_ranges(disc).back().end - place).value;
    const auto count = static_cast<std::uint32_t>(std::min(kSectorsAtOnce, room));
    test.sectors += static_cast<int>(count);
    const std::vector<drive::ReadCd> requests = requests_for(profile, place, count);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      Reading reading(requests[i], profile.order.value);
      const auto answer = reading.run(drive);
      const bool good = answer && (answer->good || classify(answer->sense) == drive::SenseClass::recovered);
      if (!good && !test.error) {
        test.error = answer ? drive::sense_error(answer->sense, fmt::format("read at LBA {}", place.value))
                            : answer.error();
      }
      if (!good) continue;
      const int before = test.delivered;
      reading.count(test);
      if (i > 0) test.delivered = before;  // the same sectors once more
    }
  }
  test.time = drive.transport().now() - began;
  return test;
}

Finding judge_read_test(const ReadTest& test) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(test.time).count();
  std::string text = fmt::format("{} of {} sectors in {} ms", test.delivered, test.sectors, milliseconds);
  if (test.c2_clean) text += fmt::format(", C2 clean in {}", *test.c2_clean);
  if (test.q_right) text += fmt::format(", Q right in {}", *test.q_right);
  if (test.delivered == 0) {
    return {Grade::problem, "reading", test.error ? test.error->message : text + ": nothing came",
            test.error && !test.error->hint.empty() ? test.error->hint
                                                    : "clean the disc, or try another one and another cable"};
  }
  if (test.error || test.delivered < test.sectors) {
    if (test.error) text += fmt::format("; {}", test.error->message);
    return {Grade::note, "reading", text, "the disc may be dirty or damaged: a rip tells where"};
  }
  if (test.q_right && *test.q_right * 2 < test.delivered) {
    return {Grade::note, "reading", text, "without a right Q, audio cannot be proven to lie where it should"};
  }
  return {Grade::ok, "reading", text};
}

std::vector<Finding> check_profile(const drive::Profile& profile) {
  const bool c2 = profile.c2.value != drive::C2Support::none;
  const bool sub = profile.sub.value != drive::SubSupport::none;
  const bool offset = profile.read_offset.source != drive::ProfileSource::assumed;
  return {
      known_fact("C2", std::string(word(profile.c2.value)), profile.c2.source,
                 c2 ? "" : "audio is read twice then, and equal reads are called consistent"),
      known_fact("subchannel", std::string(word(profile.sub.value)), profile.sub.source,
                 sub ? "" : "audio stays unproven then, and pregaps and indexes are what the TOC says"),
      known_fact("offset",
                 offset ? fmt::format("{:+} samples", profile.read_offset.value) : "not known, 0 is taken",
                 profile.read_offset.source,
                 offset ? ""
                        : "`binrip drives --update-offsets` fetches AccurateRip's list, `binrip offset` "
                          "finds it by a disc")};
}

}  // namespace binrip::cli
