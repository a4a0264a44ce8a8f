// Ends rips at every step, and holds what the same command makes of it afterwards against a rip that nothing
// happened to.
//   kill PROGRAM instants PERIOD  SIGKILL at random instants, also twice in a row
//   kill PROGRAM calls PERIOD     at calls that change a file: SIGKILL before it, after it and in the
//                                 middle of it, the call failing, and the disk full from there on
//   kill PROGRAM power PERIOD     power lost after calls, also twice in a row, and after a sync that failed
// All that can happen at all calls of the rips below is one list of cases; a run takes every PERIODth of
// them, and BINRIP_ROTATION says where it begins (support/rotation.hpp). PERIOD is best a prime: up to five
// cases belong to one call, and a run should not have the same ones of all calls.
//   --list             names the cases and runs none of them
//   --journals FOLDER  takes the calls of the uninterrupted rips from there, where an earlier run with this
//                      option put them: rips that make checkpoints now and then have some more calls or fewer
//                      each time, and lists can only be compared when they are of the same calls
//   --seed NUMBER      of the random numbers
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
#include "support/rotation.hpp"

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

std::string_view what_survives(Survives survives) {
  return std::array{"nothing", "names", "some"}[static_cast<std::size_t>(survives)];
}

// What can happen at a call, as preload.c names it.
struct Harm {
  const char* how;
  bool ends_it;  // SIGKILL; else the program sees an error
};
constexpr Harm kHarms[] = {
    {"before", true}, {"after", true}, {"half", true}, {"fail", false}, {"full", false}};

bool makes_sense(const Harm& harm, std::string_view call) {
  if (harm.how == std::string_view("half")) return call == "write";  // the same as before, elsewhere
  const bool takes_space = call != "sync" && call != "rename" && call != "remove";
  return harm.how != std::string_view("full") || takes_space;
}

// Knows which of the cases this run takes.
class Selection {
 public:
  enum class Purpose { run, list };

  Selection(test::Rotation rotation, int period, Purpose purpose)
      : rotation_(rotation), period_(static_cast<std::uint64_t>(period)), purpose_(purpose) {}

  std::uint64_t run_number() const { return rotation_.number(); }
  // Whether the case is to be run. One that is only to be listed is listed.
  bool takes(std::size_t index, const std::string& name) {
    if (!rotation_.takes(index, period_)) return false;
    if (purpose_ == Purpose::run) return true;
    std::cout << name << '\n';
    return false;
  }

 private:
  test::Rotation rotation_;
  std::uint64_t period_ = 1;
  Purpose purpose_;
};

class Campaign {
 public:
  // Other runs have other random numbers.
  Campaign(std::string program, unsigned seed, Selection selection)
      : program_(std::move(program)),
        random_(seed + static_cast<unsigned>(selection.run_number())),
        selection_(selection) {
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

  // Makes the uninterrupted rip that all others are held against, or takes its calls from that journal, which
  // is enough for a list.
  bool begin(const Scenario& scenario, const fs::path& kept) {
    scenario_ = &scenario;
    if (fs::exists(kept)) {
      calls_ = read_journal(kept);
      return true;
    }
    if (!begin(scenario)) return false;
    if (!kept.empty()) fs::copy_file(journal_, kept);
    return true;
  }

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

  // SIGKILL at a random instant of each slice of the time that a rip takes.
  void instants() {
    constexpr int kSlices = 150;
    for (int slice = 0; slice < kSlices; ++slice) {
      if (!takes(slice, 0, fmt::format("slice {} of {}", slice + 1, kSlices))) continue;
      fresh();
      const double length = seconds_ / kSlices;
      std::uniform_real_distribution<double> first(slice * length, (slice + 1) * length), any(0, seconds_);
      std::string what = "SIGKILL at";
      const auto kill_at = [&](double at) {
        what += fmt::format(" {:.1f} ms", at * 1000);
        run({}, at);
      };
      kill_at(first(random_));
      if (slice % 3 == 0) kill_at(any(random_));
      goes_on(what);
    }
  }

  void calls() {
    for (int at = 1; at <= call_count(); ++at) {
      for (std::size_t i = 0; i < std::size(kHarms); ++i) {
        const Harm& harm = kHarms[i];
        if (!makes_sense(harm, kind_of(at)) || !takes(at, i, harm.how)) continue;
        if (harm.ends_it) {
          fresh();
          run({at, harm.how});
          goes_on(fmt::format("SIGKILL {} call {}{}", harm.how, at, name_of(at)));
        } else {
          fails(at, harm.how);
        }
      }
    }
  }

  void power() {
    for (int at = 1; at <= call_count(); ++at) {
      std::size_t i = 0;
      for (const Survives survives : {Survives::nothing, Survives::names, Survives::some}) {
        if (takes(at, i++, fmt::format("{} survives", what_survives(survives)))) power_lost(at, survives);
      }
      if (kind_of(at) != "sync") continue;
      for (const Survives survives : {Survives::names, Survives::some}) {
        if (takes(at, i++, fmt::format("fail, {} survives", what_survives(survives))))
          sync_fails(at, survives);
      }
    }
  }

  int checks() const { return checks_; }
  int failures() const { return failures_; }

 private:
  struct Injection {
    int at = 0;
    std::string how = "none";
  };

  // The index of a case comes from the number of its call alone, not from how many cases were before it: so
  // it is the same in all runs, though another rip may have other calls before this one.
  bool takes(int at, std::size_t of_call, std::string_view what) {
    constexpr std::size_t kMostOfCall = 5, kMostCalls = 1000;
    const auto scenario = static_cast<std::size_t>(scenario_ - std::begin(kScenarios));
    const std::size_t call = scenario * kMostCalls + static_cast<std::size_t>(at);
    return selection_.takes(call * kMostOfCall + of_call,
                            fmt::format("{}: {}: {}", scenario_->name, at, what));
  }
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

  void power_lost(int at, Survives survives) {
    fresh();
    std::string what = "power lost";
    lose_power_at(at, survives, what);
    if (at % 3 == 0) {
      std::uniform_int_distribution<int> which(1, call_count());
      lose_power_at(which(random_), survives, what);
    }
    goes_on(what);
  }

  void lose_power_at(int at, Survives survives, std::string& what) {
    Disk disk(folder_);
    run({at, "after"});
    for (const Call& call : read_journal(journal_)) disk.apply(call);
    what += fmt::format(" after call {}{} ({} survives)", at, name_of(at), what_survives(survives));
    ++checks_;
    if (disk.has_synced_in_vain())
      complain(what, "something was synced in a folder that is not there for good");
    disk.lose_power(survives, random_);
  }

  // Its pages are lost for good, though programs still see them: nothing may be built on them.
  void sync_fails(int at, Survives survives) {
    fresh();
    Disk disk(folder_);
    run({at, "fail"});
    for (const Call& call : read_journal(journal_)) disk.apply(call);
    disk.lose_power(survives, random_);
    goes_on(fmt::format("power lost after sync {}{} had failed ({} survives)", at, name_of(at),
                        what_survives(survives)));
  }

  bool complain(const std::string& what, const std::string& problem) {
    ++failures_;
    std::cout << fmt::format("{}: {}: {}\n", scenario_->name, what, problem) << std::flush;
    return false;
  }

  std::string program_;
  std::mt19937 random_;
  Selection selection_;
  fs::path work_, folder_, journal_;
  const Scenario* scenario_ = nullptr;
  Files earlier_, reference_;
  int code_ = 0;
  double seconds_ = 0;
  std::vector<Call> calls_;
  int checks_ = 0, failures_ = 0;
};

struct Options {
  std::string program, mode;
  int period = 0, seed = 1;
  fs::path journals;
  Selection::Purpose purpose = Selection::Purpose::run;
};

int number_of(std::string_view text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size() ? value : 0;
}

std::optional<Options> parse(const std::vector<std::string>& arguments) {
  Options options;
  std::vector<std::string> words;
  for (auto it = arguments.begin(); it != arguments.end(); ++it) {
    const bool has_value = it + 1 != arguments.end();
    if (*it == "--list") {
      options.purpose = Selection::Purpose::list;
    } else if (*it == "--journals" && has_value) {
      options.journals = *++it;
    } else if (*it == "--seed" && has_value) {
      options.seed = number_of(*++it);
    } else {
      words.push_back(*it);
    }
  }
  if (words.size() != 3) return std::nullopt;
  options.program = words[0];
  options.mode = words[1];
  options.period = number_of(words[2]);
  // An image is compared with what the uninterrupted rip wrote, which a journal from an earlier run is not.
  const bool runs_from_journals = !options.journals.empty() && options.purpose == Selection::Purpose::run;
  if (options.period < 1 || runs_from_journals) return std::nullopt;
  return options;
}

int usage() {
  std::cerr
      << "usage: kill PROGRAM instants|calls|power PERIOD [--seed NUMBER] [--list [--journals FOLDER]]\n";
  return 2;
}

int main_of(const std::vector<std::string>& arguments) {
  const std::optional<Options> options = parse(arguments);
  const std::map<std::string_view, void (Campaign::*)()> modes{
      {"instants", &Campaign::instants}, {"calls", &Campaign::calls}, {"power", &Campaign::power}};
  if (!options || !modes.contains(options->mode)) return usage();
  Campaign campaign(options->program, static_cast<unsigned>(options->seed),
                    Selection(test::Rotation::from_environment(), options->period, options->purpose));
  for (const Scenario& scenario : kScenarios) {
    const fs::path kept = options->journals.empty() ? fs::path() : options->journals / scenario.name;
    if (!campaign.begin(scenario, kept)) break;
    (campaign.*modes.at(options->mode))();
  }
  const bool all_well = campaign.failures() == 0;
  if (options->purpose == Selection::Purpose::list) return all_well ? 0 : 1;
  std::cout << fmt::format("{} checks, {} failed\n", campaign.checks(), campaign.failures());
  return all_well && campaign.checks() > 0 ? 0 : 1;
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
