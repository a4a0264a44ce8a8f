#include "journal.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <sys/stat.h>

namespace binrip::kill {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kPage = 4096;

std::string read_all(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool toss(std::mt19937& random) { return (random() & 1U) != 0; }

void grow(std::string& contents, std::int64_t size) {
  contents.resize(std::max(contents.size(), static_cast<std::size_t>(size)), '\0');
}

}  // namespace

std::vector<Call> read_journal(const fs::path& path) {
  std::vector<Call> calls;
  std::ifstream file(path, std::ios::binary);
  std::string line;
  while (std::getline(file, line)) {
    Call call;
    std::size_t length = 0;
    std::istringstream words(line);
    std::string first, second;
    words >> call.number >> call.what >> call.error >> call.inode >> call.offset >> length;
    words.ignore();  // the tab
    std::getline(words, first, '\t');
    std::getline(words, second);
    if (!words) throw std::runtime_error("not a journal: " + line);
    call.path = first;
    call.second = second;
    call.data.resize(length);
    if (!file.read(call.data.data(), static_cast<std::streamsize>(length))) break;  // killed while writing it
    calls.push_back(std::move(call));
  }
  return calls;
}

Disk::Disk(fs::path folder) : folder_(std::move(folder)) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_)) {
    auto node = std::make_shared<Node>();
    node->is_folder = entry.is_directory();
    if (!node->is_folder) {
      node->contents = read_all(entry.path());
      struct stat info {};
      if (::stat(entry.path().c_str(), &info) == 0) by_inode_[info.st_ino] = node;
    }
    now_[entry.path()] = node;
  }
  durable_ = now_;
}

void Disk::change(Names& names, const NameChange& change) {
  const auto remove = [&](const fs::path& path) {
    names.erase(path);
    std::erase_if(names, [&](const auto& entry) { return entry.first.parent_path() == path; });
  };
  switch (change.kind) {
    case NameChange::Kind::add:
      names[change.path] = change.node;
      break;
    case NameChange::Kind::rename:
      names.erase(change.path);
      names[change.second] = change.node;
      break;
    case NameChange::Kind::remove:
      remove(change.path);
      break;
  }
}

void Disk::change(std::string& contents, const DataChange& change) {
  if (change.is_resize) {
    contents.resize(static_cast<std::size_t>(change.offset), '\0');
    return;
  }
  grow(contents, change.offset + static_cast<std::int64_t>(change.data.size()));
  if (!change.is_lost)
    contents.replace(static_cast<std::size_t>(change.offset), change.data.size(), change.data);
}

void Disk::change_names(NameChange change) {
  Disk::change(now_, change);
  pending_.push_back(std::move(change));
}

void Disk::apply(const Call& call) {
  if (call.what == "sync") return sync(call);
  if (call.error != 0) return;
  using enum NameChange::Kind;
  if (call.what == "create" || call.what == "mkdir") {
    auto node = std::make_shared<Node>();
    node->is_folder = call.what == "mkdir";
    if (!node->is_folder) by_inode_[call.inode] = node;
    change_names({add, call.path, {}, node});
  } else if (call.what == "rename") {
    change_names({rename, call.path, call.second, now_.at(call.path)});
  } else if (call.what == "remove") {
    change_names({remove, call.path, {}, nullptr});
  } else {
    Node& node = *by_inode_.at(call.inode);
    const bool is_resize = call.what != "write";
    node.pending.push_back({is_resize, false, call.offset, call.data});
  }
}

void Disk::sync(const Call& call) {
  const auto found = by_inode_.find(call.inode);
  if (found == by_inode_.end()) {
    if (call.error == 0) sync_folder(call.path);
    return;
  }
  Node& node = *found->second;
  if (call.error != 0) {
    for (DataChange& each : node.pending) each.is_lost = true;
    return;
  }
  for (const DataChange& each : node.pending) change(node.contents, each);
  node.pending.clear();
}

void Disk::sync_folder(const fs::path& path) {
  std::erase_if(pending_, [&](const NameChange& each) {
    const bool is_here = each.path.parent_path() == path ||
                         (each.kind == NameChange::Kind::rename && each.second.parent_path() == path);
    if (is_here) change(durable_, each);
    return is_here;
  });
}

bool Disk::is_reachable(const Names& names, const fs::path& path) const {
  const fs::path parent = path.parent_path();
  return parent == folder_ || (names.contains(parent) && is_reachable(names, parent));
}

bool Disk::has_synced_in_vain() const {
  return std::any_of(durable_.begin(), durable_.end(),
                     [&](const auto& entry) { return !is_reachable(durable_, entry.first); });
}

std::string Disk::contents_after_loss(const Node& node, Survives survives, std::mt19937& random) {
  std::string contents = node.contents;
  for (const DataChange& each : node.pending) {
    if (survives == Survives::nothing) continue;
    if (survives == Survives::names) {
      DataChange size_only = each;
      size_only.is_lost = true;
      change(contents, size_only);
      continue;
    }
    if (each.is_resize) {
      if (toss(random)) change(contents, each);
      continue;
    }
    const auto end = each.offset + static_cast<std::int64_t>(each.data.size());
    for (std::int64_t at = each.offset; at < end;) {
      const std::int64_t next = std::min(end, (at / kPage + 1) * kPage);
      DataChange page{
          false, each.is_lost || toss(random), at,
          each.data.substr(static_cast<std::size_t>(at - each.offset), static_cast<std::size_t>(next - at))};
      change(contents, page);
      at = next;
    }
  }
  return contents;
}

void Disk::lose_power(Survives survives, std::mt19937& random) const {
  Names names = durable_;
  std::size_t kept = 0;
  if (survives == Survives::names) kept = pending_.size();
  if (survives == Survives::some) kept = random() % (pending_.size() + 1);
  for (std::size_t i = 0; i < kept; ++i) change(names, pending_[i]);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) fs::remove_all(entry.path());
  for (const auto& [path, node] : names) {  // a folder comes before what is in it
    if (!is_reachable(names, path)) continue;
    if (node->is_folder) {
      fs::create_directory(path);
      continue;
    }
    std::ofstream file(path, std::ios::binary);
    const std::string contents = contents_after_loss(*node, survives, random);
    file.write(contents.data(), static_cast<std::streamsize>(contents.size()));
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
  }
}

}  // namespace binrip::kill
