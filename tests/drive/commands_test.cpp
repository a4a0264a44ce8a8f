// Command blocks against bytes written out by hand from the tables of MMC-6 and SPC-4.
#include "binrip/drive/commands.hpp"

#include <gtest/gtest.h>

namespace binrip::drive {
namespace {

ByteVector bytes(const Cdb& cdb) { return ByteVector(cdb.view().begin(), cdb.view().end()); }

TEST(Commands, ReadCdOfEverything) {
  const ReadCd request{.start = {0x01020304}, .count = 0x0A0B0C, .c2 = C2Mode::bits, .sub = SubMode::raw};
  EXPECT_EQ(bytes(encode(request)), (ByteVector{0xBE, 0, 1, 2, 3, 4, 0x0A, 0x0B, 0x0C, 0xFA, 1, 0}));
  EXPECT_EQ(record_size(request), 2742U);
}

TEST(Commands, ReadCdBelowZeroAndOfOneKind) {
  const ReadCd request{.start = {-150},
                       .count = 1,
                       .c2 = C2Mode::bits_and_block,
                       .sub = SubMode::q,
                       .expected = ExpectedSector::cd_da};
  EXPECT_EQ(bytes(encode(request)), (ByteVector{0xBE, 0x04, 0xFF, 0xFF, 0xFF, 0x6A, 0, 0, 1, 0xFC, 2, 0}));
  EXPECT_EQ(record_size(request), 2352U + 296 + 16);
}

TEST(Commands, ReadCdOfSubchannelAlone) {
  const ReadCd request{.start = {16}, .sub = SubMode::raw, .main_channel = false};
  EXPECT_EQ(bytes(encode(request)), (ByteVector{0xBE, 0, 0, 0, 0, 16, 0, 0, 1, 0, 1, 0}));
  EXPECT_EQ(record_size(request), 96U);
}

TEST(Commands, VendorD8WithAndWithoutC2AndSubchannel) {
  ReadCd request{.start = {0x01020304}, .count = 0x0A0B0C, .by = ReadBy::vendor_d8};
  EXPECT_EQ(bytes(encode(request)), (ByteVector{0xD8, 0, 1, 2, 3, 4, 0, 0x0A, 0x0B, 0x0C, 0, 0}));
  EXPECT_EQ(record_size(request), 2352U);
  request.c2 = C2Mode::bits;
  request.sub = SubMode::raw;
  EXPECT_EQ(bytes(encode(request)), (ByteVector{0xD8, 0, 1, 2, 3, 4, 0, 0x0A, 0x0B, 0x0C, 8, 0}));
  EXPECT_EQ(record_size(request), 2352U + 294 + 96);
}

TEST(Commands, OthersAreLaidOutAsTheStandardsSay) {
  EXPECT_EQ(bytes(test_unit_ready_cdb()), ByteVector(6, 0));
  EXPECT_EQ(bytes(inquiry_cdb(36)), (ByteVector{0x12, 0, 0, 0, 36, 0}));
  EXPECT_EQ(bytes(inquiry_vpd_cdb(0x80, 252)), (ByteVector{0x12, 1, 0x80, 0, 252, 0}));
  EXPECT_EQ(bytes(get_configuration_cdb(0x0107, 0x0102)), (ByteVector{0x46, 0, 1, 7, 0, 0, 0, 1, 2, 0}));
  EXPECT_EQ(bytes(mode_sense_cdb(0x2A, 256)), (ByteVector{0x5A, 0, 0x2A, 0, 0, 0, 0, 1, 0, 0}));
  EXPECT_EQ(bytes(mode_select_cdb(20)), (ByteVector{0x55, 0x10, 0, 0, 0, 0, 0, 0, 20, 0}));
  EXPECT_EQ(bytes(read_toc_cdb(2, 1, 2048)), (ByteVector{0x43, 0, 2, 0, 0, 0, 1, 8, 0, 0}));
  EXPECT_EQ(bytes(read_disc_information_cdb(34)), (ByteVector{0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0}));
  EXPECT_EQ(bytes(read_track_information_cdb(7, 36)), (ByteVector{0x52, 1, 0, 0, 0, 7, 0, 0, 36, 0}));
  EXPECT_EQ(bytes(read_subchannel_cdb(3, 9, 24)), (ByteVector{0x42, 0, 0x40, 3, 0, 0, 9, 0, 24, 0}));
  EXPECT_EQ(bytes(read_capacity_cdb()), (ByteVector{0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(bytes(set_cd_speed_cdb(1412)), (ByteVector{0xBB, 0, 5, 0x84, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(bytes(set_streaming_cdb()), (ByteVector{0xB6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28, 0}));
  EXPECT_EQ(bytes(prevent_allow_cdb(TrayLock::locked)), (ByteVector{0x1E, 0, 0, 0, 1, 0}));
  EXPECT_EQ(bytes(prevent_allow_cdb(TrayLock::unlocked)), (ByteVector{0x1E, 0, 0, 0, 0, 0}));
  EXPECT_EQ(bytes(start_stop_cdb(StartStop::stop)), (ByteVector{0x1B, 0, 0, 0, 0, 0}));
  EXPECT_EQ(bytes(start_stop_cdb(StartStop::start)), (ByteVector{0x1B, 0, 0, 0, 1, 0}));
  EXPECT_EQ(bytes(start_stop_cdb(StartStop::eject)), (ByteVector{0x1B, 0, 0, 0, 2, 0}));
  EXPECT_EQ(bytes(start_stop_cdb(StartStop::load)), (ByteVector{0x1B, 0, 0, 0, 3, 0}));
  EXPECT_EQ(bytes(get_event_status_cdb(0x10, 8)), (ByteVector{0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0}));
  EXPECT_EQ(bytes(mechanism_status_cdb(8)), (ByteVector{0xBD, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0}));
  EXPECT_EQ(bytes(read_12_fua_cdb({0x1234}, 1)), (ByteVector{0xA8, 8, 0, 0, 0x12, 0x34, 0, 0, 0, 1, 0, 0}));
}

TEST(Commands, StreamingDescriptorHoldsRateOrDefaults) {
  EXPECT_EQ(set_streaming_descriptor(0x00051234, 1412),
            (ByteVector{0, 0,    0, 0, 0, 0,    0, 0, 0, 5,    0x12, 0x34, 0, 0,
                        5, 0x84, 0, 0, 3, 0xE8, 0, 0, 5, 0x84, 0,    0,    3, 0xE8}));
  EXPECT_EQ(set_streaming_descriptor(0, 0).front(), 0x04);
}

}  // namespace
}  // namespace binrip::drive
