// The user's own programs as a loader.
#include <array>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "loader_program.hpp"

#include "binrip/batch/loader.hpp"

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> kHooks = {"pre-batch", "load", "unload", "reject", "post-batch"};

// How a hook ended that did not fail.
enum class HookEnd { missing, done, no_more };

class HookLoader : public Loader {
 public:
  explicit HookLoader(HookOptions options) : options_(std::move(options)) {}

  LoaderResult<void> pre_batch(const std::stop_token& stop) override {
    return only_done(run({"pre-batch", nullptr, {}, LoaderRemedy::stop}, stop));
  }

  LoaderResult<Loaded> load(const LoaderDrive& drive, const std::stop_token& stop) override {
    const auto end = run({"load", &drive, {}, LoaderRemedy::drive_aside}, stop);
    if (!end) return tl::unexpected(end.error());
    switch (*end) {
      case HookEnd::missing:
        return Loaded::by_hand;
      case HookEnd::no_more:
        return Loaded::no_more;
      case HookEnd::done:
        break;
    }
    return Loaded::disc;
  }

  LoaderResult<Unloaded> unload(const LoaderDrive& drive, const std::stop_token& stop) override {
    return unloaded(run({"unload", &drive, {}, LoaderRemedy::drive_aside}, stop));
  }

  LoaderResult<Unloaded> reject(const LoaderDrive& drive, std::string_view reason,
                                const std::stop_token& stop) override {
    const Call call{exists("reject") ? "reject" : "unload",
                    &drive,
                    {{"BINRIP_REASON", without_nul(reason)}},
                    LoaderRemedy::drive_aside};
    return unloaded(run(call, stop));
  }

  LoaderResult<void> post_batch(BatchEnd end, const std::stop_token& stop) override {
    const std::string word = end == BatchEnd::finished ? "finished" : "interrupted";
    return only_done(run({"post-batch", nullptr, {{"BINRIP_BATCH_END", word}}, LoaderRemedy::stop}, stop));
  }

 private:
  struct Call {
    std::string hook;
    const LoaderDrive* drive;  // null: of no one drive
    std::map<std::string, std::string> environment;
    LoaderRemedy on_failure;
  };

  static std::string without_nul(std::string_view text) {
    return std::string(text.substr(0, text.find('\0')));
  }

  bool exists(const std::string& hook) const {
    std::error_code ignored;
    return fs::exists(options_.folder / hook, ignored);
  }

  static LoaderResult<void> only_done(const LoaderResult<HookEnd>& end) {
    if (!end) return tl::unexpected(end.error());
    return {};
  }

  static LoaderResult<Unloaded> unloaded(const LoaderResult<HookEnd>& end) {
    if (!end) return tl::unexpected(end.error());
    if (*end == HookEnd::missing) return Unloaded::by_hand;
    return *end == HookEnd::no_more ? Unloaded::nothing : Unloaded::disc;
  }

  LoaderResult<HookEnd> run(const Call& call, const std::stop_token& stop) const {
    if (!exists(call.hook)) return HookEnd::missing;
    LoaderProgram program{.what = call.hook,
                          .drive_node = call.drive != nullptr ? call.drive->node : "",
                          .run = {.arguments = {options_.folder / call.hook},
                                  .limit = options_.limit,
                                  .environment = options_.environment}};
    program.run.environment["BINRIP_HOOK"] = call.hook;
    for (const auto& [name, value] : call.environment) program.run.environment[name] = value;
    if (call.drive != nullptr) {
      const std::string number = std::to_string(call.drive->number);
      program.run.arguments.push_back(call.drive->node);
      program.run.arguments.push_back(number);
      program.run.environment["BINRIP_DRIVE"] = call.drive->node;
      program.run.environment["BINRIP_DRIVE_NUMBER"] = number;
      program.run.environment["BINRIP_DRIVE_ID"] = call.drive->id;
    }
    const auto end = run_for_loader(program, call.on_failure, options_.log, stop);
    if (!end) return tl::unexpected(end.error());
    return judge(call, *end);
  }

  static LoaderResult<HookEnd> judge(const Call& call, const ProgramEnd& end) {
    if (end.exit_code == 0) return HookEnd::done;
    if (end.exit_code == kHookNoMore && call.drive != nullptr) return HookEnd::no_more;
    const bool later = end.exit_code == kHookTryAgain;
    return tl::unexpected(LoaderError{
        .remedy = later ? LoaderRemedy::try_again : call.on_failure,
        .error = {
            later ? ErrorKind::not_ready : ErrorKind::io,
            fmt::format("the hook {} {}{}", call.hook,
                        later ? "asks to be tried again" : fmt::format("failed: exit code {}", end.exit_code),
                        last_words(end.output))}});
  }

  HookOptions options_;
};

Result<void> check(const fs::path& hook) {
  if (::access(hook.c_str(), X_OK) == 0 && fs::is_regular_file(hook)) return {};
  return fail(ErrorKind::usage, fmt::format("the hook {} cannot be executed", hook.string()),
              fmt::format("chmod +x {}", hook.string()));
}

}  // namespace

Result<std::unique_ptr<Loader>> open_hooks(HookOptions options) {
  std::error_code error;
  options.folder = fs::absolute(options.folder, error);
  if (!fs::is_directory(options.folder, error)) {
    return fail(ErrorKind::usage, fmt::format("there is no folder {} for hooks", options.folder.string()));
  }
  int found = 0;
  for (const std::string_view name : kHooks) {
    if (!fs::exists(options.folder / name, error)) continue;
    TRY_VOID(check(options.folder / name));
    ++found;
  }
  if (found == 0) {
    return fail(ErrorKind::usage, fmt::format("{} has no hook", options.folder.string()),
                "they are called pre-batch, load, unload, reject and post-batch");
  }
  return std::unique_ptr<Loader>(std::make_unique<HookLoader>(std::move(options)));
}

}  // namespace binrip::batch
