#include "drive/choose_way.hpp"

#include <gtest/gtest.h>

namespace binrip::drive {
namespace {

// A SATA drive of a user in the group cdrom, with the sg module loaded.
WayFacts good() {
  return {.block = "/dev/sr0",
          .generic = "/dev/sg1",
          .block_access = Access::read_write,
          .generic_access = Access::read_write,
          .bus = Bus::ata,
          .timeouts_can_be_set = true,
          .generic_asked = false};
}
std::string chosen(const WayFacts& facts, TransportChoice choice = TransportChoice::automatic) {
  const Way way = choose_way(choice, facts);
  EXPECT_FALSE(way.why.empty());
  return (way.kind == Way::Kind::cdio ? "cdio " : "sg ") + way.node;
}

TEST(ChooseWay, LibcdioWhereItIsEqual) {
  EXPECT_EQ(chosen(good()), "cdio /dev/sr0");
  WayFacts facts = good();
  facts.generic.clear();
  facts.generic_access.reset();
  EXPECT_EQ(chosen(facts), "cdio /dev/sr0");
}

TEST(ChooseWay, SgWhereLibcdiosCommandsKeepNoTimeout) {
  WayFacts facts = good();
  facts.timeouts_can_be_set = false;
  EXPECT_EQ(chosen(facts), "sg /dev/sr0");
}

TEST(ChooseWay, SgOnBusesWhoseErrorsLibcdioDoesNotSee) {
  for (const Bus bus : {Bus::usb, Bus::other}) {
    WayFacts facts = good();
    facts.bus = bus;
    EXPECT_EQ(chosen(facts), "sg /dev/sr0");
    facts.generic.clear();
    facts.generic_access.reset();
    EXPECT_EQ(chosen(facts), "sg /dev/sr0");
  }
}

TEST(ChooseWay, SgWhereTheSrNodeIsLessThanTheSgNode) {
  WayFacts facts = good();
  facts.block_access = Access::read_only;
  EXPECT_EQ(chosen(facts), "sg /dev/sg1");
  facts.block_access.reset();
  EXPECT_EQ(chosen(facts), "sg /dev/sg1");
  facts.block.clear();
  EXPECT_EQ(chosen(facts), "sg /dev/sg1");
}

// Opening it then says what is wrong.
TEST(ChooseWay, TheSrNodeWhereNoneCanBeOpened) {
  WayFacts facts = good();
  facts.block_access.reset();
  facts.generic_access.reset();
  facts.timeouts_can_be_set = false;
  EXPECT_EQ(chosen(facts), "cdio /dev/sr0");
}

TEST(ChooseWay, WhatWasAskedFor) {
  WayFacts facts = good();
  EXPECT_EQ(chosen(facts, TransportChoice::sg), "sg /dev/sr0");
  facts.generic_asked = true;
  EXPECT_EQ(chosen(facts), "sg /dev/sg1");
  EXPECT_EQ(chosen(facts, TransportChoice::cdio), "cdio /dev/sr0");
  facts.bus = Bus::usb;
  EXPECT_EQ(chosen(facts, TransportChoice::cdio), "cdio /dev/sr0");
}

}  // namespace
}  // namespace binrip::drive
