#include "binrip/batch/changer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "changer_marks.hpp"
#include "loader_program.hpp"
#include "mtx_status.hpp"

#include "binrip/base/file.hpp"

namespace binrip::batch {
namespace {

constexpr std::size_t kMaxMtxOutput = 8U << 20;  // a slot takes about 60 bytes

tl::unexpected<LoaderError> trouble(LoaderRemedy remedy, ErrorKind kind, std::string message,
                                    std::string hint = {}) {
  return tl::unexpected(LoaderError{remedy, {kind, std::move(message), std::move(hint)}});
}

template <class T>
LoaderResult<T> or_stop(Result<T> result) {
  if (!result) return tl::unexpected(LoaderError{LoaderRemedy::stop, std::move(result).error()});
  return std::move(*result);
}

class Changer : public Loader {
 public:
  Changer(ChangerOptions options, ChangerMarks marks)
      : options_(std::move(options)), marks_(std::move(marks)) {}

  LoaderResult<void> pre_batch(const std::stop_token& stop) override {
    const auto status = look("", stop);
    if (!status) return tl::unexpected(status.error());
    return {};
  }

  LoaderResult<Loaded> load(const LoaderDrive& drive, const std::stop_token& stop) override {
    const auto place = look_at(drive, stop);
    if (!place) return tl::unexpected(place.error());
    if (place->element.full) return Loaded::disc;
    const auto slot = std::find_if(place->status.slots.begin(), place->status.slots.end(),
                                   [&](const ChangerSlot& s) { return is_next(s); });
    if (slot == place->status.slots.end()) return Loaded::no_more;
    marks_.taken[place->element.number] = slot->number;
    const auto moved = move(drive, {"load", slot->number, place->element.number}, stop);
    if (!moved) return tl::unexpected(moved.error());
    return Loaded::disc;
  }

  LoaderResult<Unloaded> unload(const LoaderDrive& drive, const std::stop_token& stop) override {
    const auto place = look_at(drive, stop);
    if (!place) return tl::unexpected(place.error());
    return put_away(drive, *place, stop);
  }

  LoaderResult<Unloaded> reject(const LoaderDrive& drive, std::string_view /*reason*/,
                                const std::stop_token& stop) override {
    const auto place = look_at(drive, stop);
    if (!place) return tl::unexpected(place.error());
    if (options_.reject_slots.empty()) return put_away(drive, *place, stop);
    if (!place->element.full) return Unloaded::nothing;
    const auto empty = std::find_if(
        options_.reject_slots.begin(), options_.reject_slots.end(),
        [&](int slot) { return !place->status.slots.at(static_cast<std::size_t>(slot) - 1).full; });
    if (empty == options_.reject_slots.end()) {
      return trouble(LoaderRemedy::try_again, ErrorKind::not_ready,
                     "the changer's slots for rejects are full", "take the discs out of them");
    }
    return take(drive, {"unload", *empty, place->element.number}, stop);
  }

  LoaderResult<void> post_batch(BatchEnd end, const std::stop_token& /*stop*/) override {
    if (end == BatchEnd::interrupted) return {};
    marks_ = {};
    return save();
  }

 private:
  // A drive, and how the changer stands.
  struct Place {
    ChangerStatus status;
    ChangerElement element;
  };
  struct Move {
    std::string verb;  // "load", "unload"
    int slot, element;
  };

  LoaderResult<ProgramEnd> run_mtx(const std::vector<std::string>& words, const std::string& node,
                                   const std::stop_token& stop) const {
    LoaderProgram program{.what = "mtx",
                          .drive_node = node,
                          .run = {.arguments = {"mtx", "-f", options_.device},
                                  .limit = options_.limit,
                                  .most_output = kMaxMtxOutput}};
    program.run.arguments.insert(program.run.arguments.end(), words.begin(), words.end());
    program.what = fmt::format("{}", fmt::join(program.run.arguments, " "));
    // There is one arm: when it is stuck, no drive can be served.
    return run_for_loader(program, LoaderRemedy::stop, options_.log, stop);
  }

  LoaderResult<ChangerStatus> look(const std::string& node, const std::stop_token& stop) {
    const auto end = run_mtx({"status"}, node, stop);
    if (!end) return tl::unexpected(end.error());
    if (end->exit_code != 0) {
      return trouble(LoaderRemedy::stop, ErrorKind::io,
                     fmt::format("mtx cannot tell how the changer {} stands{}", options_.device,
                                 last_words(end->output)));
    }
    auto status = or_stop(parse_mtx_status(end->output));
    if (!status) return status;
    if (auto checked = check(*status); !checked) return tl::unexpected(checked.error());
    marks_.compare_with(*status);
    return status;
  }

  // Whether the changer has what the options speak of.
  LoaderResult<void> check(const ChangerStatus& status) const {
    for (const int slot : options_.reject_slots) {
      if (has_slot(status, slot)) continue;
      return trouble(LoaderRemedy::stop, ErrorKind::usage, fmt::format("the changer has no slot {}", slot));
    }
    for (const int element : options_.elements) {
      if (has_element(status, element)) continue;
      return trouble(LoaderRemedy::stop, ErrorKind::usage,
                     fmt::format("the changer has no drive {}", element));
    }
    return {};
  }
  static bool has_slot(const ChangerStatus& status, int slot) {
    return slot >= 1 && slot <= static_cast<int>(status.slots.size());
  }
  static bool has_element(const ChangerStatus& status, int element) {
    return element >= 0 && element < static_cast<int>(status.elements.size());
  }

  LoaderResult<Place> look_at(const LoaderDrive& drive, const std::stop_token& stop) {
    auto status = look(drive.node, stop);
    if (!status) return tl::unexpected(status.error());
    const auto index = static_cast<std::size_t>(drive.number);
    const bool configured = !options_.elements.empty();
    if (drive.number < 0 || index >= (configured ? options_.elements.size() : status->elements.size())) {
      return trouble(LoaderRemedy::drive_aside, ErrorKind::usage,
                     fmt::format("the changer has no drive {} for {}", drive.number, drive.node));
    }
    const ChangerElement element =
        status->elements.at(configured ? static_cast<std::size_t>(options_.elements[index]) : index);
    return Place{std::move(*status), element};
  }

  bool is_reject_slot(int slot) const {
    return std::find(options_.reject_slots.begin(), options_.reject_slots.end(), slot) !=
           options_.reject_slots.end();
  }
  bool is_next(const ChangerSlot& slot) const {
    return slot.kind == SlotKind::storage && slot.full && !marks_.done.contains(slot.number) &&
           !is_reject_slot(slot.number);
  }

  // The slot for a disc that is done.
  std::optional<int> slot_for(const Place& place) const {
    const bool home = options_.done == DoneDiscs::home;
    const SlotKind kind = home ? SlotKind::storage : SlotKind::import_export;
    const int own = home ? marks_.home_of(place.element).value_or(0) : 0;
    const auto is_free = [&](const ChangerSlot& slot) {
      return slot.kind == kind && !slot.full && !is_reject_slot(slot.number);
    };
    const auto& slots = place.status.slots;
    const auto same = std::find_if(slots.begin(), slots.end(),
                                   [&](const auto& s) { return is_free(s) && s.number == own; });
    const auto found = same != slots.end() ? same : std::find_if(slots.begin(), slots.end(), is_free);
    return found == slots.end() ? std::nullopt : std::optional(found->number);
  }

  LoaderResult<Unloaded> put_away(const LoaderDrive& drive, const Place& place, const std::stop_token& stop) {
    if (!place.element.full) return Unloaded::nothing;  // somebody has taken it
    const std::optional<int> slot = slot_for(place);
    if (!slot) {
      return trouble(LoaderRemedy::try_again, ErrorKind::not_ready,
                     "the changer has no empty slot for the disc", "take discs out of it");
    }
    if (options_.done == DoneDiscs::home) marks_.done[*slot] = place.element.tag;
    return take(drive, {"unload", *slot, place.element.number}, stop);
  }

  LoaderResult<Unloaded> take(const LoaderDrive& drive, const Move& what, const std::stop_token& stop) {
    if (const auto moved = move(drive, what, stop); !moved) return tl::unexpected(moved.error());
    return Unloaded::disc;
  }

  // Saves the marks, which know of the movement already, then moves. What mtx says of a failure is held
  // against how the changer stands afterwards.
  LoaderResult<void> move(const LoaderDrive& drive, const Move& what, const std::stop_token& stop) {
    if (auto saved = save(); !saved) return saved;
    const auto end =
        run_mtx({what.verb, std::to_string(what.slot), std::to_string(what.element)}, drive.node, stop);
    if (!end) return tl::unexpected(end.error());
    if (end->exit_code == 0) return {};
    const auto status = look(drive.node, stop);
    if (!status) return tl::unexpected(status.error());
    if (!has_slot(*status, what.slot) || !has_element(*status, what.element)) {
      return trouble(LoaderRemedy::stop, ErrorKind::hardware, "the changer has other slots and drives now");
    }
    const bool in_drive = status->elements.at(static_cast<std::size_t>(what.element)).full;
    const bool in_slot = status->slots.at(static_cast<std::size_t>(what.slot) - 1).full;
    const bool loading = what.verb == "load";
    if (in_drive == loading && in_slot != loading) return {};  // it has moved all the same
    const bool nowhere = !in_drive && !in_slot;
    return trouble(nowhere ? LoaderRemedy::stop : LoaderRemedy::drive_aside, ErrorKind::hardware,
                   fmt::format("mtx failed{}", last_words(end->output)),
                   nowhere ? "the disc is in neither of them: look into the changer" : "");
  }

  LoaderResult<void> save() const {
    if (auto written = write_atomically(options_.marks, format_marks(marks_)); !written) {
      return tl::unexpected(LoaderError{LoaderRemedy::stop, written.error()});
    }
    return {};
  }

  ChangerOptions options_;
  ChangerMarks marks_;
};

}  // namespace

Result<std::unique_ptr<Loader>> open_changer(ChangerOptions options) {
  if (!find_program("mtx")) {
    return fail(ErrorKind::usage, "mtx is not installed, and the changer wants it",
                "install the package mtx");
  }
  TRY(ChangerMarks marks, read_marks(options.marks));
  return std::unique_ptr<Loader>(std::make_unique<Changer>(std::move(options), std::move(marks)));
}

}  // namespace binrip::batch
