// A drive that comes back, somewhere else or not at all, or has another in its place.
#include "drive/follow_drive.hpp"

#include <map>

#include <gtest/gtest.h>

#include "drive/scripted_transport.hpp"

namespace binrip::drive {
namespace {

using test::deliver;
using test::is;
using test::ScriptedTransport;

struct Model {
  std::string product, serial;
};

ByteVector inquiry_reply(const std::string& product) {
  ByteVector reply(36, ' ');
  reply[0] = 5;
  reply[4] = 31;
  std::copy_n("ACME", 4, reply.begin() + 8);
  std::copy(product.begin(), product.end(), reply.begin() + 16);
  return reply;
}
ByteVector serial_reply(const std::string& serial) {
  ByteVector reply(4 + serial.size());
  reply[0] = 5;
  reply[1] = 0x80;
  reply[3] = static_cast<Byte>(serial.size());
  std::copy(serial.begin(), serial.end(), reply.begin() + 4);
  return reply;
}

// Drives by their node; what is plugged in can change at any time.
class FollowDrive : public testing::Test {
 protected:
  class Node : public ScriptedTransport {
   public:
    Node(FollowDrive& machine, std::string node)
        : ScriptedTransport([&machine, node](const Cdb& cdb, MutableBytes data) -> Result<Completion> {
            const auto model = machine.plugged_.find(node);
            if (model == machine.plugged_.end()) return fail(ErrorKind::no_device, "gone");
            if (is(cdb, Opcode::inquiry) && cdb.bytes[1] != 0) {
              if (model->second.serial.empty()) return test::sense_of(5, 0x24, 0);
              return deliver(serial_reply(model->second.serial), data);
            }
            if (is(cdb, Opcode::inquiry)) return deliver(inquiry_reply(model->second.product), data);
            if (is(cdb, Opcode::get_configuration)) return test::sense_of(5, 0x20, 0);
            return Completion{};
          }),
          machine_(machine),
          node_(std::move(node)) {}
    std::string name() const override { return node_; }
    Result<void> reopen() override {
      if (machine_.plugged_.contains(node_)) return {};
      return fail(ErrorKind::no_device, "no such device: " + node_);
    }
    void wait(std::chrono::milliseconds duration) override {
      ScriptedTransport::wait(duration);
      if (++machine_.waits_ == machine_.arrives_after_) machine_.arrive();
    }

   private:
    FollowDrive& machine_;
    std::string node_;
  };

  // What udev knows: everything of what is plugged in, or for udev_is_blind_ only what the kernel knows.
  Result<std::vector<FoundDrive>> find() const {
    std::vector<FoundDrive> drives;
    for (const auto& [node, model] : plugged_) {
      FoundDrive found;
      found.node = node;
      found.model = model.product;  // the kernel has asked for it
      if (!udev_is_blind_) {
        found.serial = model.serial;
        const auto place = places_.find(node);
        if (place != places_.end()) found.by_path = {place->second};
      }
      drives.push_back(found);
    }
    return drives;
  }
  std::unique_ptr<Transport> open(const std::string& node) {
    return follow_drive(std::make_unique<Node>(*this, node),
                        {.find = [this] { return find(); },
                         .open = [this](const std::string& name) -> Result<OpenedNode> {
                           opened_.push_back(name);
                           return OpenedNode{std::make_unique<Node>(*this, name), Access::read_write};
                         }});
  }
  void arrive() { plugged_.insert(arriving_.begin(), arriving_.end()); }

  std::map<std::string, Model> plugged_{{"/dev/sr0", {"CDR 1", "S1"}}};
  std::map<std::string, std::string> places_{{"/dev/sr0", "pci-1"}};
  std::map<std::string, Model> arriving_;
  std::vector<std::string> opened_;
  bool udev_is_blind_ = false;
  int waits_ = 0, arrives_after_ = -1;
};

TEST_F(FollowDrive, TheSameNodeIsEnoughWhereTheSameDriveIs) {
  const auto transport = open("/dev/sr0");
  EXPECT_TRUE(transport->reopen().has_value());
  EXPECT_EQ(transport->name(), "/dev/sr0");
  EXPECT_TRUE(opened_.empty());
}

TEST_F(FollowDrive, IsFoundByItsSerialNumberUnderAnotherNumber) {
  const auto transport = open("/dev/sr0");
  plugged_ = {{"/dev/sr1", {"CDR 1", "S2"}}, {"/dev/sr2", {"CDR 1", "S1"}}};
  ASSERT_TRUE(transport->reopen().has_value());
  EXPECT_EQ(transport->name(), "/dev/sr2");
  EXPECT_EQ(opened_, std::vector<std::string>{"/dev/sr2"});  // the other one is left alone
}

TEST_F(FollowDrive, IsFoundByItsPlaceWhereItHasNoSerialNumber) {
  plugged_ = {{"/dev/sr0", {"CDR 1", ""}}};
  const auto transport = open("/dev/sr0");
  plugged_ = {{"/dev/sr1", {"CDR 1", ""}}, {"/dev/sr2", {"CDR 1", ""}}};
  places_ = {{"/dev/sr1", "pci-7"}, {"/dev/sr2", "pci-1"}};
  ASSERT_TRUE(transport->reopen().has_value());
  EXPECT_EQ(transport->name(), "/dev/sr2");
}

TEST_F(FollowDrive, IsAskedForItsSerialNumberWhereUdevKnowsNothing) {
  udev_is_blind_ = true;
  const auto transport = open("/dev/sr0");
  plugged_ = {{"/dev/sr1", {"CDR 1", "S2"}}, {"/dev/sr2", {"CDR 1", "S1"}}};
  ASSERT_TRUE(transport->reopen().has_value());
  EXPECT_EQ(transport->name(), "/dev/sr2");
}

TEST_F(FollowDrive, OtherModelsAreNotOpened) {
  udev_is_blind_ = true;
  const auto transport = open("/dev/sr0");
  plugged_ = {{"/dev/sr1", {"CDR 2", "S2"}}, {"/dev/sr2", {"CDR 1", "S1"}}};
  ASSERT_TRUE(transport->reopen().has_value());
  EXPECT_EQ(opened_, std::vector<std::string>{"/dev/sr2"});
}

TEST_F(FollowDrive, IsWaitedFor) {
  const auto transport = open("/dev/sr0");
  plugged_.clear();
  arriving_ = {{"/dev/sr5", {"CDR 1", "S1"}}};
  arrives_after_ = 20;
  ASSERT_TRUE(transport->reopen().has_value());
  EXPECT_EQ(transport->name(), "/dev/sr5");
  EXPECT_EQ(waits_, 20);
}

TEST_F(FollowDrive, IsNotWaitedForForEver) {
  const auto transport = open("/dev/sr0");
  plugged_ = {{"/dev/sr1", {"CDR 1", "S2"}}};
  const auto result = transport->reopen();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::no_device);
  EXPECT_EQ(result.error().message, "the drive that was /dev/sr0 has not come back within 30 s");
  EXPECT_LE(waits_, 61);
  plugged_ = {{"/dev/sr0", {"CDR 1", "S1"}}};
  EXPECT_TRUE(transport->reopen().has_value());  // there may be another try
}

// The node's number goes to whoever comes first.
TEST_F(FollowDrive, AnotherDriveUnderTheOldNumberIsNotTakenForIt) {
  for (const Model& other : {Model{"CDR 1", "S2"}, Model{"CDR 2", "S1"}, Model{"CDR 2", ""}}) {
    plugged_ = {{"/dev/sr0", {"CDR 1", "S1"}}};
    const auto transport = open("/dev/sr0");
    plugged_ = {{"/dev/sr0", other}, {"/dev/sr1", {"CDR 1", "S1"}}};
    ASSERT_TRUE(transport->reopen().has_value());
    EXPECT_EQ(transport->name(), "/dev/sr1") << other.product;
  }
}

TEST_F(FollowDrive, ALikeModelWithoutSerialAndPlaceIsNotTakenForIt) {
  udev_is_blind_ = true;
  plugged_ = {{"/dev/sr0", {"CDR 1", ""}}};
  const auto transport = open("/dev/sr0");
  plugged_ = {{"/dev/sr1", {"CDR 1", ""}}};
  EXPECT_FALSE(transport->reopen().has_value());
  EXPECT_TRUE(opened_.empty());
}

}  // namespace
}  // namespace binrip::drive
