// What a program did to the files of one folder, and what a power loss would have left of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace binrip::kill {

// A call as preload.c writes it down: NUMBER, WHAT, ERRNO, INODE, OFFSET, LENGTH, PATH, SECOND or "-", with
// tabs between them, a line; then LENGTH bytes. WHAT: create (a new file), empty (an old one, O_TRUNC),
// write, resize (OFFSET is the size), sync (a file or a folder), rename (PATH to SECOND), remove, mkdir.
// ERRNO 0: it succeeded.
struct Call {
  int number = 0;
  std::string what;
  int error = 0;
  std::uint64_t inode = 0;
  std::int64_t offset = 0;
  std::filesystem::path path, second;
  std::string data;
};
std::vector<Call> read_journal(const std::filesystem::path& path);

// What is left of that which was not synced. POSIX promises none of it; file systems differ in what they
// keep.
enum class Survives {
  nothing,  // no name, no byte
  names,    // all names and sizes, but no bytes: zeros where a file has grown (ext4 and XFS, delayed
            // allocation)
  some,     // names up to a random one, and random pages of what was written
};

// A disk under one folder: what is there for programs, and what is there for good. A failed sync loses the
// pages that it should have written, as on Linux: a later one does not bring them back.
class Disk {
 public:
  // Everything in the folder is there for good.
  explicit Disk(std::filesystem::path folder);

  void apply(const Call& call);
  // Makes the folder what it would be after a power loss now.
  void lose_power(Survives survives, std::mt19937& random) const;
  // Whether something was synced inside of a folder whose own name was not: it would be lost with the folder.
  bool has_synced_in_vain() const;

 private:
  struct DataChange {
    bool is_resize = false;
    bool is_lost = false;
    std::int64_t offset = 0;  // or the size
    std::string data;
  };
  struct Node {
    bool is_folder = false;
    std::string contents;
    std::vector<DataChange> pending;
  };
  using Names = std::map<std::filesystem::path, std::shared_ptr<Node>>;
  struct NameChange {
    enum class Kind { add, rename, remove } kind;
    std::filesystem::path path, second;
    std::shared_ptr<Node> node;
  };

  static void change(Names& names, const NameChange& change);
  static void change(std::string& contents, const DataChange& change);
  static std::string contents_after_loss(const Node& node, Survives survives, std::mt19937& random);
  bool is_reachable(const Names& names, const std::filesystem::path& path) const;
  void change_names(NameChange change);
  void sync(const Call& call);
  void sync_folder(const std::filesystem::path& path);

  std::filesystem::path folder_;
  Names now_, durable_;
  std::vector<NameChange> pending_;
  std::map<std::uint64_t, std::shared_ptr<Node>> by_inode_;
};

}  // namespace binrip::kill
