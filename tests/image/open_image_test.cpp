#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "discs.hpp"
#include "support/temp_dir.hpp"

#include "binrip/cd/cdtext.hpp"
#include "binrip/image/cue.hpp"
#include "binrip/image/disc_image.hpp"

namespace binrip::image {
namespace {

using namespace test_discs;
using Sector = std::array<Byte, cd::kSectorSize>;

// Content that differs in every sector and byte.
Sector content(int lba) {
  Sector sector;
  auto x = static_cast<std::uint32_t>(lba + 1) * 2'654'435'761U;
  for (Byte& b : sector) {
    x = x * 1'664'525U + 1'013'904'223U;
    b = static_cast<Byte>(x >> 24);
  }
  return sector;
}

class OpenImage : public testing::Test {
 protected:
  void write(const std::string& name, std::string_view data) {
    std::ofstream(dir_ / name, std::ios::binary) << data;
  }
  // `count` sectors of `size` bytes, the contents of those from `lba` on.
  void append(const std::string& name, int lba, int count, std::size_t size = cd::kSectorSize,
              std::size_t skip = 0) {
    std::ofstream out(dir_ / name, std::ios::binary | std::ios::app);
    for (int i = 0; i < count; ++i) {
      const Sector sector = content(lba + i);
      out.write(reinterpret_cast<const char*>(sector.data() + skip), static_cast<std::streamsize>(size));
    }
  }
  void write_image(const cd::Disc& disc, BinLayout layout) {
    const CueSheet sheet = cue_of(disc, "x", layout);
    write("x.cue", write_cue(sheet));
    std::size_t file = 0;
    for (const cd::TrackRef& ref : cd::track_ranges(disc)) {
      append(sheet.files[layout == BinLayout::split ? file++ : 0].name, ref.range.begin.value,
             ref.range.size().value);
    }
  }
  Result<std::unique_ptr<DiscImage>> open(const std::string& name = "x.cue") {
    return open_image((dir_ / name).string());
  }
  std::string error(const std::string& name = "x.cue") {
    const auto image = open(name);
    if (image) return "(opened)";
    std::string message = image.error().message;
    const std::string prefix = dir_.path().string() + "/";
    for (std::size_t at; (at = message.find(prefix)) != message.npos;) message.erase(at, prefix.size());
    return message;
  }
  std::string error_of_sheet(std::string_view sheet) {
    write("x.cue", sheet);
    return error();
  }

  test::TempDir dir_;
};

Sector read(DiscImage& image, int lba) {
  Sector sector{};
  const auto result = image.read_main(cd::Lba{lba}, sector);
  EXPECT_TRUE(result) << result.error().message;
  return sector;
}

void expect_content(DiscImage& image) {
  for (const cd::LbaRange& range : cd::image_ranges(image.disc())) {
    for (cd::Lba lba = range.begin; lba < range.end; ++lba) {
      ASSERT_TRUE(read(image, lba.value) == content(lba.value)) << lba.value;
    }
  }
}

TEST_F(OpenImage, GivesBackTheDiscThatWasWritten) {
  write("x.cdt", std::string(19, '\0'));
  for (const BinLayout layout : {BinLayout::single, BinLayout::split}) {
    write("x.bin", "");
    write_image(audio(), layout);
    const auto image = open();
    ASSERT_TRUE(image) << image.error().message;
    cd::Disc expected = audio();
    expected.text.title = "Nächte 'live'";
    expected.text.message = "with love";
    EXPECT_EQ((*image)->disc(), expected);
    expect_content(**image);
  }
}

TEST_F(OpenImage, FindsLaterSessionsWhereTheyWere) {
  for (const cd::Disc& disc : {cd_extra(), three_sessions()}) {
    for (const BinLayout layout : {BinLayout::single, BinLayout::split}) {
      for (const char* name : {"x.bin", "x (Track 1).bin", "x (Track 2).bin", "x (Track 3).bin"})
        write(name, "");
      write_image(disc, layout);
      const auto image = open();
      ASSERT_TRUE(image) << image.error().message;
      EXPECT_EQ((*image)->disc(), disc);
      expect_content(**image);
    }
  }
}

TEST_F(OpenImage, TakesTheUsualGapWhereTheSheetGivesNone) {
  write("x.cue",
        "FILE x.bin BINARY\nREM SESSION 01\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nREM SESSION 02\n"
        "TRACK 02 MODE1/2352\nINDEX 01 00:00:10\nREM SESSION 03\nTRACK 03 MODE1/2352\nINDEX 01 00:00:20\n");
  append("x.bin", 0, 25);
  const auto image = open();
  ASSERT_TRUE(image) << image.error().message;
  const cd::Disc& disc = (*image)->disc();
  ASSERT_EQ(disc.sessions.size(), 3U);
  EXPECT_EQ(disc.sessions[0].lead_out.value, 10);
  EXPECT_EQ(disc.sessions[1].tracks[0].start().value, 10 + 11'400);
  EXPECT_EQ(disc.sessions[1].lead_out.value, 20 + 11'400);
  EXPECT_EQ(disc.sessions[2].tracks[0].start().value, 20 + 11'400 + 6'900);
  EXPECT_EQ(read(**image, 20 + 11'400 + 6'900), content(20));
}

TEST_F(OpenImage, LeavesOutAGapThatTheFileHolds) {
  write("x.cue",
        "FILE x.bin BINARY\nREM SESSION 01\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nREM LEAD-OUT 00:00:10\n"
        "REM SESSION 02\nTRACK 02 MODE2/2352\nINDEX 01 00:00:40\n");
  append("x.bin", 0, 50);
  const auto image = open();
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ((*image)->disc().sessions[0].lead_out.value, 10);
  EXPECT_EQ((*image)->disc().sessions[1].tracks[0].start().value, 40);
  EXPECT_EQ((*image)->disc().sessions[1].type, cd::DiscType::cd_xa);
  expect_content(**image);
  Sector sector;
  EXPECT_FALSE((*image)->read_main(cd::Lba{20}, sector));
}

TEST_F(OpenImage, RefusesSectorsOutsideTheImage) {
  write_image(cd_extra(), BinLayout::single);
  const auto image = open();
  ASSERT_TRUE(image);
  Sector sector;
  for (const int lba : {-150, -1, 1200, 12'599, 13'000, 449'849}) {
    const auto result = (*image)->read_main(cd::Lba{lba}, sector);
    ASSERT_FALSE(result) << lba;
    EXPECT_EQ(result.error().message, fmt::format("sector {} is not in the image", lba));
  }
}

TEST_F(OpenImage, ReadsTheSubchannelBesideTheSheet) {
  write_image(cd_extra(), BinLayout::single);
  std::string sub;
  for (int i = 0; i < 1600; ++i) sub += std::string(96, static_cast<char>(i % 251));
  write("x.sub", sub);
  std::array<Byte, cd::kSubSize> record{};
  const auto image = open();
  ASSERT_TRUE(image);
  EXPECT_TRUE(*(*image)->read_sub(cd::Lba{1199}, record));
  EXPECT_EQ(record[95], 1199 % 251);
  EXPECT_TRUE(*(*image)->read_sub(cd::Lba{12'600}, record));
  EXPECT_EQ(record[0], 1200 % 251);
  EXPECT_FALSE(*(*image)->read_sub(cd::Lba{1200}, record));
  write("x.sub", sub + "x");  // of another image
  EXPECT_FALSE(*(*open())->read_sub(cd::Lba{0}, record));
}

TEST_F(OpenImage, BuildsWholeSectorsFromUserData) {
  write("x.cue",
        "FILE x.bin BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 00:00:03\n");
  append("x.bin", 0, 3, 2048);
  append("x.bin", 3, 2);
  const auto image = open();
  ASSERT_TRUE(image) << image.error().message;
  const Sector sector = read(**image, 1);
  const cd::SectorCheck check = cd::check_sector(sector);
  EXPECT_EQ(check.kind, cd::SectorKind::mode1);
  EXPECT_EQ(check.address, cd::Lba{1});
  EXPECT_EQ(check.edc, cd::EdcState::right);
  EXPECT_EQ(check.ecc, cd::EccState::right);
  const Sector stored = content(1);
  EXPECT_TRUE(std::equal(stored.begin(), stored.begin() + 2048, sector.begin() + 16));
  EXPECT_EQ(read(**image, 4), content(4));
}

TEST_F(OpenImage, PutsSyncAndHeaderBeforeMode2Data) {
  Sector form1, form2;
  cd::build_mode2(form1, cd::Lba{0}, {1, 2, 8, 0}, content(7));
  cd::build_mode2(form2, cd::Lba{1}, {1, 2, 0x20, 0}, content(8));
  std::string stored(form1.begin() + 16, form1.end());
  stored.append(form2.begin() + 16, form2.end());
  write("x.bin", stored);
  for (const char* type : {"MODE2/2336", "CDI/2336"}) {
    write("x.cue", fmt::format("FILE x.bin BINARY\nTRACK 01 {}\nINDEX 01 00:00:00\n", type));
    const auto image = open();
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_EQ(read(**image, 0), form1);
    EXPECT_EQ(read(**image, 1), form2);
  }
}

TEST_F(OpenImage, MakesUpSectorsThatNoFileHolds) {
  write("x.cue",
        "FILE x.bin BINARY\n"
        "TRACK 01 MODE1/2352\nPREGAP 00:02:00\nINDEX 01 00:00:00\nPOSTGAP 00:00:02\n"
        "TRACK 02 MODE2/2352\nPREGAP 00:00:03\nINDEX 01 00:00:10\n"
        "TRACK 03 AUDIO\nPREGAP 00:00:04\nINDEX 00 00:00:20\nINDEX 01 00:00:25\n");
  append("x.bin", 0, 30);
  const auto image = open();
  ASSERT_TRUE(image) << image.error().message;
  const auto& tracks = (*image)->disc().sessions.at(0).tracks;
  EXPECT_EQ(tracks[0].indexes, (std::vector<cd::Index>{index(1, 0)}));
  EXPECT_EQ(tracks[1].indexes, (std::vector<cd::Index>{index(0, 12), index(1, 15)}));
  EXPECT_EQ(tracks[2].indexes, (std::vector<cd::Index>{index(0, 25), index(1, 34)}));
  EXPECT_EQ((*image)->disc().sessions[0].lead_out.value, 39);
  const auto kind = [&](int lba) { return cd::check_sector(read(**image, lba)); };
  EXPECT_EQ(kind(11).kind, cd::SectorKind::mode1);
  EXPECT_EQ(kind(11).edc, cd::EdcState::right);
  EXPECT_EQ(kind(12).kind, cd::SectorKind::mode2_form2);
  EXPECT_EQ(kind(12).address, cd::Lba{12});
  EXPECT_EQ(read(**image, 28), Sector{});
  EXPECT_EQ(read(**image, 9), content(9));
  EXPECT_EQ(read(**image, 15), content(10));
  EXPECT_EQ(read(**image, 29), content(20));
  EXPECT_EQ(read(**image, 38), content(29));
}

TEST_F(OpenImage, TakesAPregapAtTheEndOfTheFileBefore) {
  write("x.cue",
        "FILE a.bin BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 00 00:00:08\n"
        "FILE b.bin BINARY\nINDEX 01 00:00:00\n");
  append("a.bin", 0, 10);
  append("b.bin", 10, 5);
  const auto image = open();
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ((*image)->disc().sessions[0].tracks[1].indexes,
            (std::vector<cd::Index>{index(0, 8), index(1, 10)}));
  expect_content(**image);
}

TEST_F(OpenImage, TakesWhatComesBeforeTheFirstIndexOfAFileAsPregap) {
  write("x.cue",
        "FILE a.bin BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:04\nFILE b.bin BINARY\nTRACK 02 AUDIO\n"
        "INDEX 01 00:00:02\n");
  append("a.bin", 0, 10);
  append("b.bin", 10, 5);
  const auto image = open();
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ((*image)->disc().sessions[0].tracks[0].indexes,
            (std::vector<cd::Index>{index(0, 0), index(1, 4)}));
  EXPECT_EQ((*image)->disc().sessions[0].tracks[1].indexes,
            (std::vector<cd::Index>{index(0, 10), index(1, 12)}));
  expect_content(**image);
}

TEST_F(OpenImage, SwapsTheBytesOfMotorolaAudio) {
  write("x.cue", "FILE x.bin MOTOROLA\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n");
  append("x.bin", 0, 2);
  const auto image = open();
  ASSERT_TRUE(image);
  const Sector sector = read(**image, 1), stored = content(1);
  for (std::size_t i = 0; i < sector.size(); ++i) ASSERT_EQ(sector[i], stored[i ^ 1]);
}

std::string le(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}
std::string wave_head(std::uint32_t rate, std::uint32_t samples_size) {
  return "RIFF" + le(1000, 4) + "WAVE" + "LIST" + le(5, 4) + "hello" + '\0' + "fmt " + le(16, 4) + le(1, 2) +
         le(2, 2) + le(rate, 4) + le(rate * 4, 4) + le(4, 2) + le(16, 2) + "data" + le(samples_size, 4);
}

TEST_F(OpenImage, ReadsTheSamplesOfAWave) {
  write("x.cue", "FILE x.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n");
  write("x.wav", wave_head(44'100, 3 * 2352));
  append("x.wav", 0, 3);
  std::ofstream(dir_ / "x.wav", std::ios::app) << "LIST" << le(2, 4) << "zz";
  const auto image = open();
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ((*image)->disc().sessions[0].lead_out.value, 3);
  expect_content(**image);
}

TEST_F(OpenImage, RefusesOtherWaves) {
  write("x.cue", "FILE x.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n");
  write("x.wav", wave_head(48'000, 0));
  EXPECT_EQ(error(), "x.wav: expected 44100 Hz, 16 bits, stereo, PCM before the samples");
  write("x.wav", wave_head(44'100, 2352));
  EXPECT_EQ(error(), "x.wav: expected 2352 bytes of samples");
  write("x.wav", "RIFFxxxxWAVE");
  EXPECT_EQ(error(), "x.wav: expected a data chunk");
  write("x.wav", "MP3");
  EXPECT_EQ(error(), "x.wav: expected a RIFF WAVE file");
  const std::string whole = wave_head(44'100, 0);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    write("x.wav", whole.substr(0, n));
    EXPECT_NE(error(), "(opened)") << n;
  }
}

TEST_F(OpenImage, SaysWhichFileDoesNotFitTheSheet) {
  const std::string sheet =
      "FILE x.bin BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 00:00:10\n";
  write("x.cue", sheet);
  EXPECT_EQ(error(), "cannot open x.bin: No such file or directory");
  append("x.bin", 0, 9);
  EXPECT_EQ(error(), "x.cue:1: expected at least 23520 bytes in \"x.bin\", got 21168");
  append("x.bin", 9, 1);
  EXPECT_EQ(error(), "x.cue:4: expected sectors in TRACK 02, got none");
  append("x.bin", 10, 1, 100);
  EXPECT_EQ(error(),
            "x.cue:1: expected whole sectors of 2352 bytes in \"x.bin\" from TRACK 02 on, got 100 bytes");
  std::filesystem::resize_file(dir_ / "x.bin", 449'850ULL * 2352);
  EXPECT_EQ(error_of_sheet(sheet + "POSTGAP 00:00:01\n"),
            "x.cue:4: expected at most 449850 sectors on the disc, got 449851 by TRACK 02");
}

TEST_F(OpenImage, OpensNothingOutsideTheSheetsFolder) {
  const auto sheet = [](std::string_view name) {
    return fmt::format("FILE \"{}\" BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n", name);
  };
  EXPECT_EQ(error_of_sheet(sheet("/etc/passwd")),
            "x.cue:1: expected a file in the folder of the sheet, got \"/etc/passwd\"");
  EXPECT_EQ(error_of_sheet(sheet("a/../../x.bin")),
            "x.cue:1: expected a file in the folder of the sheet, got \"a/../../x.bin\"");
  EXPECT_EQ(error_of_sheet("CDTEXTFILE ../x.cdt\n" + sheet("x.bin")),
            "cannot open x.bin: No such file or directory");
  append("x.bin", 0, 1);
  EXPECT_EQ(error_of_sheet("CDTEXTFILE ../x.cdt\n" + sheet("x.bin")),
            "x.cue:1: expected a file in the folder of the sheet, got \"../x.cdt\"");
  std::filesystem::create_directory(dir_ / "sub");
  append("sub/y.bin", 0, 1);
  EXPECT_EQ(error_of_sheet(sheet("sub/y.bin")), "(opened)");
  EXPECT_EQ(error_of_sheet(sheet("sub")), "sub is not a regular file");
  ASSERT_EQ(::mkfifo((dir_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(error_of_sheet(sheet("fifo")), "fifo is not a regular file");
}

TEST_F(OpenImage, FindsNamesInLatin1UnderTheirUtf8Name) {
  append("é.bin", 0, 1);
  EXPECT_EQ(error_of_sheet("FILE \xE9.bin BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n"), "(opened)");
}

TEST_F(OpenImage, TakesTextsFromThePacksWhereTheSheetHasNone) {
  cd::CdTextBlock block;
  block.language = 9;
  block.disc.title = "From the packs";
  block.tracks = {{1, {"One", "", "", "", "", ""}}};
  const auto packs = cd::encode_cdtext({block});
  ASSERT_TRUE(packs);
  write("x.cdt", std::string(packs->begin(), packs->end()) + '\0');
  append("x.bin", 0, 1);
  write("x.cue", "CDTEXTFILE x.cdt\nFILE x.bin BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n");
  const auto image = open();
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ((*image)->disc().cdtext_packs, *packs);
  EXPECT_EQ((*image)->disc().text.title, "From the packs");
  write("x.cdt", "17 bytes are none");
  EXPECT_EQ(error(), "x.cdt: expected CD-TEXT packs of 18 bytes, got 17 bytes");
}

TEST_F(OpenImage, RefusesWhatIsNoSheet) {
  write("x.iso", "");
  EXPECT_EQ(error("x.iso"), "x.iso is neither a .cue nor a .ccd");
  EXPECT_EQ(error("none.cue"), "cannot open none.cue: No such file or directory");
}

// The control file of a disc as CloneCD writes it.
std::string ccd_of(const cd::Disc& disc, bool scrambled = false) {
  const cd::FullToc toc = cd::full_toc_of(disc);
  std::string out = fmt::format(
      "[CloneCD]\r\nVersion=3\r\n[Disc]\r\nTocEntries={}\r\nSessions={}\r\nDataTracksScrambled={}\r\n"
      "CDTextLength=0\r\nCATALOG=0724384260927\r\n[Session 1]\r\nPreGapMode=0\r\nPreGapSubC=0\r\n",
      toc.entries.size(), disc.sessions.size(), scrambled ? 1 : 0);
  int n = 0;
  for (const cd::FullTocEntry& e : toc.entries) {
    out += fmt::format(
        "[Entry {}]\r\nSession={}\r\nPoint=0x{:02x}\r\nADR=0x{:02x}\r\nControl=0x{:02x}\r\nTrackNo={}\r\n"
        "AMin={}\r\nASec={}\r\nAFrame={}\r\nALBA=-150\r\nZero={}\r\nPMin={}\r\nPSec={}\r\nPFrame={}\r\nPLBA="
        "0\r\n",
        n++, e.session, e.point, e.adr, e.control, e.tno, e.time.minute, e.time.second, e.time.frame, e.zero,
        e.p_time.minute, e.p_time.second, e.p_time.frame);
  }
  for (const cd::Session& session : disc.sessions) {
    for (const cd::Track& track : session.tracks) {
      const int mode = track.mode == cd::TrackMode::audio ? 0 : track.mode == cd::TrackMode::mode1 ? 1 : 2;
      out += fmt::format("[TRACK {}]\r\nMODE={}\r\n", track.number, mode);
      for (const cd::Index& i : track.indexes) out += fmt::format("INDEX {}={}\r\n", i.number, i.lba.value);
      if (!track.isrc.empty()) out += "ISRC=" + track.isrc + "\r\n";
    }
  }
  return out;
}

cd::Disc without_texts(cd::Disc disc) {
  disc.text = {};
  disc.track_texts.clear();
  disc.cdtext_packs.clear();
  disc.mcn = "0724384260927";
  return disc;
}

TEST_F(OpenImage, ReadsCloneCdImages) {
  for (const cd::Disc& source : {audio(), cd_extra(), three_sessions()}) {
    const cd::Disc disc = without_texts(source);
    write("x.ccd", ccd_of(disc));
    write("x.img", "");
    for (const cd::LbaRange& range : cd::image_ranges(disc)) {
      append("x.img", range.begin.value, range.size().value);
    }
    const auto image = open("x.ccd");
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_EQ((*image)->disc(), disc);
    expect_content(**image);
  }
}

TEST_F(OpenImage, ReadsCloneCdImagesThatHoldTheGaps) {
  const cd::Disc disc = without_texts(cd_extra());
  write("x.ccd", ccd_of(disc));
  append("x.img", 0, 13'000);
  const auto image = open("x.ccd");
  ASSERT_TRUE(image) << image.error().message;
  expect_content(**image);
}

TEST_F(OpenImage, DescramblesCloneCdData) {
  cd::Disc disc;
  disc.sessions = {session(1, {track(1, cd::TrackMode::mode1, {index(1, 0)})}, 1)};
  Sector plain;
  cd::build_mode1(plain, cd::Lba{0}, Bytes(content(3)).first(2048));
  Sector scrambled = plain;
  cd::scramble(scrambled);
  write("x.img", std::string(scrambled.begin(), scrambled.end()));
  write("x.ccd", ccd_of(disc, true));
  const auto image = open("x.ccd");
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(read(**image, 0), plain);
}

TEST_F(OpenImage, RefusesCloneCdImagesOfAnotherSize) {
  write("x.ccd", ccd_of(cd_extra()));
  EXPECT_EQ(error("x.ccd"), "cannot open x.img: No such file or directory");
  append("x.img", 0, 3);
  EXPECT_EQ(error("x.ccd"), "x.ccd:12: expected 3763200 bytes in the IMG, got 7056");
}

}  // namespace
}  // namespace binrip::image
