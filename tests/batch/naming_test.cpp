#include "binrip/batch/naming.hpp"

#include <algorithm>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "support/safe_path.hpp"
#include "support/temp_dir.hpp"

#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

std::string expand(std::string_view text, const NameFields& fields) {
  const auto name = NameTemplate::parse(text);
  if (!name) return "error: " + name.error().message;
  return name->expand(fields);
}
std::string title_as_name(std::string_view title) { return expand("{title}", {.title = std::string(title)}); }

TEST(NameTemplate, PutsFieldsIn) {
  const NameFields fields = {.artist = "Queen",
                             .title = "Jazz",
                             .volume = "2",
                             .barcode = "5099902895222",
                             .disc_id = "abc-",
                             .order = "17",
                             .date = "2026-11-26",
                             .drive = "usb-1"};
  EXPECT_EQ(expand(kDefaultName, fields), "Queen/Jazz [abc-]");
  EXPECT_EQ(expand("{order}. {artist} - {title} (disc {volume})/{barcode}, {date}, {drive}", fields),
            "17. Queen - Jazz (disc 2)/5099902895222, 2026-11-26, usb-1");
  EXPECT_EQ(expand("Музыка/{title}", fields), "Музыка/Jazz");
}

TEST(NameTemplate, LeavesEmptyFieldsOutWithWhatIsAroundThem) {
  EXPECT_EQ(expand("{artist} - {title} [{discid}]", {.title = "Jazz", .disc_id = "i"}), "Jazz [i]");
  EXPECT_EQ(expand("{artist} - {title} [{discid}]", {.artist = "Queen", .disc_id = "i"}), "Queen [i]");
  EXPECT_EQ(expand("{artist} - {title} [{discid}]", {.artist = "Queen", .title = "Jazz"}), "Queen - Jazz");
  EXPECT_EQ(expand("{artist} - {title} [{discid}]", {.disc_id = "i"}), "[i]");
  EXPECT_EQ(expand("{artist} - {title}", {.artist = "Queen"}), "Queen");
  EXPECT_EQ(expand("{order}. {title}", {.title = "Jazz"}), "Jazz");
  EXPECT_EQ(expand("{title} (CD {volume} [{order}])", {.title = "Jazz"}), "Jazz");
  EXPECT_EQ(expand("{title} (CD {volume} [{order}])", {.title = "Jazz", .volume = "2"}), "Jazz (CD 2)");
  EXPECT_EQ(expand("{title} [rip]", {.title = "Jazz"}), "Jazz [rip]");
  EXPECT_EQ(expand("{artist}/{title}", {.title = "Jazz"}), "Jazz");
  EXPECT_EQ(expand("{artist}/{volume}/{title}", {.artist = "Queen", .title = "Jazz"}), "Queen/Jazz");
}

TEST(NameTemplate, IsNeverEmptyAndTheLastNameNeverAnArtistsFolder) {
  EXPECT_EQ(expand("{artist}/{title}", {.artist = "Queen", .disc_id = "abc-"}), "Queen/abc-");
  EXPECT_EQ(expand("{artist}/{title}", {.disc_id = "abc-"}), "abc-");
  EXPECT_EQ(expand("{artist}/{title}", {}), "disc");
  EXPECT_EQ(expand("{title}", {.title = "...", .disc_id = "\x01\x02"}), "disc");
}

TEST(NameTemplate, SaysWhatIsWrongAndWhere) {
  const auto message = [](std::string_view text) {
    const auto name = NameTemplate::parse(text);
    if (name) return std::string("no error");
    EXPECT_EQ(name.error().kind, ErrorKind::usage);
    EXPECT_NE(name.error().hint.find("{discid}"), std::string::npos);
    return name.error().message;
  };
  EXPECT_EQ(message(""), "name template, column 1: it is empty");
  EXPECT_EQ(message("/srv/{title}"), "name template, column 1: the path has to be relative to the archive");
  EXPECT_EQ(message("äö {titel}"), "name template, column 4: unknown field {titel}");
  EXPECT_EQ(message("{artist}/{}"), "name template, column 10: unknown field {}");
  EXPECT_EQ(message("{\x1b}"), "name template, column 1: unknown field {\\x1b}");
  EXPECT_EQ(message("a {title"), "name template, column 3: \"{\" has no closing brace");
  EXPECT_EQ(message("a {tit/le}"), "name template, column 3: \"{\" has no closing brace");
  EXPECT_EQ(message("{{title}}"), "name template, column 1: \"{\" has no closing brace");
  EXPECT_EQ(message("title}"), "name template, column 6: \"}\" has no opening brace");
  EXPECT_EQ(message("{title} [{discid}"), "name template, column 9: \"[\" has no closing bracket");
  EXPECT_EQ(message("{title} [{discid})"), "name template, column 18: \")\" has no opening bracket");
  EXPECT_EQ(message("{title} [a/b]"), "name template, column 9: \"[\" has no closing bracket");
  EXPECT_EQ(message("{title})"), "name template, column 8: \")\" has no opening bracket");
  EXPECT_EQ(message("{artist}//{title}"), "name template, column 10: a name is empty");
  EXPECT_EQ(message("{title}/"), "name template, column 9: a name is empty");
  EXPECT_EQ(message("../{title}"), "name template, column 1: \"..\" leads out of the archive");
  EXPECT_EQ(message("{artist}/./{title}"), "name template, column 10: \".\" leads out of the archive");
  EXPECT_EQ(message("a/b/c/d/e/f/g/h/i"), "name template, column 17: more than 8 names below each other");
  EXPECT_EQ(message("a\xff"), "name template, column 1: it is not UTF-8");
  EXPECT_EQ(message(std::string(501, '[')), "name template, column 1: it is longer than 500 bytes");
  EXPECT_EQ(message("a/b/c/d/e/f/g/h"), "no error");
}

TEST(NameTemplate, MakesTextFromAnywhereSafe) {
  EXPECT_EQ(title_as_name("AC/DC: \"Live\" <1>|?*\\"), "AC_DC_ _Live_ _1_____");
  EXPECT_EQ(title_as_name("../../etc/passwd"), "_.._etc_passwd");
  EXPECT_EQ(title_as_name("..."), "disc");
  EXPECT_EQ(title_as_name("...And Justice for All."), "And Justice for All");
  EXPECT_EQ(title_as_name(" a \t\r\n b\x7f\u0085 "), "a b");
  EXPECT_EQ(title_as_name(std::string_view("a\0b", 3)), "a b");
  EXPECT_EQ(title_as_name("a\u202Eb\u200B\uFEFF"), "ab");
  EXPECT_EQ(title_as_name("\u00A0\u3000"), "disc");
  EXPECT_EQ(title_as_name("M\xF6tley"), "Mötley");  // Latin-1
  EXPECT_EQ(title_as_name("con"), "_con");
  EXPECT_EQ(title_as_name("Nul.tar.gz"), "_Nul.tar.gz");
  EXPECT_EQ(title_as_name("COM1 .x"), "_COM1 .x");
  EXPECT_EQ(title_as_name("LPT\u00B2"), "_LPT\u00B2");
  EXPECT_EQ(title_as_name("Concerto"), "Concerto");
  EXPECT_EQ(title_as_name("COM10"), "COM10");
  EXPECT_EQ(title_as_name("日本語"), "日本語");
}

TEST(NameTemplate, CutsWhatIsTooLongButNotTheDiscId) {
  const std::string a200(200, 'a');
  EXPECT_EQ(title_as_name(a200), std::string(120, 'a'));
  EXPECT_EQ(expand(kDefaultName, {.title = a200, .disc_id = "xyz-"}), std::string(113, 'a') + " [xyz-]");
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "ü";
  EXPECT_EQ(title_as_name("x" + umlauts), "x" + umlauts.substr(0, 118));  // 119 bytes: the next would not fit
  EXPECT_EQ(title_as_name(std::string(119, 'a') + " b"), std::string(119, 'a'));
  EXPECT_EQ(title_as_name("nul." + a200), "_nul." + std::string(115, 'a'));
  EXPECT_EQ(title_as_name("b [" + a200 + "]"), "b [" + std::string(117, 'a'));  // no id, but a long title
}

// Bytes, and pieces that each hurt something.
class Hostile {
 public:
  explicit Hostile(unsigned seed) : random_(seed) {}

  std::string text() {
    static const std::vector<std::string> pieces = {"../",
                                                    "..",
                                                    "/",
                                                    "\\",
                                                    ".",
                                                    " ",
                                                    "con",
                                                    "NUL",
                                                    "com1",
                                                    "lpt9",
                                                    "CONIN$",
                                                    "[",
                                                    "]",
                                                    "(",
                                                    ")",
                                                    "{title}",
                                                    "\n",
                                                    "\x1b[2J",
                                                    "\xC2\x85",
                                                    "\xE2\x80\xAE",
                                                    "\xE2\x80\xA8",
                                                    "\xEF\xBB\xBF",
                                                    "\xFF",
                                                    "\xC0\xAF",
                                                    "\xED\xA0\x80",
                                                    "ü",
                                                    "日本",
                                                    "\xF0\x9F\x92\xBF",
                                                    "e\xCC\x81",
                                                    "a",
                                                    "Title",
                                                    ":",
                                                    "*?",
                                                    "<>|\"",
                                                    "-",
                                                    "_",
                                                    " - ",
                                                    std::string(1, '\0'),
                                                    std::string(119, 'x'),
                                                    std::string(300, 'y'),
                                                    "\xC2\xB9",
                                                    "COM\xC2\xB2"};
    std::string result;
    for (unsigned n = below(7); n > 0; --n) {
      if (below(5) == 0) {
        result += static_cast<char>(below(256));
      } else {
        result += pieces[below(static_cast<unsigned>(pieces.size()))];
      }
    }
    return result;
  }
  NameFields fields() {
    return {.artist = text(),
            .title = text(),
            .volume = text(),
            .barcode = text(),
            .disc_id = text(),
            .order = text(),
            .date = text(),
            .drive = text()};
  }
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_()) % limit; }

 private:
  std::mt19937 random_;
};

TEST(NameTemplate, GivesSafePathsWhateverTheFieldsAndTheTemplateAre) {
  Hostile hostile(1);
  int parsed = 0;
  for (int round = 0; round < 6000; ++round) {
    constexpr std::array fixed = {kDefaultName, std::string_view("{artist}{title}/{volume}.{order} ({date})"),
                                  std::string_view("{artist}/{barcode}/{drive}/{title}"),
                                  std::string_view(".{title}. ")};
    const std::string text = round % 2 == 0 ? std::string(fixed[hostile.below(fixed.size())])
                                            : hostile.text() + "{title}" + hostile.text();
    const auto name = NameTemplate::parse(text);
    if (!name) continue;
    ++parsed;
    const std::string path = name->expand(hostile.fields());
    ASSERT_TRUE(image::is_utf8(path)) << round;
    ASSERT_EQ(test::wrong_with_path(path), "") << round << ": " << image::visible(path);
    ASSERT_LE(std::count(path.begin(), path.end(), '/'), 7) << round;
  }
  EXPECT_GT(parsed, 3000);
}

class FreePath : public testing::Test {
 protected:
  std::string free(std::string_view path, const std::vector<std::string>& promised = {}) const {
    const auto found = free_path(folder_.path(), path, promised);
    return found ? *found : "error: " + found.error().message;
  }
  void make(const std::string& path) const { std::filesystem::create_directories(folder_.path() / path); }
  void disc(const std::string& path) const {
    make(path);
    write(path + "/disc.cue");
  }
  void write(const std::string& path) const { std::ofstream(folder_.path() / path) << "x"; }
  test::TempDir folder_;
};

TEST_F(FreePath, IsThePathItselfWhereNothingIs) {
  EXPECT_EQ(free("Queen/Jazz"), "Queen/Jazz");
  make("Queen");
  EXPECT_EQ(free("Queen/Jazz"), "Queen/Jazz");
}

TEST_F(FreePath, CountsUpWhereSomethingIsInTheWay) {
  disc("Queen/Jazz [a]");
  EXPECT_EQ(free("Queen/Jazz [a]"), "Queen/Jazz [a] (2)");
  disc("Queen/Jazz [a] (2)");
  EXPECT_EQ(free("Queen/Jazz [a]"), "Queen/Jazz [a] (3)");
  write("file");
  EXPECT_EQ(free("file"), "file (2)");
  EXPECT_EQ(free("file/Jazz"), "file (2)/Jazz");
}

TEST_F(FreePath, TakesNamesThatDifferOnlyByCapitalsForTheSame) {
  disc("abba/ARRIVAL");
  EXPECT_EQ(free("ABBA/Arrival"), "abba/Arrival (2)");
  disc("Mötley/x");
  EXPECT_EQ(free("MÖTLEY/y"), "Mötley/y");
  make("Чайка");
  EXPECT_EQ(free("ЧАЙКА"), "ЧАЙКА (2)");
}

TEST_F(FreePath, NeverGoesIntoTheFolderOfADisc) {
  disc("Queen");
  EXPECT_EQ(free("Queen/Jazz"), "Queen (2)/Jazz");
  make("Sheet");
  write("Sheet/X.CUE");
  EXPECT_EQ(free("sheet/x"), "sheet (2)/x");
}

TEST_F(FreePath, KeepsClearOfWhatOtherDiscsWerePromised) {
  const std::vector<std::string> promised = {"Queen/Jazz", "Solo", "Solo (2)"};
  EXPECT_EQ(free("queen/JAZZ", promised), "Queen/JAZZ (2)");
  EXPECT_EQ(free("Queen/Innuendo", promised), "Queen/Innuendo");
  EXPECT_EQ(free("solo", promised), "solo (3)");
  EXPECT_EQ(free("Solo/x", promised), "Solo (3)/x");
  EXPECT_EQ(free("Queen", promised), "Queen (2)");
}

TEST_F(FreePath, LeavesTheArchivesOwnNamesAlone) {
  EXPECT_EQ(free("Failed/x"), "Failed (2)/x");
  EXPECT_EQ(free("manifest.csv"), "manifest.csv (2)");
  EXPECT_EQ(free("Queen/failed"), "Queen/failed");
}

TEST_F(FreePath, KeepsToTheLongestNameAndTheDiscId) {
  const std::string longest = std::string(113, 'a') + " [xyz-]";
  make(longest);
  EXPECT_EQ(free(longest), std::string(109, 'a') + " [xyz-] (2)");
}

TEST_F(FreePath, IsSafeAndFreeWhateverIsThere) {
  Hostile hostile(2);
  std::vector<std::string> given;
  const auto name = NameTemplate::parse("{artist}/{title}");
  ASSERT_TRUE(name);
  for (int round = 0; round < 150; ++round) {
    const std::string path =
        free(name->expand({.artist = hostile.text(), .title = hostile.text(), .disc_id = "id"}), given);
    ASSERT_EQ(test::wrong_with_path(path), "") << path;
    ASSERT_FALSE(std::filesystem::exists(folder_.path() / path)) << path;
    if (round % 2 == 0) {
      disc(path);
    } else {
      given.push_back(path);
    }
  }
}

TEST_F(FreePath, SaysWhatItCannotRead) {
  std::filesystem::create_symlink("loop", folder_.path() / "loop");
  const auto found = free_path(folder_.path() / "loop", "x");
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("loop"), std::string::npos);
}

}  // namespace
}  // namespace binrip::batch
