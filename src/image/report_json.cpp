#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "report_names.hpp"

#include "binrip/base/json.hpp"
#include "binrip/cd/cdtext.hpp"
#include "binrip/image/report.hpp"
#include "binrip/image/text.hpp"

namespace binrip::image {
namespace {

constexpr int kMostOffset = 1'000'000;  // samples; no drive comes near
const std::string kOpenSeal(64, '0');

double finite(double value) { return std::isfinite(value) ? value : 0.0; }

std::string to_hex(Bytes data) {
  std::string hex;
  for (const Byte b : data) hex += fmt::format("{:02x}", b);
  return hex;
}

Json json_of(const Digests& d) {
  return {{"size", d.size},
          {"crc32", as_utf8(d.crc32)},
          {"md5", as_utf8(d.md5)},
          {"sha1", as_utf8(d.sha1)},
          {"sha256", as_utf8(d.sha256)}};
}

Json json_of(const cd::StateCounts& counts) {
  Json out = Json::object();
  for (const cd::SectorState state : cd::kAllSectorStates) {
    out[std::string(cd::to_string(state))] = counts[static_cast<std::size_t>(state)];
  }
  return out;
}

Json json_of(const cd::Text& t) {
  return {{"title", as_utf8(t.title)},           {"performer", as_utf8(t.performer)},
          {"songwriter", as_utf8(t.songwriter)}, {"composer", as_utf8(t.composer)},
          {"arranger", as_utf8(t.arranger)},     {"message", as_utf8(t.message)}};
}

template <class T, class F>
Json array_of(const std::vector<T>& values, F f) {
  Json out = Json::array();
  for (const T& value : values) out.push_back(f(value));
  return out;
}

Json json_of(const cd::Track& t) {
  return {{"number", t.number},
          {"mode", name_of(t.mode)},
          {"control", t.control},
          {"isrc", as_utf8(t.isrc)},
          {"indexes", array_of(t.indexes, [](const cd::Index& index) {
             return Json{{"number", index.number}, {"lba", index.lba.value}};
           })}};
}

Json json_of(const cd::Disc& disc) {
  return {{"mcn", as_utf8(disc.mcn)},
          {"cdtext_packs", to_hex(disc.cdtext_packs)},
          {"text", json_of(disc.text)},
          {"track_texts", array_of(disc.track_texts,
                                   [](const auto& entry) {
                                     return Json{{"track", entry.first}, {"text", json_of(entry.second)}};
                                   })},
          {"sessions", array_of(disc.sessions, [](const cd::Session& session) {
             return Json{{"number", session.number},
                         {"type", name_of(session.type)},
                         {"lead_out", session.lead_out.value},
                         {"tracks", array_of(session.tracks, [](const cd::Track& t) { return json_of(t); })}};
           })}};
}

Json json_of(const ReportValue& v) {
  return {{"name", as_utf8(v.name)}, {"value", as_utf8(v.value)}, {"source", as_utf8(v.source)}};
}

Json json_of(const ReportTrack& t) {
  return {{"session", t.session},
          {"number", t.number},
          {"mode", as_utf8(t.mode)},
          {"begin", t.range.begin.value},
          {"end", t.range.end.value},
          {"states", json_of(t.states)},
          {"digests", json_of(t.digests)},
          {"kinds", {{"mode1", t.mode1}, {"form1", t.form1}, {"form2", t.form2}, {"other", t.other}}}};
}

Json json_of(const Report::Subchannel& s) {
  return {{"kind", as_utf8(s.kind)},
          {"q_right", s.q_right},
          {"q_wrong_crc", s.q_wrong_crc},
          {"q_wrong_address", s.q_wrong_address},
          {"cdg", s.cdg},
          {"q_voted", s.q_voted},
          {"q_confirmed", array_of(s.q_confirmed, [](const cd::LbaRange& run) {
             return Json{{"begin", run.begin.value}, {"end", run.end.value}};
           })}};
}

Json json_of(const ReportRun& r) {
  return {{"started", as_utf8(r.started)},
          {"finished", as_utf8(r.finished)},
          {"device", as_utf8(r.device)},
          {"drive", as_utf8(r.drive)},
          {"verdict", as_utf8(r.verdict)}};
}

Json json_of(const ReportFill& f) {
  return {{"begin", f.range.begin.value}, {"end", f.range.end.value}, {"with", as_utf8(f.with)}};
}

Json json_of(const Report::Reading& r) {
  return {{"seconds", finite(r.seconds)},
          {"average_speed", finite(r.average_speed)},
          {"commands", r.commands},
          {"sectors_read", r.sectors_read},
          {"c2_sectors", r.c2_sectors},
          {"medium_errors", r.medium_errors},
          {"other_errors", r.other_errors},
          {"sectors_retried", r.sectors_retried},
          {"edge_samples_missing", r.edge_samples_missing},
          {"passes", r.passes}};
}

Json json_of(const ReportDatabase& d) {
  return {{"name", as_utf8(d.name)},
          {"answer", as_utf8(d.answer)},
          {"problem", as_utf8(d.problem)},
          {"disc_confidence", d.disc_confidence},
          {"tracks", array_of(d.tracks, [](const ReportDatabaseTrack& t) {
             return Json{{"number", t.number},
                         {"match", as_utf8(t.match)},
                         {"offset", t.offset},
                         {"confidence", t.confidence},
                         {"known", t.known}};
           })}};
}

Json json_of(const std::vector<ReportDatabase>& databases) {
  return array_of(databases, [](const ReportDatabase& d) { return json_of(d); });
}

Json json_of(const ReportVerification& v) {
  return {{"date", as_utf8(v.date)},
          {"program_version", as_utf8(v.program_version)},
          {"exit_code", v.exit_code},
          {"verdict", as_utf8(v.verdict)},
          {"databases", json_of(v.databases)}};
}

// ---- reading ----

// Shared by all nodes of one document. The first error stays; after it, reading goes on without effect.
struct ReadState {
  std::string_view name;
  std::optional<Error> error;
};

std::string kind_of(const Json& value) {
  if (const std::string* text = value.as_string()) return '"' + visible(cut_utf8(*text, 40)) + '"';
  return value.is_array() ? "array" : value.is_object() ? "object" : value.dump();
}

// A value in the document and the way to it.
class Node {
 public:
  Node(const Json& value, std::string path, ReadState& state)
      : value_(&value), path_(std::move(path)), state_(&state) {}

  Node operator[](const char* key) const {
    std::string path = path_.empty() ? std::string(key) : path_ + '.' + key;
    if (!value_->is_object()) {
      expected("object");
    } else if (const Json* found = value_->find(key)) {
      return {*found, std::move(path), *state_};
    } else {
      Node(missing(), path, *state_).expected("a value");
    }
    return {missing(), std::move(path), *state_};
  }

  template <class F>
  void each(F f) const {
    if (!value_->is_array()) return expected("array");
    std::size_t i = 0;
    for (const Json& element : value_->elements()) {
      f(Node(element, fmt::format("{}[{}]", path_, i++), *state_));
    }
  }

  std::string string() const {
    if (const std::string* value = value_->as_string()) return *value;
    expected("string");
    return {};
  }
  bool boolean() const {
    if (const auto value = value_->as_boolean()) return *value;
    expected("true or false");
    return false;
  }
  double real() const {
    if (const auto value = value_->as_number()) return *value;
    expected("number");
    return 0;
  }
  template <class T>
  T integer(std::int64_t min, std::int64_t max) const {
    const auto value = value_->as_integer();
    if (value && *value >= min && *value <= max) return static_cast<T>(*value);
    expected(fmt::format("integer {} … {}", min, max));
    return static_cast<T>(min);
  }
  std::int64_t count() const { return integer<std::int64_t>(0, std::numeric_limits<std::int64_t>::max()); }
  cd::Lba lba() const { return {integer<std::int32_t>(kFirstLba, cd::kLastLba.value + 1)}; }
  // One of a set of names; `parse` gives an optional.
  template <class F>
  auto named(F parse, const char* what) const {
    const auto value = parse(string());
    if (!value) expected(what);
    return value.value_or(typename std::remove_cvref_t<decltype(value)>::value_type{});
  }

  void expected(std::string_view what) const {
    if (state_->error) return;
    const std::string got = value_ == &missing() ? "nothing" : kind_of(*value_);
    state_->error = Error{ErrorKind::invalid, fmt::format("{}: expected {} at {}, got {}", state_->name, what,
                                                          path_.empty() ? "the top" : path_, got)};
  }

 private:
  static constexpr std::int64_t kFirstLba = -45'150;

  static const Json& missing() {
    static const Json kNull;
    return kNull;
  }

  const Json* value_;
  std::string path_;
  ReadState* state_;
};

template <class F>
auto list(const Node& node, F read) {
  std::vector<std::invoke_result_t<F, const Node&>> out;
  node.each([&](const Node& element) { out.push_back(read(element)); });
  return out;
}

ByteVector packs(const Node& node) {
  const std::string hex = node.string();
  ByteVector out;
  const auto nibble = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    const int high = nibble(hex[i]), low = nibble(hex[i + 1]);
    if (high < 0 || low < 0) break;
    out.push_back(static_cast<Byte>(high * 16 + low));
  }
  if (out.size() * 2 != hex.size() || out.size() % cd::kCdTextPackSize != 0) {
    node.expected("packs of 36 lower-case hex digits");
  }
  return out;
}

Digests digests(const Node& node) {
  Digests d;
  d.size = static_cast<std::uint64_t>(node["size"].count());
  d.crc32 = node["crc32"].string();
  d.md5 = node["md5"].string();
  d.sha1 = node["sha1"].string();
  d.sha256 = node["sha256"].string();
  return d;
}

cd::StateCounts states(const Node& node) {
  cd::StateCounts counts{};
  for (const cd::SectorState state : cd::kAllSectorStates) {
    counts[static_cast<std::size_t>(state)] = node[std::string(cd::to_string(state)).c_str()].count();
  }
  return counts;
}

cd::Text text(const Node& node) {
  return {node["title"].string(),    node["performer"].string(), node["songwriter"].string(),
          node["composer"].string(), node["arranger"].string(),  node["message"].string()};
}

cd::LbaRange range(const Node& node) {
  const cd::LbaRange result{node["begin"].lba(), node["end"].lba()};
  if (result.end < result.begin) node["end"].expected("an address after begin");
  return result;
}

cd::Track track(const Node& node) {
  cd::Track t;
  t.number = node["number"].integer<Byte>(1, 99);
  t.mode = node["mode"].named(parse_mode, "audio, mode1, mode2, or cdi");
  t.control = node["control"].integer<Byte>(0, 15);
  t.isrc = node["isrc"].string();
  t.indexes = list(node["indexes"], [](const Node& index) {
    return cd::Index{index["number"].integer<Byte>(0, 99), index["lba"].lba()};
  });
  return t;
}

cd::Session session(const Node& node) {
  cd::Session s;
  s.number = node["number"].integer<Byte>(1, 99);
  s.type = node["type"].named(parse_disc_type, "cd_da_or_rom, cd_i, or cd_xa");
  s.lead_out = node["lead_out"].lba();
  s.tracks = list(node["tracks"], track);
  return s;
}

cd::Disc disc(const Node& node) {
  cd::Disc d;
  d.mcn = node["mcn"].string();
  d.cdtext_packs = packs(node["cdtext_packs"]);
  d.text = text(node["text"]);
  d.track_texts = list(node["track_texts"], [](const Node& entry) {
    return std::pair<Byte, cd::Text>{entry["track"].integer<Byte>(1, 99), text(entry["text"])};
  });
  d.sessions = list(node["sessions"], session);
  return d;
}

ReportValue value(const Node& node) {
  return {node["name"].string(), node["value"].string(), node["source"].string()};
}

ReportTrack report_track(const Node& node) {
  ReportTrack t;
  t.session = node["session"].integer<int>(1, 99);
  t.number = node["number"].integer<int>(1, 99);
  t.mode = node["mode"].string();
  t.range = range(node);
  t.states = states(node["states"]);
  t.digests = digests(node["digests"]);
  const Node kinds = node["kinds"];
  t.mode1 = kinds["mode1"].count();
  t.form1 = kinds["form1"].count();
  t.form2 = kinds["form2"].count();
  t.other = kinds["other"].count();
  return t;
}

Report::Reading reading(const Node& node) {
  Report::Reading r;
  r.seconds = node["seconds"].real();
  r.average_speed = node["average_speed"].real();
  r.commands = node["commands"].count();
  r.sectors_read = node["sectors_read"].count();
  r.c2_sectors = node["c2_sectors"].count();
  r.medium_errors = node["medium_errors"].count();
  r.other_errors = node["other_errors"].count();
  r.sectors_retried = node["sectors_retried"].count();
  r.edge_samples_missing = node["edge_samples_missing"].count();
  r.passes = node["passes"].integer<int>(0, std::numeric_limits<int>::max());
  return r;
}

Report::Subchannel subchannel(const Node& node) {
  Report::Subchannel s;
  s.kind = node["kind"].string();
  s.q_right = node["q_right"].count();
  s.q_wrong_crc = node["q_wrong_crc"].count();
  s.q_wrong_address = node["q_wrong_address"].count();
  s.cdg = node["cdg"].boolean();
  s.q_voted = node["q_voted"].count();
  s.q_confirmed = list(node["q_confirmed"], range);
  return s;
}

ReportRun run(const Node& node) {
  return {node["started"].string(), node["finished"].string(), node["device"].string(),
          node["drive"].string(), node["verdict"].string()};
}

ReportDatabase database(const Node& node) {
  ReportDatabase d;
  d.name = node["name"].string();
  d.answer = node["answer"].string();
  d.problem = node["problem"].string();
  d.disc_confidence = node["disc_confidence"].count();
  d.tracks = list(node["tracks"], [](const Node& t) {
    return ReportDatabaseTrack{t["number"].integer<int>(1, 99), t["match"].string(),
                               t["offset"].integer<int>(-kMostOffset, kMostOffset), t["confidence"].count(),
                               t["known"].count()};
  });
  return d;
}

Report report(const Node& root) {
  Report r;
  r.program_version = root["program_version"].string();
  r.started = root["started"].string();
  r.finished = root["finished"].string();
  r.verdict = root["verdict"].string();
  r.exit_code = root["exit_code"].integer<int>(0, 255);
  const Node drive = root["drive"];
  r.device = drive["device"].string();
  r.vendor = drive["vendor"].string();
  r.product = drive["product"].string();
  r.revision = drive["revision"].string();
  r.serial = drive["serial"].string();
  r.profile = list(drive["profile"], value);
  r.drives = list(root["drives"], [](const Node& d) {
    return ReportDrive{d["name"].string(), d["read_offset"].integer<int>(-kMostOffset, kMostOffset)};
  });
  r.runs = list(root["runs"], run);
  r.sources = list(root["sources"], [](const Node& source) {
    return ReportSource{source["name"].string(), source["sectors"].count()};
  });
  r.ids = list(root["ids"], value);
  r.disc = disc(root["disc"]);
  r.tracks = list(root["tracks"], report_track);
  r.files = list(root["files"], [](const Node& file) {
    return ReportFile{file["name"].string(), file["kind"].string(), digests(file["digests"])};
  });
  r.whole_disc = digests(root["whole_disc"]);
  r.states = states(root["states"]);
  r.not_good = list(root["not_good"], [](const Node& run) {
    return StateRun{range(run), run["state"].named(cd::parse_sector_state, "a sector state")};
  });
  r.filled = list(root["filled"], [](const Node& fill) {
    return ReportFill{range(fill), fill["with"].string()};
  });
  r.subchannel = subchannel(root["subchannel"]);
  r.reading = reading(root["reading"]);
  r.databases = list(root["databases"], database);
  r.notes = list(root["notes"], [](const Node& note) { return note.string(); });
  r.verifications = list(root["verifications"], [](const Node& v) {
    return ReportVerification{v["date"].string(), v["program_version"].string(),
                              v["exit_code"].integer<int>(0, 255), v["verdict"].string(),
                              list(v["databases"], database)};
  });
  static_cast<void>(root["seal"].string());  // right or wrong: verify::json_seal_right says it
  return r;
}

}  // namespace

std::string to_json(const Report& r) {
  const auto value_json = [](const ReportValue& v) { return json_of(v); };
  const Json json = {
      {"schema_version", Report::kSchemaVersion},
      {"program_version", as_utf8(r.program_version)},
      {"started", as_utf8(r.started)},
      {"finished", as_utf8(r.finished)},
      {"verdict", as_utf8(r.verdict)},
      {"exit_code", r.exit_code},
      {"drive",
       {{"device", as_utf8(r.device)},
        {"vendor", as_utf8(r.vendor)},
        {"product", as_utf8(r.product)},
        {"revision", as_utf8(r.revision)},
        {"serial", as_utf8(r.serial)},
        {"profile", array_of(r.profile, value_json)}}},
      {"drives", array_of(r.drives,
                          [](const ReportDrive& d) {
                            return Json{{"name", as_utf8(d.name)}, {"read_offset", d.read_offset}};
                          })},
      {"runs", array_of(r.runs, [](const ReportRun& run) { return json_of(run); })},
      {"sources", array_of(r.sources,
                           [](const ReportSource& s) {
                             return Json{{"name", as_utf8(s.name)}, {"sectors", s.sectors}};
                           })},
      {"ids", array_of(r.ids, value_json)},
      {"disc", json_of(r.disc)},
      {"tracks", array_of(r.tracks, [](const ReportTrack& t) { return json_of(t); })},
      {"files", array_of(r.files,
                         [](const ReportFile& f) {
                           return Json{{"name", as_utf8(f.name)},
                                       {"kind", as_utf8(f.kind)},
                                       {"digests", json_of(f.digests)}};
                         })},
      {"whole_disc", json_of(r.whole_disc)},
      {"states", json_of(r.states)},
      {"not_good", array_of(r.not_good,
                            [](const StateRun& run) {
                              return Json{{"begin", run.range.begin.value},
                                          {"end", run.range.end.value},
                                          {"state", cd::to_string(run.state)}};
                            })},
      {"filled", array_of(r.filled, [](const ReportFill& f) { return json_of(f); })},
      {"subchannel", json_of(r.subchannel)},
      {"reading", json_of(r.reading)},
      {"databases", json_of(r.databases)},
      {"notes", array_of(r.notes, [](const std::string& note) { return Json(as_utf8(note)); })},
      {"verifications", array_of(r.verifications, [](const ReportVerification& v) { return json_of(v); })},
      {"seal", kOpenSeal}};
  return json.dump(2) + '\n';
}

Result<std::string> with_verification(std::string_view text, std::string_view name,
                                      const ReportVerification& verification) {
  TRY(Json json, parse_json(text, name));
  if (!json.member("verifications").is_array()) {
    return fail(ErrorKind::invalid, fmt::format("{}: expected an array at verifications", name));
  }
  json["verifications"].push_back(json_of(verification));
  json.erase("seal");  // so that it comes last again
  json["seal"] = kOpenSeal;
  return json.dump(2) + '\n';
}

Result<Report> report_from_json(std::string_view text, std::string_view name) {
  TRY(const Json json, parse_json(text, name));
  ReadState state{name, std::nullopt};
  const Node root(json, "", state);
  const int version = root["schema_version"].integer<int>(0, std::numeric_limits<int>::max());
  if (!state.error && version != Report::kSchemaVersion) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: expected a report of version {}, got version {}", name,
                            Report::kSchemaVersion, version),
                "another version of binrip wrote it");
  }
  Report result;
  if (!state.error) result = report(root);
  if (state.error) return fail(std::move(*state.error));
  return result;
}

}  // namespace binrip::image
