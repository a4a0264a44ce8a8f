
#include "binrip/base/json.hpp"
#include "binrip/cli/display.hpp"
#include "binrip/job/rip_job.hpp"

namespace binrip::cli {
namespace {

constexpr std::chrono::milliseconds kInterval{100};

std::string_view severity_name(rip::Severity severity) {
  switch (severity) {
    case rip::Severity::info:
      return "info";
    case rip::Severity::note:
      return "note";
    case rip::Severity::warning:
      return "warning";
  }
  return "info";
}

Json states_of(const cd::StateCounts& counts) {
  Json states = Json::object();
  for (const cd::SectorState state : cd::kAllSectorStates) {
    states[std::string(cd::to_string(state))] = counts[static_cast<std::size_t>(state)];
  }
  return states;
}

class JsonDisplay : public Display {
 public:
  explicit JsonDisplay(std::ostream& out) : out_(out) {}

  void on_stage(const std::string& stage) override { write({{"event", "stage"}, {"stage", stage}}); }

  void on_message(rip::Severity severity, const std::string& text) override {
    write({{"event", "message"}, {"severity", severity_name(severity)}, {"text", text}});
  }

  void on_progress(const rip::Progress& p) override {
    const bool whole = p.sectors_done >= p.sectors_total;
    if (!rate_.due() && !whole) return;
    Json event = {{"event", "progress"},
                  {"pass", p.pass},
                  {"passes", p.passes},
                  {"pass_name", p.pass_name},
                  {"track", p.track},
                  {"last_track", p.last_track},
                  {"lba", p.lba.value},
                  {"sectors_done", p.sectors_done},
                  {"sectors_total", p.sectors_total},
                  {"speed", p.speed},
                  {"seconds_left", nullptr},
                  {"states", states_of(p.states)},
                  {"sectors_not_good", p.sectors_not_good},
                  {"c2_sectors", p.c2_sectors},
                  {"medium_errors", p.medium_errors},
                  {"other_errors", p.other_errors}};
    if (p.remaining.count() > 0 || whole) event["seconds_left"] = p.remaining.count();
    write(event);
  }

  void on_done(const job::RipOutcome& outcome) override {
    Json files = Json::array();
    for (const auto& file : outcome.files) files.push_back(file.string());
    const image::Report& report = outcome.report;
    Json event = {{"event", "done"},
                  {"exit_code", report.exit_code},
                  {"verdict", report.verdict},
                  {"files", files},
                  {"tracks", report.tracks.size()},
                  {"seconds", report.reading.seconds},
                  {"speed", report.reading.average_speed},
                  {"states", states_of(report.states)},
                  {"notes", report.notes}};
    if (outcome.not_signed) {
      event["exit_code"] = 1;
      event["error"] = outcome.not_signed->message;
    }
    write(event);
  }

  void on_error(const Error& error, int exit_code) override {
    Json event = {{"event", "done"},
                  {"exit_code", exit_code},
                  {"error", error.message},
                  {"kind", to_string(error.kind)}};
    if (!error.hint.empty()) event["hint"] = error.hint;
    write(event);
  }

 private:
  void write(const Json& event) { out_ << event.dump() << std::endl; }

  std::ostream& out_;
  RateLimit rate_{kInterval};
};

}  // namespace

std::unique_ptr<Display> json_display(std::ostream& out) { return std::make_unique<JsonDisplay>(out); }

}  // namespace binrip::cli
