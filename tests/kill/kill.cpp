// Ends rips at every step, and holds what the same command makes of it afterwards against a rip that nothing
// happened to.
//   kill PROGRAM instants COUNT [SEED]  SIGKILL at random instants, also twice in a row
//   kill PROGRAM calls STEP [SEED]      at every STEPth call that changes a file: SIGKILL before it, after it
//   and
//                                       in the middle of it, the call failing, and the disk full from there
//                                       on
//   kill PROGRAM power STEP [SEED]      power lost after every STEPth call, also twice in a row, and after a
//                                       sync that failed
// COUNT and STEP: for each of the rips below.
#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <functional>
#include <iostream>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "journal.hpp"
#include "process.hpp"

#include "binrip/cd/sector.hpp"
#include "binrip/verify/checksum_file.hpp"
#include "binrip/verify/image_hashes.hpp"

namespace binrip::kill {
namespace {

namespace fs = std::filesystem;

// The drive is deterministic and all that yields does so within the sweeps, so every rip of it ends the same.
struct Scenario {
  std::string name;
  std::vector<std::string> options;
  bool over_older_image = false;
  int clock = 1;
  // Of the drive that published the damaged image which this rip goes on with; nothing: there is no image
  // yet.
  std::vector<std::string> earlier = {};
};

const Scenario kScenarios[] = {
    {.name = "damaged",
     .options = {"fault-c2=20+10,bytes=30,repeats=yes", "fault-c2=50+10,bytes=20,success=30",
                 "fault-hard=100+6:3", "fault-hard=180+5", "fault-c2=330+10,bytes=60,success=40",
                 "fault-hard=400+8:2", "fault-hard=450+3", "fault-reset=480", "fault-zeros=500:1"},
     .clock = 4000},
    {.name = "split, over an older image",
     .options = {"fault-hard=60+3:2", "fault-c2=350+10,bytes=40,success=50"},
     .over_older_image = true},
    {.name = "no C2", .options = {"c2=none", "fault-hard=420+4:3"}, .clock = 4000},
    {.name = "going on with a damaged image",
     .options = {"fault-hard=400+8:2"},
     .earlier = {"fault-hard=100+6", "fault-hard=400+8", "fault-hard=450+3"}},
};

constexpr int kDataSectors = 300, kAudioSectors = 300;

// A small disc, so that a rip of it takes hundredths of a second: Mode 1, and audio behind a pregap.
void write_disc(const fs::path& folder) {
  std::mt19937 random(1);
  std::ofstream bin(folder / "disc.bin", std::ios::binary);
  std::array<Byte, cd::kSectorSize> sector;
  ByteVector noise(cd::kSectorSize);
  for (int lba = 0; lba < kDataSectors + kAudioSectors; ++lba) {
    for (Byte& byte : noise) byte = static_cast<Byte>(random());
    std::copy(noise.begin(), noise.end(), sector.begin());
    if (lba < kDataSectors) cd::build_mode1(sector, cd::Lba{lba}, Bytes(noise).first(2048));
    bin.write(reinterpret_cast<const char*>(sector.data()), sector.size());
  }
  std::ofstream(folder / "disc.cue")
      << "FILE \"disc.bin\" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 01 00:00:00\n"
         "  TRACK 02 AUDIO\n    INDEX 00 00:04:00\n    INDEX 01 00:06:00\n";
  if (!bin.flush()) throw std::runtime_error("cannot write the disc");
}

using Files = std::map<std::string, std::string>;

// How a sector was mended depends on which reads there were; what is known of it in the end does not.
std::string without_mending(const std::string& map) {
  std::string kept;
  std::istringstream lines(map);
  for (std::string line; std::getline(lines, line);) {
    const bool of_how =
        line.starts_with("# merged ") || line.starts_with("# repaired ") || line.starts_with("# elected ");
    if (!of_how) kept += line + '\n';
  }
  return kept;
}

// The names that it has, and whether their checksums are right.
std::string judged(const std::string& checksums, const fs::path& folder) {
  const auto lines = verify::parse_checksum_file(checksums, "checksums");
  if (!lines) return lines.error().message;
  std::string text;
  for (const verify::FileChecksum& line : *lines) {
    const auto digests = verify::hash_file(folder / line.name);
    const bool right = digests && digests->sha256 == line.sha256;
    text += fmt::format("{} {}\n", line.name, right ? "right" : "wrong");
  }
  return text;
}

// Log and report have times in them: that they are there is all that is compared. Checksums must be right.
Files files_in(const fs::path& folder) {
  Files files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_directory()) continue;
    std::string contents;
    const std::string extension = entry.path().extension();
    if (extension != ".log" && extension != ".json") {
      std::ifstream file(entry.path(), std::ios::binary);
      contents.assign(std::istreambuf_iterator<char>(file), {});
      if (extension == ".map") contents = without_mending(contents);
      if (extension == ".sha256") contents = judged(contents, entry.path().parent_path());
    }
    files[fs::relative(entry.path(), folder)] = std::move(contents);
  }
  return files;
}

// For texts: the first lines that differ.
std::string first_difference(const std::string& expected, const std::string& found) {
  std::istringstream left(expected), right(found);
  std::string want, got;
  while (std::getline(left, want) && std::getline(right, got) && want == got) continue;
  constexpr std::size_t kLongestLine = 200;
  if (want.size() > kLongestLine || got.size() > kLongestLine) return {};
  return fmt::format(": expected \"{}\", got \"{}\"", want, got);
}

std::string difference(const Files& expected, const Files& found) {
  for (const auto& [name, contents] : expected) {
    const auto other = found.find(name);
    if (other == found.end()) return name + " is missing";
    if (other->second != contents) return name + " differs" + first_difference(contents, other->second);
  }
  for (const auto& [name, contents] : found) {
    if (!expected.contains(name)) return name + " is left over";
  }
  return {};
}

// One clear error line, and perhaps a hint.
std::string complaint_about(const std::string& errors) {
  int lines = 0;
  std::istringstream stream(errors);
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("binrip: error: ")) {
      ++lines;
    } else if (!line.starts_with("hint: ")) {
      return "it also says: " + line;
    }
  }
  return lines == 1 ? "" : fmt::format("{} error lines", lines);
}

class Campaign {
 public:
  Campaign(std::string program, unsigned seed) : program_(std::move(program)), random_(seed) {
    std::string pattern = fs::temp_directory_path() / "binrip-kill-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a folder");
    work_ = fs::canonical(pattern);
    write_disc(work_);
    folder_ = work_ / "rip";
    journal_ = work_ / "journal";
  }
  ~Campaign() {
    std::error_code ignored;
    fs::remove_all(work_, ignored);
  }
  Campaign(const Campaign&) = delete;
  Campaign& operator=(const Campaign&) = delete;

  bool begin(const Scenario& scenario) {
    scenario_ = &scenario;
    if (!make_earlier_image()) return false;
    fresh();
    Disk disk(folder_);
    const Ended ended = run({});
    reference_ = files_in(folder_);
    code_ = ended.code;
    seconds_ = ended.seconds;
    calls_ = read_journal(journal_);
    // What cannot fail tests nothing.
    if (!reference_.contains("out.cue") || calls_.size() < 40) {
      return complain("an uninterrupted rip", ended.errors + "wrote too little");
    }
    // Nor does a journal that leaves something out. Where it does not, an image that is done is there for
    // good.
    for (const Call& call : calls_) disk.apply(call);
    disk.lose_power(Survives::nothing, random_);
    const std::string lost = difference(reference_, files_in(folder_));
    return lost.empty() || complain("power lost after the end", lost);
  }

  void instants(int count) {
    for (int i = 0; i < count; ++i) {
      fresh();
      const int kills = i % 3 == 0 ? 2 : 1;
      std::string what = "SIGKILL at";
      for (int k = 0; k < kills; ++k) {
        std::uniform_real_distribution<double> when(0, seconds_);
        const double at = when(random_);
        what += fmt::format(" {:.1f} ms", at * 1000);
        run({}, at);
      }
      goes_on(what);
    }
  }

  void calls(int step) {
    for (int at = first_call(step); at <= call_count(); at += step) {
      const std::string_view what = kind_of(at);
      for (const std::string_view how : {"before", "after", "half"}) {
        if (how == "half" && what != "write") continue;  // the same as before
        fresh();
        run({at, std::string(how)});
        goes_on(fmt::format("SIGKILL {} call {}{}", how, at, name_of(at)));
      }
      fails(at, "fail");
      const bool takes_space = what != "sync" && what != "rename" && what != "remove";
      if (takes_space) fails(at, "full");
    }
  }

  void power(int step) {
    for (int at = first_call(step); at <= call_count(); at += step) {
      for (const Survives survives : {Survives::nothing, Survives::names, Survives::some}) {
        fresh();
        std::string what = "power lost";
        lose_power_at(at, survives, what);
        if (at % 3 == 0) {
          std::uniform_int_distribution<int> which(1, call_count());
          lose_power_at(which(random_), survives, what);
        }
        goes_on(what);
      }
    }
    for (const Call& call : std::vector<Call>(calls_)) {
      if (call.what == "sync" && call.number % step == 0) sync_fails(call.number);
    }
  }

  int checks() const { return checks_; }
  int failures() const { return failures_; }

 private:
  struct Injection {
    int at = 0;
    std::string how = "none";
  };

  int first_call(int step) { return 1 + static_cast<int>(random_() % static_cast<unsigned>(step)); }
  int call_count() const { return calls_.back().number; }
  // Of an uninterrupted rip: another one may be at another call there, where it makes checkpoints now and
  // then.
  const Call* call_at(int at) const {
    const auto found =
        std::find_if(calls_.begin(), calls_.end(), [at](const Call& call) { return call.number == at; });
    return found == calls_.end() ? nullptr : &*found;
  }
  std::string_view kind_of(int at) const {
    const Call* call = call_at(at);
    return call == nullptr ? std::string_view() : call->what;
  }
  std::string name_of(int at) const {
    const Call* call = call_at(at);
    if (call == nullptr) return {};
    return fmt::format(" ({} {})", call->what, fs::relative(call->path, folder_).string());
  }

  // Publishes the damaged image, and lays it by.
  bool make_earlier_image() {
    earlier_.clear();
    if (scenario_->earlier.empty()) return true;
    fs::remove_all(folder_);
    fs::create_directory(folder_);
    const Ended ended = run({}, std::nullopt, scenario_->earlier);
    fs::remove_all(work_ / "earlier");
    fs::rename(folder_, work_ / "earlier");
    earlier_ = files_in(work_ / "earlier");
    constexpr int kDamaged = 3;
    return ended.code == kDamaged || complain("the image to go on with", ended.errors);
  }

  void fresh() {
    fs::remove_all(folder_);
    if (!earlier_.empty()) {
      fs::copy(work_ / "earlier", folder_);
      return;
    }
    fs::create_directory(folder_);
    if (!scenario_->over_older_image) return;
    for (const char* name : {"out.cue", "out.bin", "out.sub", "out.map", "out.sha256"})
      std::ofstream(folder_ / name) << "older";
  }

  Ended run(const Injection& injection, std::optional<double> kill_after = std::nullopt) {
    return run(injection, kill_after, scenario_->options);
  }
  Ended run(const Injection& injection, std::optional<double> kill_after,
            const std::vector<std::string>& sim_options) {
    std::vector<std::string> command{
        program_, "sim:" + (work_ / "disc.cue").string(), folder_ / "out.cue", "--quiet", "--read-offset",
        "0"};
    if (scenario_->over_older_image) command.insert(command.end(), {"--split", "--force"});
    for (const std::string& option : sim_options) command.insert(command.end(), {"--sim-option", option});
    fs::remove(journal_);
    return run_program(command,
                       {{"LD_PRELOAD", BINRIP_KILL_PRELOAD},
                        {"BINRIP_KILL_FOLDER", folder_},
                        {"BINRIP_KILL_LOG", journal_},
                        {"BINRIP_KILL_CLOCK", std::to_string(scenario_->clock)},
                        {"BINRIP_KILL_AT", std::to_string(injection.at)},
                        {"BINRIP_KILL_HOW", injection.how}},
                       kill_after);
  }

  // The same command ends as if nothing had happened; where it had ended already, it says that it has.
  void goes_on(const std::string& what) {
    const Files before = files_in(folder_);
    const bool was_complete = is_complete(before);
    if (!was_complete) check_earlier_image(what, before);
    const Ended ended = run({});
    ++checks_;
    if (ended.code == code_) {
      const std::string wrong = difference(reference_, files_in(folder_));
      if (!wrong.empty()) complain(what, wrong);
    } else if (!(was_complete && ended.code == 1 &&
                 ended.errors.find("is there already") != ended.errors.npos)) {
      complain(what, fmt::format("then it ends with {}, not {}: {}", ended.code, code_, ended.errors));
    }
  }

  // The image that is gone on with is whole until the files of the next one are ready to take its place.
  void check_earlier_image(const std::string& what, Files files) {
    if (earlier_.empty() || files.contains("out.partial/publish")) return;
    std::erase_if(files, [](const auto& file) { return file.first.starts_with("out.partial/"); });
    const std::string harmed = difference(earlier_, files);
    const bool replaced = difference(reference_, files).empty();
    if (!harmed.empty() && !replaced) complain(what, "the image that was there: " + harmed);
  }

  // All that is published is there and right; what may be left over is a folder without anything in it.
  bool is_complete(Files files) const {
    files.erase("out.partial/lock");
    return difference(reference_, files).empty();
  }

  // A call that fails, or a full disk: an error in one line, or nothing that anybody would notice.
  void fails(int at, const char* how) {
    fresh();
    const std::string what = fmt::format("\"{}\" at call {}{}", how, at, name_of(at));
    const Ended ended = run({at, how});
    ++checks_;
    std::string wrong;
    if (ended.code == 1) {
      wrong = complaint_about(ended.errors);
    } else if (ended.code != code_) {
      wrong = fmt::format("it ends with {}: {}", ended.code, ended.errors);
    } else {
      Files files = files_in(folder_);
      std::erase_if(files, [](const auto& file) { return file.first.starts_with("out.partial/"); });
      wrong = difference(reference_, files);
    }
    if (!wrong.empty()) complain(what, wrong);
    if (ended.code != code_) goes_on(what);
  }

  void lose_power_at(int at, Survives survives, std::string& what) {
    Disk disk(folder_);
    run({at, "after"});
    for (const Call& call : read_journal(journal_)) disk.apply(call);
    what += fmt::format(" after call {}{} ({} survives)", at, name_of(at),
                        std::array{"nothing", "names", "some"}[static_cast<std::size_t>(survives)]);
    ++checks_;
    if (disk.has_synced_in_vain())
      complain(what, "something was synced in a folder that is not there for good");
    disk.lose_power(survives, random_);
  }

  // Its pages are lost for good, though programs still see them: nothing may be built on them.
  void sync_fails(int at) {
    for (const Survives survives : {Survives::names, Survives::some}) {
      fresh();
      Disk disk(folder_);
      run({at, "fail"});
      for (const Call& call : read_journal(journal_)) disk.apply(call);
      disk.lose_power(survives, random_);
      goes_on(fmt::format("power lost after sync {}{} had failed", at, name_of(at)));
    }
  }

  bool complain(const std::string& what, const std::string& problem) {
    ++failures_;
    std::cout << fmt::format("{}: {}: {}\n", scenario_->name, what, problem) << std::flush;
    return false;
  }

  std::string program_;
  std::mt19937 random_;
  fs::path work_, folder_, journal_;
  const Scenario* scenario_ = nullptr;
  Files earlier_, reference_;
  int code_ = 0;
  double seconds_ = 0;
  std::vector<Call> calls_;
  int checks_ = 0, failures_ = 0;
};

int usage() {
  std::cerr << "usage: kill PROGRAM instants|calls|power NUMBER [SEED]\n";
  return 2;
}

int number_of(std::string_view text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size() ? value : 0;
}

int main_of(const std::vector<std::string>& arguments) {
  if (arguments.size() < 3) return usage();
  const std::string& mode = arguments[1];
  const int number = number_of(arguments[2]);
  const int seed = arguments.size() > 3 ? number_of(arguments[3]) : 1;
  if (number < 1) return usage();
  Campaign campaign(arguments[0], static_cast<unsigned>(seed));
  for (const Scenario& scenario : kScenarios) {
    if (!campaign.begin(scenario)) break;
    if (mode == "instants") {
      campaign.instants(number);
    } else if (mode == "calls") {
      campaign.calls(number);
    } else if (mode == "power") {
      campaign.power(number);
    } else {
      return usage();
    }
  }
  std::cout << fmt::format("{} checks, {} failed\n", campaign.checks(), campaign.failures());
  return campaign.failures() == 0 && campaign.checks() > 0 ? 0 : 1;
}

}  // namespace
}  // namespace binrip::kill

int main(int argc, char** argv) {
  try {
    return binrip::kill::main_of({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "kill: " << error.what() << '\n';
    return 1;
  }
}
