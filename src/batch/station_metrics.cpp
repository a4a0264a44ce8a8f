#include "binrip/batch/station_metrics.hpp"

#include <algorithm>
#include <ctime>

#include <fmt/format.h>

#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

// A label's value: backslash, quote and line feed are escaped, other control characters have no way to be
// written and would only disturb.
std::string label(std::string_view text) {
  std::string value;
  image::for_each_char(image::as_utf8(text), [&](char32_t code, std::string_view bytes) {
    if (code == '\\' || code == '"') {
      value += '\\';
      value += bytes;
    } else if (code == '\n') {
      value += "\\n";
    } else {
      value += image::is_control(code) ? std::string_view("?") : bytes;
    }
  });
  return value;
}

class Writer {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
  }
  template <class Number>
  void sample(Number value) {
    text_ += fmt::format("{} {}\n", name_, value);
  }
  template <class Number>
  void sample(const std::string& labels, Number value) {
    text_ += fmt::format("{}{{{}}} {}\n", name_, labels, value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string name_;
  std::string text_;
};

std::string drive_label(const DriveView& drive) { return fmt::format("drive=\"{}\"", label(drive.id)); }

// Of a time as ISO 8601 in UTC; nothing when it is none.
std::optional<std::int64_t> unix_time(const std::string& iso) {
  std::tm parts{};
  if (::strptime(iso.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr) return std::nullopt;
  return ::timegm(&parts);
}

void write_station(Writer& out, const StationView& view) {
  if (const auto started = unix_time(view.started)) {
    out.family("binrip_start_time_seconds", "gauge", "When the station was started, in seconds since 1970.");
    out.sample(*started);
  }
  out.family("binrip_discs_total", "counter", "Discs that have ended since the start, by how they ended.");
  for (const DiscEnd end : kAllDiscEnds) {
    out.sample(fmt::format("end=\"{}\"", to_string(end)), view.ends[static_cast<std::size_t>(end)]);
  }
  out.family("binrip_drives", "gauge", "Drives by their stage.");
  for (const DriveStage stage : kAllDriveStages) {
    const auto count = std::count_if(view.drives.begin(), view.drives.end(),
                                     [&](const DriveView& drive) { return drive.stage == stage; });
    out.sample(fmt::format("stage=\"{}\"", to_string(stage)), count);
  }
  out.family("binrip_needs_a_hand", "gauge", "How many things a person has to do.");
  out.sample(view.needs_a_hand.size());
  out.family("binrip_archive_free_bytes", "gauge", "Free space of the archive's file system.");
  out.sample(view.free_bytes);
  out.family("binrip_stopping", "gauge", "1 when no disc is begun any more.");
  out.sample(view.stopping ? 1 : 0);
}

void write_drives(Writer& out, const StationView& view) {
  out.family("binrip_drive_info", "gauge", "Each drive with its node and its name; always 1.");
  for (const DriveView& drive : view.drives) {
    out.sample(
        fmt::format("{},node=\"{}\",name=\"{}\"", drive_label(drive), label(drive.node), label(drive.name)),
        1);
  }
  out.family("binrip_drive_stage", "gauge", "1 for the stage that a drive is in, 0 for all others.");
  for (const DriveView& drive : view.drives) {
    for (const DriveStage stage : kAllDriveStages) {
      out.sample(fmt::format("{},stage=\"{}\"", drive_label(drive), to_string(stage)),
                 drive.stage == stage ? 1 : 0);
    }
  }
  out.family("binrip_drive_discs_total", "counter", "Discs of a drive since the start, by result.");
  for (const DriveView& drive : view.drives) {
    out.sample(drive_label(drive) + ",result=\"published\"", drive.discs_published);
    out.sample(drive_label(drive) + ",result=\"failed\"", drive.discs_failed);
  }
}

// Of the rips that run.
void write_rips(Writer& out, const StationView& view) {
  const auto each = [&](std::string_view name, std::string_view help, auto value) {
    out.family(name, "gauge", help);
    for (const DriveView& drive : view.drives) {
      if (drive.progress) value(drive_label(drive), *drive.progress);
    }
  };
  using Labels = const std::string&;
  using Progress = const RipProgress&;
  each("binrip_rip_sectors", "Sectors of the pass that a drive is in.",
       [&](Labels labels, Progress p) { out.sample(labels, p.sectors_total); });
  each("binrip_rip_sectors_done", "How many of these are done.",
       [&](Labels labels, Progress p) { out.sample(labels, p.sectors_done); });
  each("binrip_rip_sectors_not_good", "Sectors of the disc that are not yet consistent or proven.",
       [&](Labels labels, Progress p) { out.sample(labels, p.sectors_not_good); });
  each("binrip_rip_speed", "Speed in multiples of 75 sectors a second.",
       [&](Labels labels, Progress p) { out.sample(labels, p.speed); });
  each("binrip_rip_left_seconds", "Estimated time until the rip is done; absent while it is not known.",
       [&](Labels labels, Progress p) {
         if (p.time_left) out.sample(labels, p.time_left->count());
       });
  each("binrip_rip_errors", "Sectors with C2 errors, and commands that failed, of the rip that runs.",
       [&](Labels labels, Progress p) {
         out.sample(labels + ",kind=\"c2\"", p.c2_sectors);
         out.sample(labels + ",kind=\"medium\"", p.medium_errors);
         out.sample(labels + ",kind=\"other\"", p.other_errors);
       });
}

}  // namespace

std::string station_metrics(const StationView& view) {
  Writer out;
  write_station(out, view);
  write_drives(out, view);
  write_rips(out, view);
  return out.take();
}

}  // namespace binrip::batch
