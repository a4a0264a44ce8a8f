#include "archive.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <sys/file.h>

#include "binrip/base/json.hpp"

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kWorkName = 32;  // of an identity, enough to tell discs apart
constexpr const char* kImage = "image";
constexpr const char* kTarget = "target";
constexpr const char* kOrder = "order";
constexpr const char* kJournal = "publish.json";
constexpr const char* kReason = "reason.json";
constexpr const char* kBrought = "brought.json";
constexpr std::size_t kMostSmall = 1U << 20;
constexpr int kMostWorks = 20;  // of discs with one TOC: more than are ever begun

Result<void> make_folders(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) return fail(errno_error(problem.value(), "create", folder));
  return {};
}

Result<void> move(const fs::path& from, const fs::path& to) {
  return rename_durably(from, to, Occupied::keep);
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

Result<void> remove_tree(const fs::path& path) {
  std::error_code problem;
  fs::remove_all(path, problem);
  if (problem) return fail(errno_error(problem.value(), "remove", path));
  return {};
}

std::string dump(const Json& json) { return json.dump(2) + '\n'; }

Json journal_line_json(const FinishedDisc& finished, const Listed& listed) {
  return {{"time", finished.time},       {"drive", finished.drive_id},     {"disc", finished.disc},
          {"folder", finished.folder},   {"end", to_string(finished.end)}, {"exit_code", finished.exit_code},
          {"verdict", finished.verdict}, {"order", listed.order},          {"barcode", listed.barcode},
          {"title", listed.title},       {"volume", listed.volume},        {"disc_id", listed.disc_id}};
}

// Error invalid when it is not of this program.
Result<Json> read_json(const fs::path& path) {
  TRY(const std::string text, read_text(path, kMostSmall));
  auto json = parse_json(text);
  if (json && json->is_object()) return std::move(*json);
  return fail(ErrorKind::invalid, fmt::format("{}: not written by this program", path.string()));
}

// The members of an object, one call each, and whether all were there and of the right type.
class Members {
 public:
  explicit Members(const Json& object) : object_(object) {}

  bool complete() const { return complete_; }

  std::string text(const char* name) {
    const std::string* text = object_.member(name).as_string();
    if (text != nullptr) return *text;
    complete_ = false;
    return {};
  }
  // One that need not be there.
  std::string optional_text(const char* name) {
    return object_.find(name) != nullptr ? text(name) : std::string();
  }
  // One that is null where there is no text.
  std::string text_or_null(const char* name) {
    const Json* value = object_.find(name);
    return value != nullptr && value->kind() == Json::Kind::null ? std::string() : text(name);
  }
  int integer(const char* name) {
    const auto integer = object_.member(name).as_integer();
    if (integer && std::in_range<int>(*integer)) return static_cast<int>(*integer);
    complete_ = false;
    return 0;
  }

 private:
  const Json& object_;
  bool complete_ = true;
};

FinishedDisc finished_from(Members& members) {
  FinishedDisc finished;
  finished.time = members.text("time");
  finished.drive_id = members.text("drive");
  finished.disc = members.text("disc");
  finished.folder = members.text_or_null("folder");
  finished.exit_code = members.integer("exit_code");
  finished.verdict = members.text("verdict");
  const std::string end = members.text("end");
  for (const DiscEnd one : kAllDiscEnds) {
    if (to_string(one) == end) finished.end = one;
  }
  return finished;
}

Listed listed_from(Members& members) {
  return {.order = members.optional_text("order"),
          .barcode = members.optional_text("barcode"),
          .title = members.optional_text("title"),
          .volume = members.optional_text("volume"),
          .disc_id = members.optional_text("disc_id")};
}

Result<Publication> read_journal(const fs::path& work) {
  TRY(const Json json, read_json(work / kJournal));
  Members members(json);
  Publication publication{.work = work,
                          .finished = finished_from(members),
                          .identity = members.text("identity"),
                          .listed = listed_from(members)};
  if (members.complete()) return publication;
  return fail(ErrorKind::invalid, fmt::format("{}: not written by this program", (work / kJournal).string()));
}

// A drive's name has no slash, but ".." has none either.
std::string file_name(const std::string& drive) {
  std::string name = "drive-" + drive;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

}  // namespace

Result<Archive> Archive::open(const fs::path& folder) {
  const fs::path own = folder / ".binrip";
  for (const char* name : {"work", "drives"}) TRY_VOID(make_folders(own / name));
  TRY(File lock, File::open_update(own / "lock"));
  if (::flock(lock.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorKind::exists, fmt::format("another station works in {}", folder.string()),
                "end it first, or choose another archive");
  }
  return Archive(folder, std::move(lock));
}

fs::path Archive::work_folder(const WorkName& name) const {
  std::string folder = name.identity.substr(0, kWorkName);
  if (name.number > 1) folder += fmt::format("-{}", name.number);
  return own() / "work" / folder;
}

std::set<int> Archive::works(const std::string& identity) const {
  std::set<int> numbers;
  for (int number = 1; number <= kMostWorks; ++number) {
    if (is_there(work_folder({identity, number}))) numbers.insert(number);
  }
  return numbers;
}

std::string Archive::order_of_work(const WorkName& name) const {
  return read_text(work_folder(name) / kOrder, kMostSmall).value_or("");
}

Result<Work> Archive::work(const WorkName& name, const fs::path& target, const std::string& order) {
  Work work{.folder = work_folder(name), .cue = {}, .target = target};
  if (is_there(work.folder / kTarget)) {
    TRY(const std::string kept, read_text(work.folder / kTarget, kMostSmall));
    work.target = kept;
  } else {
    TRY_VOID(make_folders(work.folder));
    if (!order.empty()) TRY_VOID(write_atomically(work.folder / kOrder, order));
    TRY_VOID(write_atomically(work.folder / kTarget, target.string()));
  }
  TRY_VOID(make_folders(work.folder / kImage));
  work.cue = work.folder / kImage / (work.target.filename().string() + ".cue");
  return work;
}

Result<Publication> Archive::publish(const Work& work, const std::string& identity, FinishedDisc finished,
                                     Listed listed, const fs::path& target) {
  Publication publication{.work = work.folder,
                          .finished = std::move(finished),
                          .identity = identity,
                          .listed = std::move(listed)};
  publication.finished.folder = target.string();
  Json journal = journal_line_json(publication.finished, publication.listed);
  journal["identity"] = identity;
  TRY_VOID(write_atomically(work.folder / kJournal, dump(journal)));
  const fs::path to = folder_ / target;
  TRY_VOID(make_folders(to.parent_path()));
  TRY_VOID(move(work.folder / kImage, to));
  return publication;
}

Result<void> Archive::done(const Publication& publication) { return remove_tree(publication.work); }

Result<std::vector<Publication>> Archive::unfinished() const {
  std::vector<Publication> publications;
  std::error_code problem;
  for (fs::directory_iterator entry(own() / "work", problem), end; !problem && entry != end;
       entry.increment(problem)) {
    const fs::path work = entry->path();
    if (!is_there(work / kJournal)) continue;
    if (is_there(work / kImage)) {  // it did not come to the move: the disc goes on as if nothing had been
      TRY_VOID(remove_tree(work / kJournal));
      continue;
    }
    TRY(Publication publication, read_journal(work));
    publications.push_back(std::move(publication));
  }
  if (problem) return fail(errno_error(problem.value(), "read", own() / "work"));
  return publications;
}

Result<void> Archive::drop(const WorkName& name) { return remove_tree(work_folder(name)); }

Result<fs::path> Archive::put_aside(const std::string& identity, const std::optional<WorkName>& begun,
                                    const FinishedDisc& finished, const Listed& listed) {
  // No colons: other systems read archives, too.
  std::string name = finished.time;
  name.erase(std::remove_if(name.begin(), name.end(), [](char c) { return c == ':' || c == '-'; }),
             name.end());
  name += ' ' + (finished.disc.empty() ? finished.drive_id : finished.disc);
  constexpr std::size_t kLongest = 100;
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '/' || c == '\\' || c == ':'; }, '_');
  while (name.size() > kLongest ||
         (!name.empty() && (static_cast<unsigned char>(name.back()) & 0xC0U) == 0x80U &&
          name.size() == kLongest)) {
    name.pop_back();
  }
  const fs::path failed = folder_ / "failed";
  TRY_VOID(make_folders(failed));
  fs::path to = failed / name;
  for (int n = 2; is_there(to); ++n) to = failed / fmt::format("{} ({})", name, n);
  Json reason = journal_line_json(finished, listed);
  reason["folder"] = nullptr;
  if (!identity.empty()) reason["toc"] = identity;
  const fs::path image = begun ? work_folder(*begun) / kImage : fs::path();
  const bool has_image = begun && is_there(image);
  if (!has_image) TRY_VOID(make_folders(to));
  TRY_VOID(write_atomically((has_image ? image : to) / kReason, dump(reason)));
  if (has_image) TRY_VOID(move(image, to));
  if (begun) TRY_VOID(drop(*begun));
  return fs::path("failed") / to.filename();
}

Result<std::vector<PutAside>> Archive::all_put_aside() const {
  std::vector<PutAside> all;
  const fs::path failed = folder_ / "failed";
  if (!is_there(failed)) return all;
  std::error_code problem;
  for (fs::directory_iterator entry(failed, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    if (!is_there(entry->path() / kReason)) continue;
    const auto json = read_json(entry->path() / kReason);
    if (!json) continue;
    Members members(*json);
    PutAside one{.finished = finished_from(members), .listed = listed_from(members)};
    if (!members.complete()) continue;  // somebody else's
    one.finished.folder = (fs::path("failed") / entry->path().filename()).string();
    all.push_back(std::move(one));
  }
  if (problem) return fail(errno_error(problem.value(), "read", failed));
  std::sort(all.begin(), all.end(),
            [](const PutAside& a, const PutAside& b) { return a.finished.folder < b.finished.folder; });
  return all;
}

std::string Archive::last_disc(const std::string& drive) const {
  return read_text(own() / "drives" / file_name(drive), kMostSmall).value_or("");
}

Result<void> Archive::remember(const std::string& drive, const std::string& identity) const {
  return write_atomically(own() / "drives" / file_name(drive), identity);
}

std::map<std::string, std::string> Archive::brought() const {
  std::map<std::string, std::string> orders;
  const auto json = read_json(own() / kBrought);
  if (!json) return orders;
  for (const auto& [drive, order] : json->members()) {
    if (const std::string* text = order.as_string()) orders.emplace(drive, *text);
  }
  return orders;
}

Result<void> Archive::remember_brought(const std::map<std::string, std::string>& orders) const {
  Json json = Json::object();
  for (const auto& [drive, order] : orders) json[drive] = order;
  return write_atomically(own() / kBrought, dump(json));
}

std::uint64_t Archive::free_bytes() const { return free_space(folder_).value_or(0); }

}  // namespace binrip::batch
