// READ CD over kinds of sectors: what is given, what is refused, and how many bytes (MMC-6, READ CD).
#include <optional>

#include "sim_support.hpp"

namespace binrip::sim {
namespace {

using drive::ExpectedSector;

std::shared_ptr<image::DiscImage> zoo(std::string_view name) { return make_disc(zoo_recipe(name)); }

// Bytes that one sector of a selection takes; nothing when it is refused.
std::optional<std::size_t> bytes_for(SimDrive& drive, int lba, int selection) {
  const auto got = ask(drive, raw_cdb({0xBE, 0, 0, 0, lba >> 8, lba & 255, 0, 0, 1, selection, 0, 0}), 2352);
  if (!got.completion.good) return std::nullopt;
  return got.completion.transferred;
}

struct SizeRow {
  int selection;
  std::optional<std::size_t> audio, mode1, form1, form2;
};

TEST(SimKinds, SelectionGivesTheSizesOfTheStandard) {
  constexpr auto kNo = std::nullopt;
  const std::vector<SizeRow> rows = {{0xF8, 2352, 2352, 2352, 2352},
                                     {0x10, 2352, 2048, 2048, 2324},
                                     {0x18, 2352, 2336, 2328, 2328},
                                     {0x20, 0, 4, 4, 4},
                                     {0x30, 2352, 2052, kNo, kNo},
                                     {0x40, 0, 0, 8, 8},
                                     {0x50, 2352, 2048, 2056, 2332},
                                     {0x58, 2352, 2336, 2336, 2336},
                                     {0x60, 0, 4, 12, 12},
                                     {0x70, 2352, 2052, 2060, 2336},
                                     {0x78, 2352, 2340, 2340, 2340},
                                     {0x80, 0, 12, 12, 12},
                                     {0xA0, 0, 16, 16, 16},
                                     {0xB0, 2352, 2064, kNo, kNo},
                                     {0xE0, 0, 16, 24, 24},
                                     {0xF0, 2352, 2064, 2072, 2348},
                                     {0x08, kNo, kNo, kNo, kNo},
                                     {0x28, kNo, kNo, kNo, kNo},
                                     {0x00, 0, 0, 0, 0}};
  SimDrive audio(zoo("audio-simple"), quiet_habits());
  SimDrive mode1(zoo("data-mode1"), quiet_habits());
  SimDrive xa(zoo("data-xa"), quiet_habits());
  for (const SizeRow& row : rows) {
    EXPECT_EQ(bytes_for(audio, 500, row.selection), row.audio) << std::hex << row.selection;
    EXPECT_EQ(bytes_for(mode1, 500, row.selection), row.mode1) << std::hex << row.selection;
    EXPECT_EQ(bytes_for(xa, 401, row.selection), row.form1) << std::hex << row.selection;
    EXPECT_EQ(bytes_for(xa, 400, row.selection), row.form2) << std::hex << row.selection;
  }
}

TEST(SimKinds, ExpectedTypeMustFit) {
  SimDrive audio(zoo("audio-simple"), quiet_habits());
  SimDrive mode1(zoo("data-mode1"), quiet_habits());
  SimDrive xa(zoo("data-xa"), quiet_habits());
  const auto sense = [](SimDrive& drive, int lba, ExpectedSector expected) {
    return sense_of(read(drive, {.start = {lba}, .expected = expected}).completion);
  };
  EXPECT_EQ(sense(audio, 500, ExpectedSector::cd_da), "good");
  EXPECT_EQ(sense(audio, 500, ExpectedSector::mode1), "5/64/00");
  EXPECT_EQ(sense(mode1, 500, ExpectedSector::mode1), "good");
  EXPECT_EQ(sense(mode1, 500, ExpectedSector::cd_da), "5/64/00");
  EXPECT_EQ(sense(mode1, 500, ExpectedSector::mode2_form1), "5/64/00");
  EXPECT_EQ(sense(xa, 401, ExpectedSector::mode2_form1), "good");
  EXPECT_EQ(sense(xa, 400, ExpectedSector::mode2_form1), "5/64/00");
  EXPECT_EQ(sense(xa, 400, ExpectedSector::mode2_form2), "good");
}

TEST(SimKinds, ReservedFieldsAreRefused) {
  SimDrive drive(zoo("audio-simple"), quiet_habits());
  const auto sense = [&](int byte1, int byte9, int byte10) {
    return sense_of(
        ask(drive, raw_cdb({0xBE, byte1, 0, 0, 0, 0, 0, 0, 1, byte9, byte10, 0}), 2744).completion);
  };
  EXPECT_EQ(sense(6 << 2, 0xF8, 0), "5/24/00");
  EXPECT_EQ(sense(0, 0xFE, 0), "5/24/00");
  EXPECT_EQ(sense(0, 0xF8, 3), "5/24/00");
  EXPECT_EQ(sense(0, 0xF9, 0), "5/24/00");
}

TEST(SimKinds, TransferStopsWhereDataTurnsToAudio) {
  const auto disc = zoo("mixed-mode");
  SimDrive drive(disc, quiet_habits());
  const auto got = read(drive, {.start = {1190}, .count = 20});
  EXPECT_EQ(sense_of(got.completion), "5/64/00");
  EXPECT_EQ(got.completion.sense.information, 1200U);
  EXPECT_EQ(got.completion.transferred, 10U * 2352);
  EXPECT_EQ(sense_of(read(drive, {.start = {1190}, .count = 10}).completion), "good");
  EXPECT_EQ(sense_of(read(drive, {.start = {1200}, .count = 10}).completion), "good");
  // Subchannel alone has no kind.
  const drive::ReadCd sub{.start = {1190}, .count = 20, .sub = drive::SubMode::raw, .main_channel = false};
  EXPECT_EQ(sense_of(read(drive, sub).completion), "good");
}

TEST(SimKinds, DataReadAsAudioIsScrambledAndShifted) {
  const auto disc = zoo("data-mode1");
  Habits habits = quiet_habits();
  habits.audio_over_data = true;
  habits.read_offset = 30;
  SimDrive drive(disc, habits);
  const auto got = read(drive, {.start = {100}, .count = 2, .expected = ExpectedSector::cd_da});
  ASSERT_TRUE(got.completion.good);
  std::array<Byte, 2352> sector{};
  std::copy_n(got.data.begin() + 30 * 4, 2352, sector.begin());
  cd::scramble(sector);
  EXPECT_EQ(sector, main_of(*disc, {100}));
}

TEST(SimKinds, TheVendorCommandReadsDataAsAudioForThoseDrivesThatHaveIt) {
  const auto disc = zoo("data-mode1");
  Habits habits = quiet_habits();
  habits.read_offset = 30;
  habits.order = drive::FieldOrder::main_sub_c2;  // not that of this command
  SimDrive without(disc, habits);
  const drive::ReadCd plain{.start = {100}, .count = 2, .by = drive::ReadBy::vendor_d8};
  EXPECT_EQ(sense_of(read(without, plain).completion), "5/20/00");

  habits.vendor_d8 = VendorD8::reads;
  SimDrive drive(disc, habits);
  const auto got = read(drive, plain);
  ASSERT_TRUE(got.completion.good);
  std::array<Byte, 2352> sector{};
  std::copy_n(got.data.begin() + 30 * 4, 2352, sector.begin());
  cd::scramble(sector);
  EXPECT_EQ(sector, main_of(*disc, {100}));

  drive::ReadCd all = plain;
  all.c2 = drive::C2Mode::bits;
  all.sub = drive::SubMode::raw;
  const auto whole = read(drive, all);
  ASSERT_TRUE(whole.completion.good);
  const Bytes first = Bytes(whole.data).first(2742);
  EXPECT_TRUE(std::equal(first.begin(), first.begin() + 2352, got.data.begin()));
  std::array<Byte, cd::kSubSize> truth;
  ASSERT_TRUE(disc->read_sub({100}, truth));
  EXPECT_EQ(cd::q_of_wire(first.last<cd::kSubSize>()), cd::q_of(truth));

  habits.vendor_d8 = VendorD8::filtered;
  SimDrive behind(disc, habits);
  ByteVector buffer(2352);
  const auto reply = behind.execute(encode(drive::ReadCd{.start = {100}, .by = drive::ReadBy::vendor_d8}),
                                    drive::Direction::from_drive, buffer, std::chrono::seconds(10));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::permission);
}

TEST(SimKinds, AudioBesideDataHoldsWhatPassesUnderTheHead) {
  const auto disc = zoo("mixed-mode");
  Habits habits = quiet_habits();
  habits.read_offset = 100;
  SimDrive drive(disc, habits);
  const auto got = read(drive, {.start = {1200}});
  auto data = main_of(*disc, {1199});
  cd::scramble(data);
  EXPECT_TRUE(std::equal(got.data.begin(), got.data.begin() + 400, data.end() - 400));
}

TEST(SimKinds, BlockReadsGiveUserDataOfDataSectors) {
  const auto disc = zoo("data-mode1");
  SimDrive drive(disc, quiet_habits());
  const auto got = ask(drive, raw_cdb({0x28, 0, 0, 0, 0, 16, 0, 0, 2, 0}), 4096);
  ASSERT_TRUE(got.completion.good);
  EXPECT_EQ(std::string(got.data.begin() + 1, got.data.begin() + 6), "CD001");
  const auto sector = main_of(*disc, {17});
  EXPECT_TRUE(std::equal(got.data.begin() + 2048, got.data.end(), sector.begin() + 16));
  SimDrive audio(zoo("audio-simple"), quiet_habits());
  EXPECT_EQ(sense_of(ask(audio, raw_cdb({0x28, 0, 0, 0, 0, 16, 0, 0, 1, 0}), 2048).completion), "5/64/00");
  const auto capacity = ask(drive, drive::read_capacity_cdb(), 8);
  EXPECT_EQ(load_be32(capacity.data, 0), 2499U);
  EXPECT_EQ(load_be32(capacity.data, 4), 2048U);
}

TEST(SimKinds, MsfFormReadsTheSameSectors) {
  SimDrive drive(zoo("audio-simple"), quiet_habits());
  // 00:06:50 … 00:06:52 is LBA 350 … 351.
  const auto msf = ask(drive, raw_cdb({0xB9, 0, 0, 0, 6, 50, 0, 6, 52, 0xF8, 0, 0}), 2 * 2352);
  EXPECT_EQ(msf.data, read(drive, {.start = {350}, .count = 2}).data);
}

TEST(SimGaps, CostLongAndAreCounted) {
  const auto disc = zoo("cd-extra");
  SimDrive drive(disc, quiet_habits());
  const int lead_out = disc->disc().sessions[0].lead_out.value;
  EXPECT_EQ(sense_of(read(drive, {.start = {lead_out}, .count = 2}).completion), "good");
  EXPECT_EQ(drive.statistics().gap_reads, 0);
  const auto before = drive.now();
  EXPECT_EQ(sense_of(read(drive, {.start = {lead_out}, .count = 5}).completion), "3/02/00");
  EXPECT_GE(drive.now() - before, std::chrono::seconds(5));
  EXPECT_EQ(drive.statistics().gap_reads, 1);
  const int second = disc->disc().sessions[1].tracks[0].start().value;
  EXPECT_EQ(sense_of(read(drive, {.start = {second - 1}}).completion), "3/02/00");
  EXPECT_EQ(sense_of(read(drive, {.start = {second}}).completion), "good");
}

TEST(SimSub, FormattedQHoldsQAndTheFlagP) {
  SimDrive drive(zoo("audio-htoa"), quiet_habits());
  const auto got = read(drive, {.start = {498}, .count = 4, .sub = drive::SubMode::q, .main_channel = false});
  ASSERT_TRUE(got.completion.good);
  for (int i = 0; i < 4; ++i) {
    cd::QBytes q{};
    std::copy_n(got.data.begin() + i * 16, 12, q.begin());
    ASSERT_TRUE(cd::q_crc_right(q));
    const auto position = cd::decode_q_position(q);
    ASSERT_TRUE(position);
    EXPECT_EQ(position->absolute, cd::to_msf(cd::Lba{498 + i}));
    EXPECT_EQ(position->index, i < 2 ? 0 : 1);
  }
  EXPECT_EQ(got.data[15], 0x80);
}

TEST(SimSub, DriveThatChecksFormattedQHidesWrongOnes) {
  const auto recipe = zoo_recipe("libcrypt");
  const auto [lba, wrong] = recipe.quirks.wrong_q.front();
  for (const bool checked : {true, false}) {
    Habits habits = quiet_habits();
    habits.formatted_q_is_checked = checked;
    SimDrive drive(make_disc(recipe), habits);
    const auto got = read(drive, {.start = lba, .sub = drive::SubMode::q, .main_channel = false});
    cd::QBytes q{};
    std::copy_n(got.data.begin(), 12, q.begin());
    EXPECT_EQ(q, checked ? cd::QBytes{} : wrong);
  }
}

// An image from a file has no sectors outside of its tracks and maybe no subchannel at all.
class BareImage : public image::DiscImage {
 public:
  explicit BareImage(std::shared_ptr<image::DiscImage> inner) : inner_(std::move(inner)) {}
  const cd::Disc& disc() const override { return inner_->disc(); }
  Result<void> read_main(cd::Lba lba, cd::MutableSectorBytes out) override {
    if (!cd::image_position(disc(), lba)) return fail(ErrorKind::invalid, "not in the image");
    return inner_->read_main(lba, out);
  }
  Result<bool> read_sub(cd::Lba /*lba*/, cd::MutableSubBytes /*out*/) override { return false; }

 private:
  std::shared_ptr<image::DiscImage> inner_;
};

TEST(SimImage, WhatAnImageDoesNotHoldIsMadeUp) {
  SimDrive drive(std::make_shared<BareImage>(zoo("cd-extra")), quiet_habits());
  const auto pregap = read(drive, {.start = {-150}, .count = 10, .sub = drive::SubMode::raw});
  ASSERT_TRUE(pregap.completion.good);
  EXPECT_EQ(std::count(pregap.data.begin(), pregap.data.begin() + 2352, 0), 2352);
  std::array<Byte, 96> wire{};
  std::copy_n(pregap.data.begin() + 2352, 96, wire.begin());
  const auto position = cd::decode_q_position(cd::q_of_wire(wire));
  ASSERT_TRUE(position);
  EXPECT_EQ(position->index, 0);
  EXPECT_EQ(cd::to_lba(position->absolute), cd::Lba{-150});
}

}  // namespace
}  // namespace binrip::sim
