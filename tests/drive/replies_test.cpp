#include <random>
#include <string_view>

#include <gtest/gtest.h>

#include "binrip/drive/commands.hpp"

namespace binrip::drive {
namespace {

void put(ByteVector& data, std::size_t at, std::string_view text) {
  std::copy(text.begin(), text.end(), data.begin() + static_cast<std::ptrdiff_t>(at));
}

ByteVector inquiry_reply() {
  ByteVector data(96, 0);
  data[0] = 0x05;
  data[1] = 0x80;
  data[4] = 91;
  put(data, 8, "PLEXTOR CD-R   PX-W4012A1.07 05/14/03  VENDOR ");
  return data;
}

TEST(Replies, InquiryIsTrimmedText) {
  const auto inquiry = parse_inquiry(inquiry_reply());
  ASSERT_TRUE(inquiry.has_value());
  EXPECT_EQ(*inquiry, (Inquiry{.device_type = 5,
                               .vendor = "PLEXTOR",
                               .product = "CD-R   PX-W4012A",
                               .revision = "1.07",
                               .vendor_specific = "05/14/03  VENDOR"}));
}

TEST(Replies, InquiryKeepsOnlyPrintableCharacters) {
  ByteVector data = inquiry_reply();
  data[8] = 0x1B;
  data[9] = 0xFF;
  EXPECT_EQ(parse_inquiry(data)->vendor, "EXTOR");
}

TEST(Replies, InquiryThatNeverArrivedIsAnError) {
  EXPECT_EQ(parse_inquiry(ByteVector(96, 0)).error().kind, ErrorKind::invalid);
  EXPECT_EQ(parse_inquiry(ByteVector(35, 5)).error().message,
            "INQUIRY reply: expected at least 36 bytes, got 35");
}

TEST(Replies, SerialNumberComesFromItsPageOnly) {
  ByteVector page = {0x05, 0x80, 0, 10, ' ', ' ', 'A', 'B', '1', '2', ' ', ' ', 0, 0, 'x', 'x'};
  EXPECT_EQ(*parse_serial_number(page), "AB12");
  EXPECT_EQ(*parse_serial_number(inquiry_reply()), "");  // a drive that ignores EVPD
  page[1] = 0x83;
  EXPECT_EQ(*parse_serial_number(page), "");
  EXPECT_EQ(*parse_serial_number(ByteVector{0x05, 0x80, 0, 200, 'A'}), "A");
}

TEST(Replies, ConfigurationListsFeatures) {
  const ByteVector data = {0, 0, 0, 0x1C, 0,   0,   0,   0x08, 0x00, 0x1E, 0x09, 0x04, 0x03, 0, 0,    0,
                           1, 8, 3, 8,    'S', 'N', ' ', '4',  '2',  ' ',  ' ',  ' ',  1,    7, 0x0C, 0};
  const auto configuration = parse_configuration(data);
  ASSERT_TRUE(configuration.has_value());
  EXPECT_EQ(configuration->current_profile, kProfileCdRom);
  ASSERT_EQ(configuration->features.size(), 3U);
  EXPECT_EQ(*configuration->find(0x001E), (Feature{.code = 0x1E, .current = true, .data = {3, 0, 0, 0}}));
  EXPECT_FALSE(configuration->find(0x0107)->current);
  EXPECT_EQ(configuration->serial(), "SN 42");
  EXPECT_EQ(configuration->find(0x0003), nullptr);
}

TEST(Replies, ConfigurationLeavesOutAFeatureThatWasCutOff) {
  const ByteVector data = {0, 0, 0, 0x40, 0, 0, 0, 9, 0, 0x1E, 1, 4, 3, 0, 0, 0, 1, 8, 1, 12, 'S'};
  ASSERT_TRUE(parse_configuration(data).has_value());
  EXPECT_EQ(parse_configuration(data)->features.size(), 1U);
  EXPECT_FALSE(parse_configuration(Bytes(data).first(7)).has_value());
  EXPECT_FALSE(parse_configuration(ByteVector(64, 0)).has_value());
  EXPECT_TRUE(parse_configuration(ByteVector(64, 0xFF)).has_value());
}

TEST(Replies, ProfilesHaveNames) {
  EXPECT_EQ(profile_name(kProfileCdRw), "CD-RW");
  EXPECT_EQ(profile_name(0x0010), "DVD-ROM");
  EXPECT_EQ(profile_name(0x1234), "profile 1234h");
  EXPECT_TRUE(is_cd_profile(kProfileCdR));
  EXPECT_FALSE(is_cd_profile(0x0010));
  EXPECT_FALSE(is_cd_profile(kProfileNone));
}

ByteVector capabilities_reply(std::size_t descriptors) {
  ByteVector data(8 + descriptors + 22, 0);
  store_be16(data, 0, static_cast<std::uint16_t>(data.size() - 2));
  store_be16(data, 6, static_cast<std::uint16_t>(descriptors));
  const std::size_t at = 8 + descriptors;
  data[at] = 0x2A | 0x80;  // PS set
  data[at + 1] = 20;
  data[at + 4] = 0x70;
  data[at + 5] = 0x17;
  store_be16(data, at + 8, 7056);
  store_be16(data, at + 12, 2048);
  store_be16(data, at + 14, 4234);
  return data;
}

TEST(Replies, CapabilitiesWithAndWithoutBlockDescriptors) {
  const Capabilities expected{.reads_c2 = true,
                              .reads_rw_subchannel = true,
                              .reads_rw_corrected = false,
                              .accurate_stream = true,
                              .reads_cd_da = true,
                              .reads_mode2_form1 = true,
                              .reads_mode2_form2 = true,
                              .multi_session = true,
                              .max_speed_kb = 7056,
                              .current_speed_kb = 4234,
                              .buffer_kib = 2048};
  for (const std::size_t descriptors : {0U, 8U, 16U}) {
    const auto capabilities = parse_capabilities(capabilities_reply(descriptors));
    ASSERT_TRUE(capabilities.has_value()) << capabilities.error().message;
    EXPECT_EQ(*capabilities, expected);
  }
}

TEST(Replies, CapabilitiesOfAnotherPageAreAnError) {
  ByteVector data = capabilities_reply(0);
  data[8] = 0x01;
  EXPECT_EQ(parse_capabilities(data).error().message, "MODE SENSE reply: expected page 2Ah, got 01h");
}

TEST(Replies, EveryTruncationOfCapabilitiesIsAnErrorOrLosesOnlySpeeds) {
  const ByteVector whole = capabilities_reply(8);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const auto capabilities = parse_capabilities(Bytes(whole).first(n));
    EXPECT_EQ(capabilities.has_value(), n >= 8 + 8 + 6) << n;
    if (capabilities) {
      EXPECT_TRUE(capabilities->reads_c2);
    }
  }
}

TEST(Replies, ErrorRecoveryGoesBackAsItCame) {
  const ByteVector reply = {0, 18, 0x71, 0, 0, 0, 0, 0, 0x81, 0x0A, 0x20, 5, 0, 0, 0, 7, 9, 0, 0x12, 0x34};
  const auto page = parse_error_recovery(reply);
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(page->parameters, 0x20);
  EXPECT_EQ(page->read_retries, 5);
  EXPECT_EQ(mode_select_error_recovery(*page),
            (ByteVector{0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0x0A, 0x20, 5, 0, 0, 0, 7, 9, 0, 0x12, 0x34}));
  const ByteVector from_nothing =
      mode_select_error_recovery({.parameters = 0x21, .read_retries = 0, .rest = {}});
  EXPECT_EQ(from_nothing.size(), 20U);
  EXPECT_EQ(from_nothing[9], 0x0A);
}

TEST(Replies, DiscInformation) {
  ByteVector data(34, 0);
  data[1] = 32;
  data[2] = 0x1E;
  data[3] = 1;
  data[4] = 2;
  data[5] = 11;
  data[6] = 12;
  data[8] = 0x20;
  EXPECT_EQ(*parse_disc_information(data), (DiscInformation{.status = DiscInformation::Status::complete,
                                                            .erasable = true,
                                                            .sessions = 2,
                                                            .first_track = 1,
                                                            .last_track_in_last_session = 12,
                                                            .disc_type = 0x20}));
  EXPECT_FALSE(parse_disc_information(ByteVector(34, 0)).has_value());
}

TEST(Replies, TrackInformation) {
  ByteVector data(36, 0);
  data[1] = 34;
  data[2] = 3;
  data[3] = 2;
  data[5] = 0x34;
  data[6] = 0x42;
  store_be32(data, 8, 0xFFFFFF6A);
  store_be32(data, 24, 12345);
  EXPECT_EQ(*parse_track_information(data), (TrackInformation{.track = 3,
                                                              .session = 2,
                                                              .track_mode = 4,
                                                              .data_mode = 2,
                                                              .blank = true,
                                                              .start = {-150},
                                                              .size = {12345}}));
}

TEST(Replies, McnAndIsrcWhereValid) {
  ByteVector mcn(24, 0);
  mcn[3] = 20;
  mcn[4] = 2;
  mcn[8] = 0x80;
  put(mcn, 9, "4006381333931");
  EXPECT_EQ(**parse_subchannel_mcn(mcn), "4006381333931");
  EXPECT_FALSE(parse_subchannel_isrc(mcn).has_value());  // another format
  mcn[8] = 0x00;
  EXPECT_EQ(*parse_subchannel_mcn(mcn), std::nullopt);
  mcn[8] = 0x80;
  mcn[12] = 0x07;
  EXPECT_EQ(parse_subchannel_mcn(mcn).error().kind, ErrorKind::invalid);

  ByteVector isrc(24, 0);
  isrc[3] = 20;
  isrc[4] = 3;
  isrc[8] = 0x80;
  put(isrc, 9, "DEAB19912345");
  EXPECT_EQ(**parse_subchannel_isrc(isrc), "DEAB19912345");
}

TEST(Replies, MediaEvents) {
  EXPECT_EQ(*parse_media_event(ByteVector{0, 6, 0x04, 0x10, 0x02, 0x02, 0, 0}),
            (MediaEvent{.code = MediaEvent::Code::new_media, .tray_open = false, .media_present = true}));
  EXPECT_EQ(*parse_media_event(ByteVector{0, 6, 0x04, 0x10, 0x00, 0x01, 0, 0}),
            (MediaEvent{.code = MediaEvent::Code::none, .tray_open = true, .media_present = false}));
  EXPECT_EQ(*parse_media_event(ByteVector{0, 2, 0x80, 0x10, 0, 0, 0, 0}), std::nullopt);
  EXPECT_EQ(*parse_media_event(ByteVector{0, 6, 0x02, 0x10, 0x02, 0x02, 0, 0}), std::nullopt);
  EXPECT_FALSE(parse_media_event(ByteVector(8, 0)).has_value());
}

TEST(Replies, MechanismStatus) {
  EXPECT_EQ(*parse_mechanism_status(ByteVector{0x83, 0x10, 0, 0, 0, 6, 0, 24}),
            (MechanismStatus{.door_open = true, .fault = true, .current_slot = 3, .slots = 6}));
}

// As MMC-6 names them.
TEST(Replies, ProfilesHaveTheNamesOfTheStandard) {
  const std::pair<std::uint16_t, std::string_view> standard[] = {
      {0x00, "no disc"},        {0x01, "non-removable disk"},
      {0x02, "removable disk"}, {0x03, "MO"},
      {0x08, "CD-ROM"},         {0x09, "CD-R"},
      {0x0A, "CD-RW"},          {0x10, "DVD-ROM"},
      {0x11, "DVD-R"},          {0x12, "DVD-RAM"},
      {0x13, "DVD-RW"},         {0x14, "DVD-RW"},
      {0x15, "DVD-R DL"},       {0x16, "DVD-R DL"},
      {0x1A, "DVD+RW"},         {0x1B, "DVD+R"},
      {0x2A, "DVD+RW DL"},      {0x2B, "DVD+R DL"},
      {0x40, "BD-ROM"},         {0x41, "BD-R"},
      {0x42, "BD-R"},           {0x43, "BD-RE"},
      {0x50, "HD DVD-ROM"},     {0x51, "HD DVD-R"},
      {0x52, "HD DVD-RAM"},     {0x53, "HD DVD-RW"}};
  for (const auto& [code, name] : standard) EXPECT_EQ(profile_name(code), name);
}

// Bits 0 to 4 of the slot's number in byte 0, the others in bits 0 to 2 of byte 1.
TEST(Replies, MechanismStatusTakesTheSlotFromBothItsParts) {
  EXPECT_EQ(parse_mechanism_status(ByteVector{0x1F, 0x07, 0, 0, 0, 0, 0, 0})->current_slot, 0xFF);
  EXPECT_EQ(parse_mechanism_status(ByteVector{0x00, 0x04, 0, 0, 0, 0, 0, 0})->current_slot, 0x80);
}

// The upper bytes of both numbers come last, and older drives end before them.
TEST(Replies, TrackInformationTakesNumbersFromBothTheirParts) {
  ByteVector reply(36);
  reply[1] = 34;  // bytes that follow the length
  reply[2] = 0x11;
  reply[3] = 0x22;
  reply[32] = 0x01;
  reply[33] = 0x02;
  EXPECT_EQ(parse_track_information(reply)->track, 0x0111);
  EXPECT_EQ(parse_track_information(reply)->session, 0x0222);
  reply[1] = 26;
  reply.resize(28);
  EXPECT_EQ(parse_track_information(reply)->track, 0x11);
  EXPECT_EQ(parse_track_information(reply)->session, 0x22);
}

// Byte 4 counts what follows it; the vendor's own bytes are 36 to 55.
TEST(Replies, InquiryTakesTheVendorsBytesAsFarAsTheLengthReaches) {
  ByteVector reply(96, Byte{'x'});
  reply[0] = 0x05;
  reply[4] = 91;
  EXPECT_EQ(parse_inquiry(reply)->vendor_specific, std::string(20, 'x'));
  reply[4] = 31 + 6;  // six bytes of them
  EXPECT_EQ(parse_inquiry(reply)->vendor_specific, std::string(6, 'x'));
  reply[4] = 31;
  EXPECT_EQ(parse_inquiry(reply)->vendor_specific, "");
}

TEST(Replies, LastAddressMustLieOnACd) {
  EXPECT_EQ(parse_last_lba(ByteVector{0, 5, 0x12, 0x34, 0, 0, 8, 0})->value, 0x51234);
  EXPECT_FALSE(parse_last_lba(ByteVector{0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 8, 0}).has_value());
}

// Every parser takes any bytes of any length; the sanitizers watch.
TEST(Replies, ParsersSurviveGarbage) {
  std::mt19937 random(20);
  for (int round = 0; round < 20'000; ++round) {
    ByteVector data(random() % 64);
    for (Byte& b : data) b = static_cast<Byte>(random() % 3 == 0 ? random() % 16 : random());
    static_cast<void>(parse_inquiry(data));
    static_cast<void>(parse_serial_number(data));
    static_cast<void>(parse_configuration(data));
    static_cast<void>(parse_capabilities(data));
    if (const auto page = parse_error_recovery(data)) {
      EXPECT_LE(mode_select_error_recovery(*page).size(), 8U + 257);
    }
    static_cast<void>(parse_disc_information(data));
    static_cast<void>(parse_last_lba(data));
    static_cast<void>(parse_track_information(data));
    static_cast<void>(parse_subchannel_mcn(data));
    static_cast<void>(parse_subchannel_isrc(data));
    static_cast<void>(parse_media_event(data));
    static_cast<void>(parse_mechanism_status(data));
  }
}

}  // namespace
}  // namespace binrip::drive
