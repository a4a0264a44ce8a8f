#include "binrip/sim/generated_disc.hpp"

#include <cstdlib>
#include <set>

#include "sim_support.hpp"
#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"
#include "binrip/cd/cdtext.hpp"
#include "binrip/sim/toc_source.hpp"

namespace binrip::sim {
namespace {

std::array<Byte, cd::kSubSize> sub_of(image::DiscImage& disc, cd::Lba lba) {
  std::array<Byte, cd::kSubSize> out{};
  EXPECT_TRUE(disc.read_sub(lba, out).value_or(false));
  return out;
}
cd::Lba end_of(const cd::Disc& disc) { return disc.sessions.back().lead_out + cd::SectorCount{6750}; }

class Zoo : public testing::TestWithParam<std::string> {
 protected:
  DiscRecipe recipe_ = zoo_recipe(GetParam());
  std::shared_ptr<image::DiscImage> disc_ = make_disc(recipe_);
};

TEST_P(Zoo, AnswersEveryAddressFromThePregapToTheEndOfTheLastLeadOut) {
  std::array<Byte, cd::kSectorSize> main{};
  std::array<Byte, cd::kSubSize> sub{};
  for (cd::Lba lba{-150}; lba < end_of(disc_->disc()); lba += {37}) {
    ASSERT_TRUE(disc_->read_main(lba, main)) << lba.value;
    ASSERT_TRUE(disc_->read_sub(lba, sub)) << lba.value;
  }
  EXPECT_FALSE(disc_->read_main({-151}, main));
  EXPECT_FALSE(disc_->read_main(end_of(disc_->disc()), main));
}

TEST_P(Zoo, DataSectorsProveThemselvesAndAudioHasNoSync) {
  for (const cd::TrackRef& track : cd::track_ranges(disc_->disc())) {
    for (cd::Lba lba = track.range.begin; lba < track.range.end; lba += {11}) {
      const auto check = cd::check_sector(main_of(*disc_, lba));
      if (!track.track->is_data()) {
        ASSERT_EQ(check.kind, cd::SectorKind::audio) << lba.value;
        continue;
      }
      ASSERT_EQ(check.address, lba);
      ASSERT_NE(check.edc, cd::EdcState::wrong) << lba.value;
      ASSERT_NE(check.ecc, cd::EccState::wrong) << lba.value;
      const bool is_mode1 = check.kind == cd::SectorKind::mode1;
      ASSERT_EQ(is_mode1, track.track->mode == cd::TrackMode::mode1) << lba.value;
    }
  }
}

TEST_P(Zoo, QIsRightButWhereTheRecipeSaysOtherwise) {
  std::set<cd::Lba> wrong;
  for (const auto& [lba, q] : recipe_.quirks.wrong_q) wrong.insert(lba);
  for (const cd::LbaRange& range : cd::image_ranges(disc_->disc())) {
    for (cd::Lba lba = range.begin; lba < range.end; ++lba) {
      const cd::QBytes q = cd::q_of(sub_of(*disc_, lba));
      ASSERT_EQ(cd::q_crc_right(q) && cd::q_fits(q, lba), !wrong.contains(lba)) << lba.value;
    }
  }
}

TEST_P(Zoo, BordersOfAudioAreSilent) {
  const auto ranges = cd::track_ranges(disc_->disc());
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (ranges[i].track->is_data()) continue;
    const auto adjoins = [&](std::size_t other) {
      return other < ranges.size() && !ranges[other].track->is_data() &&
             ranges[other].session == ranges[i].session;
    };
    for (int n = 0; n < 5; ++n) {
      const auto first = main_of(*disc_, ranges[i].range.begin + cd::SectorCount{n});
      const auto last = main_of(*disc_, ranges[i].range.end - cd::SectorCount{n + 1});
      const auto silent = [](const auto& s) {
        return std::all_of(s.begin(), s.end(), [](Byte b) { return b == 0; });
      };
      ASSERT_EQ(silent(first), !adjoins(i - 1)) << "track " << int{ranges[i].track->number};
      ASSERT_EQ(silent(last), !adjoins(i + 1)) << "track " << int{ranges[i].track->number};
    }
  }
}

TEST_P(Zoo, NoTwoSectorsWithContentAreEqual) {
  std::set<std::vector<Byte>> seen;
  for (const cd::TrackRef& track : cd::track_ranges(disc_->disc())) {
    for (cd::Lba lba = track.range.begin + cd::SectorCount{6}; lba < track.range.end - cd::SectorCount{6};
         lba += {7}) {
      const auto sector = main_of(*disc_, lba);
      ASSERT_TRUE(seen.emplace(sector.begin(), sector.end()).second) << lba.value;
    }
  }
}

TEST_P(Zoo, IsTheSameWhenMadeAgain) {
  const auto again = make_disc(zoo_recipe(GetParam()));
  for (const int lba : {0, 50, 299}) EXPECT_EQ(main_of(*disc_, {lba}), main_of(*again, {lba}));
}

INSTANTIATE_TEST_SUITE_P(Every, Zoo, testing::ValuesIn(zoo_names()), [](const auto& p) {
  std::string name = p.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(GeneratedDisc, UnknownNameIsAnException) {
  EXPECT_THROW(zoo_recipe("audio-sample"), std::invalid_argument);
}

TEST(GeneratedDisc, HasTheFeaturesThatItsNameSays) {
  const auto htoa = zoo_recipe("audio-htoa").disc;
  EXPECT_EQ(htoa.sessions[0].tracks[0].start(), cd::Lba{500});
  EXPECT_EQ(htoa.sessions[0].tracks[0].begin(), cd::Lba{0});
  EXPECT_EQ(zoo_recipe("audio-99").disc.sessions[0].tracks.size(), 99U);
  EXPECT_EQ(zoo_recipe("three-sessions").disc.sessions.size(), 3U);
  EXPECT_TRUE(zoo_recipe("audio-bare").disc.mcn.empty());
  const auto extra = zoo_recipe("cd-extra").disc;
  EXPECT_EQ(extra.sessions[1].tracks[0].start() - extra.sessions[0].lead_out, cd::SectorCount{11'400});
  const auto three = zoo_recipe("three-sessions").disc;
  EXPECT_EQ(three.sessions[2].tracks[0].start() - three.sessions[1].lead_out, cd::SectorCount{6'900});
}

TEST(GeneratedDisc, CdTextDecodesInBothCharacterSets) {
  const auto latin = cd::decode_cdtext(zoo_recipe("audio-cdtext-latin1").disc.cdtext_packs);
  ASSERT_EQ(latin.blocks.size(), 1U);
  EXPECT_EQ(latin.blocks[0].disc.title, "Café \"München\"");
  const auto both = cd::decode_cdtext(zoo_recipe("audio-cdtext-msjis").disc.cdtext_packs);
  ASSERT_EQ(both.blocks.size(), 2U);
  EXPECT_EQ(both.blocks[1].disc.title, "日本の音楽");
  EXPECT_EQ(both.bad_packs, 0);
}

TEST(GeneratedDisc, TocMayKnowLessThanQ) {
  const auto disc = make_disc(zoo_recipe("audio-preemphasis-q"));
  const auto* toc = dynamic_cast<const TocSource*>(disc.get());
  ASSERT_NE(toc, nullptr);
  EXPECT_EQ(toc->toc().sessions[0].tracks[0].control, 0);
  EXPECT_EQ(disc->disc().sessions[0].tracks[0].control, cd::kControlPreEmphasis);
  EXPECT_EQ(cd::q_control(cd::q_of(sub_of(*disc, {100}))), cd::kControlPreEmphasis);
}

TEST(GeneratedDisc, XaMixesBothForms) {
  const auto disc = make_disc(zoo_recipe("data-xa"));
  int form1 = 0;
  int form2 = 0;
  for (int lba = 0; lba < 2500; ++lba) {
    const auto kind = cd::classify(main_of(*disc, {lba}));
    form1 += kind == cd::SectorKind::mode2_form1;
    form2 += kind == cd::SectorKind::mode2_form2;
  }
  EXPECT_EQ(form1 + form2, 2500);
  EXPECT_GT(form2, 250);
}

TEST(GeneratedDisc, GraphicsAreOnTheirTracksOnly) {
  const auto disc = make_disc(zoo_recipe("cdg"));
  const auto count = [&](int from, int to) {
    int n = 0;
    for (int lba = from; lba < to; ++lba) n += cd::has_rw(sub_of(*disc, {lba}));
    return n;
  };
  EXPECT_GT(count(0, 900), 450);
  EXPECT_EQ(count(900, 1950), 0);
}

TEST(GeneratedDisc, LibCryptQsHaveAWrongCrcAndAWrongTime) {
  const auto recipe = zoo_recipe("libcrypt");
  const auto disc = make_disc(recipe);
  ASSERT_EQ(recipe.quirks.wrong_q.size(), 32U);
  for (const auto& [lba, q] : recipe.quirks.wrong_q) {
    EXPECT_EQ(cd::q_of(sub_of(*disc, lba)), q);
    EXPECT_FALSE(cd::q_crc_right(q));
  }
}

// isoinfo is another program's eye on the file system.
TEST(GeneratedDisc, IsoinfoListsTheFileSystem) {
  if (std::system("command -v isoinfo >/dev/null 2>&1") != 0) GTEST_SKIP() << "isoinfo is not installed";
  const test::TempDir dir;
  const auto path = dir.path() / "disc.iso";
  const ByteVector iso = iso_filesystem({0}, {96}, "BINRIP_1");
  ASSERT_TRUE(File::create(path)->write_at(iso, 0));
  const std::string list = (dir.path() / "list").string();
  ASSERT_EQ(std::system(("isoinfo -f -i '" + path.string() + "' >'" + list + "'").c_str()), 0);
  const std::string text = read_text(list).value();
  EXPECT_NE(text.find("/README.TXT;1"), std::string::npos) << text;
  EXPECT_NE(text.find("/DATA/FILE3.BIN;1"), std::string::npos) << text;
}

}  // namespace
}  // namespace binrip::sim
