#include "binrip/cli/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace binrip::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

RipInvocation rip(std::vector<std::string> arguments) {
  auto result = parse_arguments(std::move(arguments));
  EXPECT_TRUE(result) << result.error().message;
  return std::get<RipInvocation>(*result);
}

std::string problem(std::vector<std::string> arguments) {
  const auto result = parse_arguments(std::move(arguments));
  if (result) return "none";
  EXPECT_EQ(result.error().kind, ErrorKind::usage);
  EXPECT_NE(result.error().hint, "");
  return result.error().message;
}

std::string text(std::vector<std::string> arguments) {
  return std::get<TextInvocation>(parse_arguments(std::move(arguments)).value()).text;
}

TEST(RipArguments, HaveSensibleDefaults) {
  const RipInvocation r = rip({"/dev/sr0", "out.cue"});
  EXPECT_EQ(r.device.name, "/dev/sr0");
  EXPECT_EQ(r.rip.cue, "out.cue");
  EXPECT_EQ(r.rip.layout, image::BinLayout::single);
  EXPECT_EQ(r.rip.sub, job::SubFile::write);
  EXPECT_EQ(r.rip.existing, job::Existing::keep);
  EXPECT_EQ(r.rip.on_damage, job::OnDamage::publish);
  EXPECT_EQ(r.rip.after, job::AfterRip::keep_closed);
  EXPECT_EQ(r.rip.speed, std::nullopt);
  EXPECT_EQ(r.rip.retries, 5);
  EXPECT_EQ(r.rip.overrides, drive::ProfileOverrides{});
  EXPECT_EQ(r.progress, ProgressKind::automatic);
  EXPECT_EQ(r.verbosity, Verbosity::normal);
}

TEST(VerifyArguments, AreASheetAndAForm) {
  const auto result = parse_arguments({"verify", "a.cue", "--json"});
  ASSERT_TRUE(result);
  EXPECT_EQ(std::get<VerifyInvocation>(*result).sheet, "a.cue");
  EXPECT_EQ(std::get<VerifyInvocation>(*result).format, OutputFormat::json);
  const auto repair = parse_arguments({"verify", "a.cue", "--repair", "b.cue"});
  ASSERT_TRUE(repair);
  EXPECT_EQ(std::get<VerifyInvocation>(*repair).repair, "b.cue");
  EXPECT_EQ(problem({"verify", "a.cue", "--repair", "b.bin"}),
            "--repair: expected a name that ends in .cue, got \"b.bin\"");
  EXPECT_EQ(problem({"verify"}), "expected the CUE sheet of an image");
  EXPECT_EQ(problem({"--json", "verify"}), "unknown option --json");
}

TEST(CatalogArguments, AreAnActionAnArchiveAndWhatItNeeds) {
  const auto catalog = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "catalog");
    const auto result = parse_arguments(std::move(arguments));
    EXPECT_TRUE(result) << result.error().message;
    return std::get<CatalogInvocation>(*result);
  };
  EXPECT_EQ(catalog({"list", "a"}).action, CatalogAction::list);
  EXPECT_EQ(catalog({"list", "a"}).archive, "a");
  EXPECT_EQ(catalog({"list", "--json", "a"}).format, OutputFormat::json);
  EXPECT_EQ(catalog({"show", "a", "12"}).disc, 12);
  EXPECT_THAT(catalog({"search", "a", "x", "--", "-y"}).words, ElementsAre("x", "-y"));
  EXPECT_EQ(catalog({"export", "a", "--dat"}).export_format, ExportFormat::dat);
  EXPECT_EQ(catalog({"verify", "a", "--share", "10%"}).percent, 10);
  EXPECT_EQ(catalog({"verify", "a", "--discs", "7"}).discs, 7);
  EXPECT_EQ(catalog({"verify", "a"}).percent, std::nullopt);
  EXPECT_EQ(catalog({"rebuild", "a"}).action, CatalogAction::rebuild);

  EXPECT_EQ(problem({"catalog"}), "catalog: expected one of list, show, search, export, verify, rebuild");
  EXPECT_EQ(problem({"catalog", "--json"}), "unknown option --json");
  EXPECT_THAT(problem({"catalog", "--"}), HasSubstr("expected one of"));
  EXPECT_EQ(problem({"catalog", "list"}), "expected ARCHIVE, the folder of an archive");
  EXPECT_EQ(problem({"catalog", "list", "a", "b"}), "unexpected argument b");
  EXPECT_EQ(problem({"catalog", "show", "a"}), "expected the ID of a disc, as `binrip catalog list` has it");
  EXPECT_EQ(problem({"catalog", "show", "a", "x"}), "ID: expected a number from 1 to 2147483647, got \"x\"");
  EXPECT_EQ(problem({"catalog", "search", "a"}), "expected words to search for");
  EXPECT_EQ(problem({"catalog", "export", "a", "--csv", "--dat"}), "expected one of --csv, --json, --dat");
  EXPECT_EQ(problem({"catalog", "verify", "a", "--discs", "0"}),
            "--discs: expected a number from 1 to 1000000000, got \"0\"");
  EXPECT_EQ(problem({"catalog", "verify", "a", "--discs", "1", "--share", "1"}),
            "--share and --discs exclude each other");
  EXPECT_EQ(problem({"--verbose", "catalog"}), "expected a device, got \"catalog\"");
  const std::string help = text({"catalog", "verify", "--help"});
  EXPECT_THAT(help, HasSubstr("--share PERCENT"));
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 84U) << line;
  EXPECT_EQ(text({"catalog", "--version"}), text({"--version"}));
}

TEST(RipArguments, TakeTheWayToTheDrive) {
  EXPECT_EQ(rip({"/dev/sr0", "o.cue"}).device.transport, std::nullopt);
  const DeviceOptions device = rip({"/dev/sr0", "o.cue", "--transport", "sg"}).device;
  EXPECT_EQ(device.transport, drive::TransportChoice::sg);
  EXPECT_EQ(problem({"/dev/sr0", "o.cue", "--transport", "usb"}),
            "--transport: expected one of auto, cdio, sg, got \"usb\"");
  drive::ConfigFile config;
  config.transport = drive::TransportChoice::cdio;
  EXPECT_EQ(with_config(device, config).transport, drive::TransportChoice::sg);  // the command line wins
  EXPECT_EQ(with_config({}, config).transport, drive::TransportChoice::cdio);
}

TEST(RipArguments, AreTheSameWithAndWithoutTheCommandsName) {
  const RipInvocation r = rip({"rip", "--split", "/dev/sr0", "out.cue"});
  EXPECT_EQ(r.device.name, "/dev/sr0");
  EXPECT_EQ(r.rip.layout, image::BinLayout::split);
}

TEST(RipArguments, TakeEveryOption) {
  const RipInvocation r = rip({"/dev/sr0", "x/Out.cue", "--no-sub", "--strict", "--force", "--eject",
                               "--offline", "--speed", "8x", "--retries=0", "--read-offset", "-1164", "--set",
                               "title=A b", "--set=3.title=C", "--progress", "json", "-v"});
  EXPECT_EQ(r.rip.sub, job::SubFile::leave_out);
  EXPECT_EQ(r.rip.existing, job::Existing::overwrite);
  EXPECT_EQ(r.rip.on_damage, job::OnDamage::withhold);
  EXPECT_EQ(r.rip.after, job::AfterRip::eject);
  EXPECT_EQ(r.rip.speed, 8);
  EXPECT_EQ(r.rip.retries, 0);
  EXPECT_EQ(r.rip.overrides.read_offset, -1164);
  EXPECT_THAT(r.texts, ElementsAre("title=A b", "3.title=C"));
  EXPECT_EQ(r.progress, ProgressKind::json);
  EXPECT_EQ(r.verbosity, Verbosity::verbose);
}

TEST(RipArguments, TakeBudgets) {
  using namespace std::chrono_literals;
  const auto max_time = [](const char* text) { return rip({"d", "o.cue", "--max-time", text}).rip.max_time; };
  EXPECT_EQ(max_time("90"), 90min);
  EXPECT_EQ(max_time("90m"), 90min);
  EXPECT_EQ(max_time("45s"), 45s);
  EXPECT_EQ(max_time("2h"), 2h);
  const RipInvocation r = rip({"d", "o.cue", "--stop-below=5", "--passes", "2", "--paranoia=always"});
  EXPECT_EQ(r.rip.stop_below, 5);
  EXPECT_EQ(r.rip.passes, 2);
  EXPECT_EQ(r.rip.paranoia, rip::Paranoia::always);
  EXPECT_EQ(rip({"d", "o.cue"}).rip.paranoia, rip::Paranoia::automatic);
  EXPECT_EQ(rip({"d", "o.cue", "--paranoia", "never"}).rip.paranoia, rip::Paranoia::never);
  EXPECT_EQ(r.rip.max_time, std::nullopt);
}

TEST(RipArguments, TakeAPositiveOffsetWithItsSign) {
  EXPECT_EQ(rip({"/dev/sr0", "o.cue", "--read-offset", "+667"}).rip.overrides.read_offset, 667);
}

TEST(RipArguments, LeaveWordsAfterAListOptionAlone) {
  const RipInvocation r = rip({"--set", "title=A", "/dev/sr0", "out.cue"});
  EXPECT_EQ(r.device.name, "/dev/sr0");
  EXPECT_THAT(r.texts, ElementsAre("title=A"));
}

TEST(RipArguments, TakeOptionsOfTheSoftwareDrive) {
  const RipInvocation r = rip({"sim:demo", "o.cue", "--sim-time", "real", "--sim-option", "read-offset=6",
                               "--sim-option", "c2=none", "--record-trace", "t.txt"});
  EXPECT_EQ(r.device.sim_clock, sim::Clock::real_time);
  EXPECT_THAT(r.device.sim_options, ElementsAre("read-offset=6", "c2=none"));
  EXPECT_EQ(r.device.record_trace, "t.txt");
}

TEST(RipArguments, SayWhatIsMissing) {
  EXPECT_EQ(problem({}), "expected DEVICE and OUT.cue");
  EXPECT_EQ(problem({"--split"}), "expected DEVICE and OUT.cue");
  EXPECT_EQ(problem({"/dev/sr0"}), "expected OUT.cue after the device");
  EXPECT_EQ(problem({"/dev/sr0", "/dev/sr1"}), "expected a name that ends in .cue, got \"/dev/sr1\"");
}

TEST(RipArguments, SayWhatIsTooMuch) {
  EXPECT_EQ(problem({"/dev/sr0", "a.cue", "b.cue"}), "unexpected argument b.cue");
  EXPECT_EQ(problem({"/dev/sr0", "a.cue", "--fast"}), "unknown option --fast");
  EXPECT_EQ(problem({"/dev/sr0", "a.cue", "-x"}), "unknown option -x");
  EXPECT_EQ(problem({"/dev/sr0", "a.cue", "--speed", "4", "--speed", "8"}), "--speed: given more than once");
}

TEST(RipArguments, SayWhichValueIsWrong) {
  EXPECT_EQ(problem({"d", "a.cue", "--speed"}), "--speed: expected a value");
  EXPECT_EQ(problem({"d", "a.cue", "--speed", "fast"}),
            "--speed: expected a number from 1 to 100, got \"fast\"");
  EXPECT_EQ(problem({"d", "a.cue", "--speed", "0"}), "--speed: expected a number from 1 to 100, got \"0\"");
  EXPECT_EQ(problem({"d", "a.cue", "--max-time", "90x"}),
            "--max-time: expected a time such as 90m, 45s or 2h, got \"90x\"");
  EXPECT_EQ(problem({"d", "a.cue", "--max-time", "0"}),
            "--max-time: expected a time such as 90m, 45s or 2h, got \"0\"");
  EXPECT_EQ(problem({"d", "a.cue", "--paranoia", "a bit"}),
            "--paranoia: expected one of auto, always, never, got \"a bit\"");
  EXPECT_EQ(problem({"d", "a.cue", "--passes", "3"}), "--passes: expected a number from 1 to 2, got \"3\"");
  EXPECT_EQ(problem({"d", "a.cue", "--retries", "5 "}),
            "--retries: expected a number from 0 to 1000, got \"5 \"");
  EXPECT_EQ(problem({"d", "a.cue", "--retries", "99999999999999999999"}),
            "--retries: expected a number from 0 to 1000, got \"99999999999999999999\"");
  EXPECT_EQ(problem({"d", "a.cue", "--read-offset", "+-6"}),
            "--read-offset: expected a number of samples from -5880 to 5880, got \"+-6\"");
  EXPECT_EQ(problem({"d", "a.cue", "--progress", "xml"}),
            "--progress: expected one of auto, json, none, got \"xml\"");
}

TEST(RipArguments, RefuseContradictions) {
  EXPECT_EQ(problem({"d", "a.cue", "-q", "-v"}), "--quiet and --verbose exclude each other");
  EXPECT_EQ(problem({"/dev/sr0", "a.cue", "--sim-time", "real"}),
            "--sim-time and --sim-option are for sim: devices");
}

TEST(RipArguments, NoticeACommandInTheWrongPlace) {
  EXPECT_EQ(problem({"--verbose", "info", "/dev/sr0"}), "expected a device, got \"info\"");
  EXPECT_EQ(rip({"./info", "out.cue"}).device.name, "./info");
}

TEST(InfoArguments, TakeDeviceAndFormat) {
  const auto result = parse_arguments({"info", "sim:demo", "--json", "--read-offset", "6"});
  const auto& info = std::get<InfoInvocation>(result.value());
  EXPECT_EQ(info.device.name, "sim:demo");
  EXPECT_EQ(info.format, OutputFormat::json);
  EXPECT_EQ(info.overrides.read_offset, 6);
  EXPECT_EQ(problem({"info"}), "expected DEVICE");
  EXPECT_EQ(problem({"info", "d", "--split"}), "unknown option --split");
}

TEST(DrivesArguments, TakeTheFormat) {
  EXPECT_EQ(std::get<DrivesInvocation>(parse_arguments({"drives"}).value()).format, OutputFormat::text);
  EXPECT_EQ(std::get<DrivesInvocation>(parse_arguments({"drives", "--json"}).value()).format,
            OutputFormat::json);
  EXPECT_EQ(problem({"drives", "/dev/sr0"}), "unexpected argument /dev/sr0");
}

TEST(Help, IsGivenWhateverElseStandsThere) {
  EXPECT_THAT(text({"--help"}), HasSubstr("binrip DEVICE OUT.cue"));
  EXPECT_THAT(text({"-h", "--nonsense"}), HasSubstr("binrip DEVICE OUT.cue"));
  EXPECT_THAT(text({"info", "--help"}), HasSubstr("binrip info DEVICE"));
  EXPECT_THAT(text({"drives", "x", "--help"}), HasSubstr("binrip drives"));
}

TEST(Help, FitsEightyColumnsAndNamesEachOption) {
  const std::string help = text({"--help"});
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 84U) << line;
  for (const char* option : {"--split", "--read-offset N", "--speed X", "--no-sub", "--strict", "--force",
                             "--offline", "--retries N", "--eject", "-v, --verbose", "-q, --quiet",
                             "--progress KIND", "--set FIELD=VALUE", "--version"}) {
    EXPECT_THAT(help, HasSubstr(option));
  }
}

TEST(Version, IsNameAndNumber) {
  EXPECT_THAT(text({"--version"}), testing::MatchesRegex("binrip [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(RefineArguments, AreAnImageAndADevice) {
  const RipInvocation r =
      rip({"refine", "out.cue", "/dev/sr1", "--fill", "zero", "--retries=9", "--read-offset", "6"});
  EXPECT_EQ(r.rip.task, job::Task::refine);
  EXPECT_EQ(r.rip.cue, "out.cue");
  EXPECT_EQ(r.device.name, "/dev/sr1");
  EXPECT_EQ(r.rip.fill->word, "zero");
  EXPECT_EQ(r.rip.retries, 9);
  EXPECT_EQ(rip({"/dev/sr1", "out.cue"}).rip.task, job::Task::rip);
  EXPECT_EQ(rip({"/dev/sr1", "out.cue"}).rip.fill, std::nullopt);
  EXPECT_EQ(problem({"refine", "out.cue"}), "expected OUT.cue and DEVICE");
  EXPECT_EQ(problem({"refine", "/dev/sr1", "out.cue"}),
            "expected a name that ends in .cue, got \"/dev/sr1\"");
  EXPECT_EQ(problem({"refine", "out.cue", "/dev/sr1", "--force"}), "unknown option --force");
  EXPECT_THAT(problem({"/dev/sr1", "out.cue", "--fill", "x"}), HasSubstr("--fill: expected pattern, zero"));
}

TEST(MergeArguments, AreTwoImagesAndOneMore) {
  const auto result = parse_arguments({"merge", "a.cue", "b.cue", "x/o.cue", "--split", "--strict", "-q"});
  ASSERT_TRUE(result) << result.error().message;
  const auto& merge = std::get<MergeInvocation>(*result);
  EXPECT_EQ(merge.merge.first, "a.cue");
  EXPECT_EQ(merge.merge.second, "b.cue");
  EXPECT_EQ(merge.merge.cue, "x/o.cue");
  EXPECT_EQ(merge.merge.layout, image::BinLayout::split);
  EXPECT_EQ(merge.merge.on_damage, job::OnDamage::withhold);
  EXPECT_EQ(merge.merge.existing, job::Existing::keep);
  EXPECT_EQ(merge.verbosity, Verbosity::quiet);
  EXPECT_EQ(problem({"merge", "a.cue", "b.cue"}), "expected A.cue, B.cue and OUT.cue");
  EXPECT_EQ(problem({"merge", "a.cue", "b.bin", "o.cue"}),
            "expected a name that ends in .cue, got \"b.bin\"");
}

}  // namespace
}  // namespace binrip::cli
