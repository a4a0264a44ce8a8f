#include "station.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "binrip/cli/device.hpp"
#include "binrip/cli/sim_setup.hpp"

namespace binrip::bed {
namespace {

constexpr int kNoMoreDiscs = 80;  // as hooks of binrip batch say it
constexpr std::string_view kUpsideDown = "upside-down";

std::vector<std::string> words_of(std::string_view text, char separator) {
  std::vector<std::string> words;
  std::istringstream stream{std::string(text)};
  for (std::string word; std::getline(stream, word, separator);) {
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

sim::Medium medium_of(const std::string& spec) {
  if (spec == kUpsideDown) return sim::Medium::none;
  if (spec == "blank") return sim::Medium::blank;
  return spec == "dvd" ? sim::Medium::dvd : sim::Medium::disc;
}

UdevMedia media_of(const std::optional<PhysicalDisc>& disc) {
  if (!disc || disc->spec == kUpsideDown) return UdevMedia::none;
  if (disc->spec == "blank") return UdevMedia::blank;
  return disc->spec == "dvd" ? UdevMedia::dvd : UdevMedia::cd;
}

std::string errno_words() { return std::strerror(errno); }

}  // namespace

Result<std::deque<PhysicalDisc>> read_stack(const std::string& path) {
  std::ifstream file(path);
  if (!file) return fail(ErrorKind::io, "cannot read " + path);
  std::deque<PhysicalDisc> stack;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> words = words_of(line, ' ');
    if (words.empty() || words[0].starts_with('#')) continue;
    if (words.size() != 2) return fail(ErrorKind::invalid, path + ": NAME DISC expected, not " + line);
    stack.push_back({words[0], words[1]});
  }
  return stack;
}

Station::Station(const Options& options, Testbed& testbed, PlugIn plug_in)
    : options_(options), testbed_(testbed), plug_in_(std::move(plug_in)) {}

Station::~Station() {
  if (socket_ < 0) return;
  ::close(socket_);
  ::unlink(options_.control.c_str());
}

Result<std::unique_ptr<Station>> Station::open(const Options& options, Testbed& testbed,
                                               std::vector<BedDrive>& drives, PlugIn plug_in) {
  std::unique_ptr<Station> station(new Station(options, testbed, std::move(plug_in)));
  for (std::size_t i = 0; i < drives.size(); ++i) {
    Bay bay{
        .drive = drives[i], .serial = serial_of(options, options.numbers[i]), .number = options.numbers[i]};
    const std::string& name = disc_name(options, i);
    if (name != "none") bay.disc = PhysicalDisc{name, name};
    bay.tray = options.tray;
    station->bays_.push_back(std::move(bay));
  }
  if (!options.stack.empty()) {
    TRY(station->stack_, read_stack(options.stack));
  }
  if (!options.movements.empty()) station->movements_.open(options.movements, std::ios::app);
  TRY_VOID(station->listen(options.control));
  return station;
}

Result<void> Station::listen(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return fail(ErrorKind::usage, "too long a name: " + path);
  std::copy(path.begin(), path.end(), address.sun_path);
  ::unlink(path.c_str());
  socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(socket_, 64) != 0) {
    return fail(ErrorKind::io, path + ": " + errno_words());
  }
  return {};
}

void Station::tick() {
  for (Bay& bay : bays_) {
    if (bay.number) follow_tray(bay, "host");
  }
  for (;;) {
    const int client = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    std::string request;
    char c = 0;
    pollfd waiting{client, POLLIN, 0};
    constexpr int kPatience = 1000;  // ms, of a client that was killed
    while (::poll(&waiting, 1, kPatience) == 1 && ::read(client, &c, 1) == 1 && c != '\n') request += c;
    const Reply reply = answer(request);
    const std::string text = fmt::format("{}\n{}", reply.code, reply.text);
    static_cast<void>(::send(client, text.data(), text.size(), MSG_NOSIGNAL));
    ::close(client);
  }
}

Station::Reply Station::answer(const std::string& request) {
  const std::vector<std::string> words = words_of(request, ' ');
  if (words.empty()) return no("no command");
  if (words[0] == "state") return state();
  if (words[0] == "stack") {
    Reply reply;
    for (const PhysicalDisc& disc : stack_) reply.text += fmt::format("{} {}\n", disc.name, disc.spec);
    return reply;
  }
  if (words.size() < 2) return no("which drive?");
  Bay* const bay = find(words[1]);
  if (bay == nullptr) return no("no such drive: " + words[1]);
  return command(words[0], *bay, words);
}

Station::Reply Station::command(const std::string& verb, Bay& bay, const std::vector<std::string>& words) {
  if (verb == "load" && words.size() == 2) return load(bay);
  if ((verb == "unload" || verb == "reject" || verb == "take") && words.size() == 2) return take(bay, verb);
  if (verb == "insert" && (words.size() == 3 || words.size() == 4)) {
    return put(bay, verb, {words[2], words.back()});
  }
  if (verb == "eject" && words.size() == 2) return move_tray(bay, sim::Tray::open);
  if (verb == "close" && words.size() == 2) return move_tray(bay, sim::Tray::closed);
  if (verb == "hang" && words.size() == 2) {
    bay.drive.transport->fall_deaf();
    return {};
  }
  if (verb == "heal" && words.size() == 2) {
    bay.drive.transport->end_trouble();
    if (bay.number) testbed_.reset(*bay.number);
    return {};
  }
  if (verb == "unplug" && words.size() == 2) {
    if (!bay.number) return no("it is unplugged");
    bay.drive.transport->operate([](sim::SimDrive& drive) { drive.vanish(); });
    testbed_.unplug(*bay.number);
    return {};
  }
  if (verb == "replug" && words.size() == 3) return replug(bay, words[2]);
  return no("not understood: " + verb);
}

// By its place in the station, its node, or its serial number, which may stand at the end of a longer name.
Station::Bay* Station::find(const std::string& name) {
  for (std::size_t i = 0; i < bays_.size(); ++i) {
    Bay& bay = bays_[i];
    const bool same_node = bay.number && name == fmt::format("/dev/sr{}", *bay.number);
    if (name == std::to_string(i) || same_node || name.ends_with(bay.serial)) return &bay;
  }
  return nullptr;
}

Station::Reply Station::state() {
  Reply reply;
  for (std::size_t i = 0; i < bays_.size(); ++i) {
    const Bay& bay = bays_[i];
    const bool open =
        bay.drive.transport->operate([](sim::SimDrive& drive) { return drive.tray(); }) == sim::Tray::open;
    reply.text += fmt::format("{} {} {} {} {}\n", i, bay.number ? fmt::format("/dev/sr{}", *bay.number) : "-",
                              bay.serial, !bay.number ? "gone" : (open ? "open" : "closed"),
                              bay.disc ? bay.disc->name : "-");
  }
  return reply;
}

std::optional<Station::Reply> Station::hindrance(const Bay& bay) const {
  const bool open =
      bay.drive.transport->operate([](sim::SimDrive& drive) { return drive.tray(); }) == sim::Tray::open;
  if (!open) return no("the tray of the drive " + bay.serial + " is closed");
  return std::nullopt;
}

namespace {

// Takes "KEY=LBA" from `words`.
std::optional<std::int32_t> take_lba(std::vector<std::string>& words, std::string_view key) {
  const auto found = std::find_if(words.begin(), words.end(),
                                  [&](const std::string& word) { return word.starts_with(key); });
  if (found == words.end()) return std::nullopt;
  const int lba = std::atoi(found->c_str() + key.size());
  words.erase(found);
  return lba;
}

}  // namespace

// The names of --disc but `none`, and `upside-down`; then @KEY=VALUE, as --sim-option takes them, for damage,
// or deaf-at=LBA, unplug-at=LBA for what becomes of the drive in the middle of it.
Result<void> Station::lay_down(Bay& bay, const PhysicalDisc& disc) {
  std::vector<std::string> parts = words_of(disc.spec, '@');
  if (parts.empty() || parts[0] == "none") return fail(ErrorKind::usage, "no disc: " + disc.spec);
  std::vector<std::string> damage(parts.begin() + 1, parts.end());
  bay.drive.transport->fall_deaf_at(take_lba(damage, "deaf-at="));
  bay.drive.transport->unplug_at(take_lba(damage, "unplug-at="));
  TRY(const auto setup, cli::parse_sim_options(damage));
  const sim::Medium medium = medium_of(parts[0]);
  TRY(auto image, open_disc(medium == sim::Medium::disc ? parts[0] : "none"));
  bay.drive.transport->operate([&](sim::SimDrive& drive) {
    drive.lay_on_tray(std::move(image));
    drive.set_medium(medium);
    drive.set_faults(setup.faults);
  });
  return {};
}

Station::Reply Station::put(Bay& bay, const std::string& verb, PhysicalDisc disc) {
  if (auto reply = hindrance(bay)) return *reply;
  if (bay.disc) return no("there is a disc on the tray of the drive " + bay.serial + ": " + bay.disc->name);
  if (auto laid = lay_down(bay, disc); !laid) return no(laid.error().message);
  write_down(verb, bay, disc.name);
  bay.disc = std::move(disc);
  return {0, bay.disc->name + "\n"};
}

Station::Reply Station::take(Bay& bay, const std::string& verb) {
  if (auto reply = hindrance(bay)) return *reply;
  if (!bay.disc) return {kNoMoreDiscs, "there is no disc on the tray of the drive " + bay.serial};
  const std::string name = bay.disc->name;
  bay.drive.transport->operate([](sim::SimDrive& drive) {
    drive.lay_on_tray(nullptr);
    drive.set_faults({});
  });
  bay.disc.reset();
  write_down(verb, bay, name);
  return {0, name + "\n"};
}

Station::Reply Station::load(Bay& bay) {
  if (stack_.empty()) return {kNoMoreDiscs, "no more discs\n"};
  Reply reply = put(bay, "load", stack_.front());
  if (reply.code == 0) stack_.pop_front();
  return reply;
}

Station::Reply Station::move_tray(Bay& bay, sim::Tray tray) {
  if (!bay.number) return no("it is unplugged");
  bay.drive.transport->operate([&](sim::SimDrive& drive) { drive.set_tray(tray); });
  follow_tray(bay, "hand");
  return {};
}

// As the kernel, which polls drives: it takes the unit attention of a new disc, and udev looks what it is.
void Station::follow_tray(Bay& bay, const char* who) {
  const sim::Tray tray = bay.drive.transport->operate([](sim::SimDrive& drive) { return drive.tray(); });
  if (tray == bay.tray || !bay.number) return;
  bay.tray = tray;
  const bool open = tray == sim::Tray::open;
  write_down(fmt::format("{}-by-{}", open ? "opened" : "closed", who), bay, bay.disc ? bay.disc->name : "-");
  if (!open && !options_.keep_unit_attention) {
    const drive::Cdb test_unit_ready{.bytes = {}, .size = 6};
    static_cast<void>(
        bay.drive.transport->execute(test_unit_ready, drive::Direction::none, {}, std::chrono::seconds(30)));
  }
  testbed_.set_media(*bay.number, open ? UdevMedia::none : media_of(bay.disc));
}

void Station::on_gone(int number) {
  for (Bay& bay : bays_) {
    if (bay.number != number) continue;
    bay.number.reset();
    write_down("unplugged", bay, bay.disc ? bay.disc->name : "-");
  }
}

Station::Reply Station::replug(Bay& bay, const std::string& number) {
  if (bay.number) return no("it is plugged in");
  const int wanted = std::atoi(number.c_str());
  for (const Bay& other : bays_) {
    if (other.number == wanted) return no("there is a drive of the number " + number);
  }
  bay.drive.transport->operate([](sim::SimDrive& drive) { drive.come_back(); });
  bay.number = wanted;
  plug_in_(static_cast<std::size_t>(&bay - bays_.data()), wanted,
           bay.tray == sim::Tray::open ? UdevMedia::none : media_of(bay.disc));
  write_down("plugged-in", bay, bay.disc ? bay.disc->name : "-");
  return {};
}

// "VERB SERIAL NODE DISC"
void Station::write_down(const std::string& what, const Bay& bay, const std::string& disc) {
  if (!movements_.is_open()) return;
  movements_ << what << ' ' << bay.serial << ' ' << (bay.number ? fmt::format("/dev/sr{}", *bay.number) : "-")
             << ' ' << disc << std::endl;
}

}  // namespace binrip::bed
