#include "testbed.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include <fmt/format.h>
#include <sys/stat.h>

namespace binrip::bed {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kLongestFolder = 60;  // its sockets' names must fit into 108 characters

std::string with_underscores(std::string text) {
  for (char& c : text) {
    if (c == ' ') c = '_';
  }
  return text;
}

struct Names {
  explicit Names(const DriveLook& look)
      : block(fmt::format("sr{}", look.number)),
        generic(fmt::format("sg{}", look.number)),
        address(fmt::format("{}:0:0:0", look.number)),
        device(fmt::format("/devices/pci0000:00/0000:00:1f.2/{}{}/host{}/target{}:0:0/{}", look.bus,
                           look.number + 1, look.number, look.number, address)),
        by_id(fmt::format("disk/by-id/ata-{}_{}_{}", with_underscores(look.vendor),
                          with_underscores(look.model), look.serial)),
        by_path(fmt::format("disk/by-path/pci-0000:00:1f.2-ata-{}", look.number + 1)) {}
  std::string block, generic, address, device, by_id, by_path;

  std::vector<std::string> links() const {
    std::vector<std::string> all{by_id, by_path};
    if (block == "sr0") all.emplace_back("cdrom");
    return all;
  }
};

std::vector<std::string> media_properties(UdevMedia media) {
  switch (media) {
    case UdevMedia::none:
      break;
    case UdevMedia::cd:
      return {"ID_CDROM_MEDIA=1", "ID_CDROM_MEDIA_CD=1"};
    case UdevMedia::blank:
      return {"ID_CDROM_MEDIA=1", "ID_CDROM_MEDIA_CD_R=1", "ID_CDROM_MEDIA_STATE=blank"};
    case UdevMedia::dvd:
      return {"ID_CDROM_MEDIA=1", "ID_CDROM_MEDIA_DVD=1", "ID_CDROM_MEDIA_STATE=complete"};
  }
  return {};
}

std::vector<std::string> udev_properties(const DriveLook& look, const Names& names) {
  std::vector<std::string> properties{
      "ID_CDROM=1",
      "ID_CDROM_CD=1",
      "ID_CDROM_CD_R=1",
      "ID_CDROM_CD_RW=1",
      "ID_CDROM_DVD=1",
      "ID_TYPE=cd",
      "ID_BUS=ata",
      "ID_VENDOR=" + with_underscores(look.vendor),
      "ID_MODEL=" + with_underscores(look.model),
      "ID_REVISION=" + look.revision,
      fmt::format("ID_SERIAL={}_{}_{}", with_underscores(look.vendor), with_underscores(look.model),
                  look.serial),
      "ID_SERIAL_SHORT=" + look.serial,
      fmt::format("ID_PATH=pci-0000:00:1f.2-ata-{}", look.number + 1),
      "ID_FOR_SEAT=block-pci-0000_00_1f_2",
      "CURRENT_TAGS=:uaccess:seat:systemd:",
  };
  for (const std::string& property : media_properties(look.media)) properties.push_back(property);
  std::string links = "DEVLINKS=";
  for (const std::string& link : names.links()) links += (links.back() == '=' ? "/dev/" : " /dev/") + link;
  properties.push_back(links);
  return properties;
}

// In umockdev's own form, as umockdev-record writes it.
std::string description(const DriveLook& look, const Names& names) {
  std::string text = fmt::format(
      "P: {0}\nE: DEVTYPE=scsi_device\nE: SUBSYSTEM=scsi\n"
      "A: type=5\\n\nA: vendor={1:<8}\\n\nA: model={2:<16}\\n\nA: rev={3:<4}\\n\n\n",
      names.device, look.vendor, look.model, look.revision);
  text += fmt::format(
      "P: {0}/block/{1}\nN: {1}\nE: DEVNAME=/dev/{1}\nE: DEVTYPE=disk\nE: MAJOR=11\nE: MINOR={2}\nE: "
      "SUBSYSTEM=block\n",
      names.device, names.block, look.number);
  for (const std::string& property : udev_properties(look, names)) text += "E: " + property + "\n";
  text += fmt::format(
      "A: dev=11:{0}\\n\nA: removable=1\\n\nA: ro=0\\n\nA: size=2097151\\n\nA: capability=119\\n\n"
      "A: queue/max_hw_sectors_kb={1}\\n\nA: queue/max_sectors_kb={1}\\n\nA: "
      "queue/logical_block_size=2048\\n\n"
      "L: device=../../../{2}\n\n",
      look.number, look.max_transfer / 1024, names.address);
  text += fmt::format(
      "P: {0}/scsi_generic/{1}\nN: {1}=00\nE: DEVNAME=/dev/{1}\nE: MAJOR=21\nE: MINOR={2}\nE: "
      "SUBSYSTEM=scsi_generic\n"
      "A: dev=21:{2}\\n\nL: device=../../../{3}\n\n",
      names.device, names.generic, look.number, names.address);
  return text;
}

// udev's data base has what the kernel does not know: properties and links.
void write_udev_data(const fs::path& root, const DriveLook& look, const Names& names) {
  const fs::path folder = root / "run/udev/data";
  fs::create_directories(folder);
  const fs::path name = folder / fmt::format("b11:{}", look.number);
  const fs::path fresh = name.string() + ".new";  // as udevd does: nobody finds half of it
  std::ofstream file(fresh);
  for (const std::string& link : names.links()) file << "S:" << link << "\n";
  file << "I:1000000\n";
  for (const std::string& property : udev_properties(look, names)) {
    if (!property.starts_with("DEVLINKS=")) file << "E:" << property << "\n";
  }
  file << "G:uaccess\nG:seat\nG:systemd\nQ:uaccess\nQ:seat\nQ:systemd\nV:1\n";
  file.close();
  fs::rename(fresh, name);
}

// Says in the device's sysfs file what a uevent is to say: other media, and `more` lines.
void write_uevent(const fs::path& file, UdevMedia media, std::string_view more) {
  std::string text;
  std::ifstream old(file);
  for (std::string line; std::getline(old, line);) {
    if (!line.starts_with("ID_CDROM_MEDIA") && !line.starts_with("DISK_")) text += line + "\n";
  }
  old.close();
  for (const std::string& property : media_properties(media)) text += property + "\n";
  std::ofstream(file) << text << more;
}

// Relative, as udev makes them.
void make_links(const fs::path& root, const Names& names) {
  for (const std::string& link : names.links()) {
    const fs::path place = root / "dev" / link;
    fs::create_directories(place.parent_path());
    fs::create_symlink(fs::relative(root / "dev" / names.block, place.parent_path()), place);
  }
}

}  // namespace

struct Testbed::Drive {
  DriveLook look;
  Names names;
  KernelDrive kernel;
  std::function<void()> before;
  UMockdevIoctlBase* handlers[2] = {nullptr, nullptr};
  std::atomic<bool> gone = false;
  // What waits for a drive that hangs outlives the drive.
  std::shared_ptr<std::atomic<int>> resets = std::make_shared<std::atomic<int>>(0);
  bool attached = true;
  bool removed = false;

  Drive(const DriveLook& l, drive::Transport& transport, std::function<void()> b)
      : look(l), names(l), kernel(transport, l.number, l.max_transfer), before(std::move(b)) {}
  ~Drive() {
    for (UMockdevIoctlBase* handler : handlers) {
      if (handler != nullptr) g_object_unref(handler);
    }
  }

  // Runs in the testbed's thread.
  bool serve(Node node, UMockdevIoctlClient* client) {
    if (before) before();
    if (gone) {
      umockdev_ioctl_client_complete(client, -1, ENODEV);
      return true;
    }
    ClientMemory argument(umockdev_ioctl_client_get_arg(client));
    const Reply reply = kernel.ioctl(node, umockdev_ioctl_client_get_request(client), argument);
    if (kernel.gone()) gone = true;
    if (reply.late) {
      complete_later(client, reply);
    } else {
      umockdev_ioctl_client_complete(client, reply.result, reply.error);
    }
    return true;
  }

  // The program waits, until the time is over or the drive is reset; the other drives do not.
  void complete_later(UMockdevIoctlClient* client, const Reply& reply) {
    struct Waiting {
      UMockdevIoctlClient* client;
      Reply reply;
      std::shared_ptr<std::atomic<int>> resets;
      int resets_before;
      gint64 until;
    };
    constexpr guint kLook = 20;  // ms
    auto* waiting = new Waiting{UMOCKDEV_IOCTL_CLIENT(g_object_ref(client)), reply, resets, *resets,
                                g_get_monotonic_time() + gint64{look.hang_milliseconds} * 1000};
    GSource* timer = g_timeout_source_new(std::min(kLook, static_cast<guint>(look.hang_milliseconds)));
    g_source_set_callback(
        timer,
        [](gpointer data) -> gboolean {
          auto* still = static_cast<Waiting*>(data);
          if (*still->resets == still->resets_before && g_get_monotonic_time() < still->until) {
            return G_SOURCE_CONTINUE;
          }
          const std::unique_ptr<Waiting> done(still);
          umockdev_ioctl_client_complete(done->client, done->reply.result, done->reply.error);
          g_object_unref(done->client);
          return G_SOURCE_REMOVE;
        },
        waiting, nullptr);
    g_source_attach(timer, g_main_context_get_thread_default());
    g_source_unref(timer);
  }

  template <Node node>
  static gboolean on_ioctl(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer self) {
    return static_cast<Drive*>(self)->serve(node, client);
  }
};

Testbed::Testbed() {
  const char* folder = std::getenv("TMPDIR");
  const std::string before = folder != nullptr ? folder : "";
  if (before.size() > kLongestFolder) setenv("TMPDIR", "/tmp", 1);
  testbed_ = umockdev_testbed_new();
  if (before.size() > kLongestFolder) setenv("TMPDIR", before.c_str(), 1);
  gchar* root = umockdev_testbed_get_root_dir(testbed_);
  root_ = root;
  g_free(root);
}

Testbed::~Testbed() {
  for (const auto& drive : drives_) detach(*drive);
  g_object_unref(testbed_);
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

void Testbed::add_drive(const DriveLook& look, drive::Transport& transport, std::function<void()> before,
                        Probe probe) {
  auto drive = std::make_unique<Drive>(look, transport, std::move(before));
  if (probe == Probe::yes) drive->kernel.probe();
  for (const auto& before_it : drives_) {
    if (before_it->look.number == look.number) detach(*before_it);
  }
  GError* error = nullptr;
  const auto attach = [&](std::size_t which, const std::string& name, auto callback) {
    drive->handlers[which] = umockdev_ioctl_base_new();
    g_signal_connect(drive->handlers[which], "handle-ioctl", G_CALLBACK(+callback), drive.get());
    umockdev_testbed_attach_ioctl(testbed_, ("/dev/" + name).c_str(), drive->handlers[which], &error);
    if (error != nullptr) g_error("%s", error->message);
  };
  // Before there are nodes: whoever opens one finds a drive behind it.
  attach(0, drive->names.block, Drive::on_ioctl<Node::block>);
  attach(1, drive->names.generic, Drive::on_ioctl<Node::generic>);
  umockdev_testbed_add_from_string(testbed_, description(look, drive->names).c_str(), &error);
  if (error != nullptr) g_error("%s", error->message);
  make_links(root_, drive->names);
  write_udev_data(root_, look, drive->names);
  drives_.push_back(std::move(drive));
}

void Testbed::detach(Drive& drive) {
  if (!drive.attached) return;
  drive.attached = false;
  umockdev_testbed_detach_ioctl(testbed_, ("/dev/" + drive.names.block).c_str(), nullptr);
  umockdev_testbed_detach_ioctl(testbed_, ("/dev/" + drive.names.generic).c_str(), nullptr);
}

fs::path Testbed::node_contents(int number) const { return root_ / fmt::format("dev/sr{}", number); }

void Testbed::set_mode(int number, mode_t mode) {
  const mode_t sticky = S_ISVTX;  // how umockdev marks a block device
  chmod(node_contents(number).c_str(), mode | sticky);
}

Testbed::Drive* Testbed::find(int number) {
  for (const auto& drive : drives_) {
    if (drive->look.number == number && !drive->removed) return drive.get();
  }
  return nullptr;
}

void Testbed::set_media(int number, UdevMedia media) {
  Drive* const drive = find(number);
  if (drive == nullptr) return;
  drive->look.media = media;
  write_udev_data(root_, drive->look, drive->names);
  const std::string path = "/sys" + drive->names.device + "/block/" + drive->names.block;
  const fs::path file = root_ / (path.substr(1) + "/uevent");
  write_uevent(file, media, "DISK_MEDIA_CHANGE=1\n");
  umockdev_testbed_uevent(testbed_, path.c_str(), "change");
  write_uevent(file, media, "");
}

void Testbed::unplug(int number) {
  if (Drive* const drive = find(number)) drive->gone = true;
}

void Testbed::reset(int number) {
  if (Drive* drive = find(number)) ++*drive->resets;
}

std::vector<int> Testbed::remove_gone() {
  std::vector<int> numbers;
  for (const auto& drive : drives_) {
    if (!drive->gone || drive->removed) continue;
    drive->removed = true;
    numbers.push_back(drive->look.number);
    // Programs that have it open, or are just opening it, still reach it, and are told that it is gone.
    for (const std::string& link : drive->names.links()) fs::remove(root_ / "dev" / link);
    fs::remove(root_ / fmt::format("run/udev/data/b11:{}", drive->look.number));
    for (const std::string& part :
         {"/scsi_generic/" + drive->names.generic, "/block/" + drive->names.block}) {
      const std::string path = "/sys" + drive->names.device + part;
      umockdev_testbed_uevent(testbed_, path.c_str(), "remove");
      umockdev_testbed_remove_device(testbed_, path.c_str());
    }
    umockdev_testbed_remove_device(testbed_, ("/sys" + drive->names.device).c_str());
    // Which umockdev leaves behind, and stumbles over when the number comes again.
    for (const std::string& link :
         {"block/" + drive->names.block, fmt::format("dev/block/11:{}", drive->look.number),
          fmt::format("dev/char/21:{}", drive->look.number)}) {
      fs::remove(root_ / "sys" / link);
    }
  }
  return numbers;
}

}  // namespace binrip::bed
