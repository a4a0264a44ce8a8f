// Whether a disc is the one that an entry of the list speaks of.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "fold.hpp"

#include "binrip/batch/job_list.hpp"
#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

std::string shown_text(std::string_view text) {
  return image::visible(image::cut_utf8(image::as_utf8(text), 80));
}

// GS1 General Specifications: digits have the weights 3 and 1 in turn from the right of the check digit, and
// all together a sum that 10 divides.
bool check_digit_right(std::string_view digits) {
  int sum = 0, weight = 1;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    sum += (*digit - '0') * weight;
    weight = 4 - weight;
  }
  return sum % 10 == 0;
}

// As 13 digits, which a UPC becomes by a zero before it; empty where it is none that could be compared.
std::string ean(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (c != ' ' && c != '-') {
      return {};
    }
  }
  if (digits.size() == 12) digits.insert(0, 1, '0');
  const bool all_zeros = digits.find_first_not_of('0') == std::string::npos;
  if (digits.size() != 13 || all_zeros || !check_digit_right(digits)) return {};
  return digits;
}

std::optional<int> number_in(std::string_view word) {
  int value = 0;
  const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (word.empty() || code != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

// "Title (Disc 2)", "TITLE_CD2".
std::optional<int> disc_number(std::string_view title) {
  const std::vector<std::string> words = words_of(title);
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (const std::string_view name : {"disc", "disk", "cd"}) {
      if (!words[i].starts_with(name)) continue;
      const std::string_view rest = std::string_view(words[i]).substr(name.size());
      if (const auto number = number_in(rest)) return number;
      if (rest.empty() && i + 1 < words.size()) {
        if (const auto number = number_in(words[i + 1])) return number;
      }
    }
  }
  return std::nullopt;
}

// Words that say little are not counted where others are there.
std::vector<std::string> telling_words(std::string_view text) {
  std::vector<std::string> all = words_of(text);
  std::vector<std::string> words;
  std::copy_if(all.begin(), all.end(), std::back_inserter(words), [](const std::string& word) {
    constexpr std::array<std::string_view, 16> little = {"the",  "of",   "and", "a",  "in", "der",
                                                         "die",  "das",  "und", "le", "la", "et",
                                                         "disc", "disk", "cd",  "vol"};
    return std::find(little.begin(), little.end(), word) == little.end() && !number_in(word);
  });
  std::vector<std::string>& result = words.empty() ? all : words;
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

bool in_latin(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return std::all_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  });
}

Fit compare_texts(std::string_view ours, std::string_view theirs) {
  const std::vector<std::string> a = telling_words(ours), b = telling_words(theirs);
  if (a.empty() || b.empty()) return Fit::cannot_be_told;
  std::vector<std::string> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  if (2 * both.size() > std::min(a.size(), b.size())) return Fit::agrees;
  // "GREATESTHITS" is how a label writes it; labels are cut, too.
  const auto run = [](std::string_view text) { return fmt::format("{}", fmt::join(words_of(text), "")); };
  const std::string run_a = run(ours), run_b = run(theirs);
  constexpr std::size_t kLongEnough = 6;
  if (std::min(run_a.size(), run_b.size()) >= kLongEnough &&
      (run_a.starts_with(run_b) || run_b.starts_with(run_a))) {
    return Fit::agrees;
  }
  // One title may be written in Cyrillic here and in Latin there.
  if (!both.empty() || !in_latin(a) || !in_latin(b)) return Fit::cannot_be_told;
  return Fit::contradicts;
}

// Which disc of a set it is, where both say so.
std::optional<Comparison> other_of_set(const ListEntry& entry, const ObservedDisc& disc) {
  const std::string& text = disc.title.empty() ? disc.label : disc.title;
  const auto theirs = disc_number(text);
  auto ours = number_in(entry.volume);
  if (!ours) ours = disc_number(entry.volume);
  if (!ours || !theirs || *ours == *theirs) return std::nullopt;
  return Comparison{Fit::contradicts, fmt::format("the disc is called \"{}\", the list has volume {}",
                                                  shown_text(text), shown_text(entry.volume))};
}

Comparison compare_titles(const ListEntry& entry, const ObservedDisc& disc) {
  if (entry.title.empty() || disc.title.empty()) return {};
  const Fit fit = compare_texts(entry.title, disc.title);
  if (fit == Fit::contradicts) {
    return {fit, fmt::format("the disc is called \"{}\", the list has \"{}\"", shown_text(disc.title),
                             shown_text(entry.title))};
  }
  const bool other_artist = !entry.artist.empty() && !disc.artist.empty() &&
                            compare_texts(entry.artist, disc.artist) == Fit::contradicts;
  if (fit == Fit::agrees && other_artist) {
    return {Fit::cannot_be_told,
            fmt::format("the title is the same, but the disc is by \"{}\", the list has \"{}\"",
                        shown_text(disc.artist), shown_text(entry.artist))};
  }
  return {fit,
          fit == Fit::agrees ? fmt::format("the title is \"{}\"", shown_text(disc.title)) : std::string()};
}

}  // namespace

Comparison compare(const ListEntry& entry, const ObservedDisc& disc) {
  const std::string ours = ean(entry.barcode), theirs = ean(disc.mcn);
  const bool comparable = !ours.empty() && !theirs.empty();
  if (comparable && ours != theirs) {
    return {Fit::contradicts, fmt::format("the disc has the barcode {}, the list has {}", theirs, ours)};
  }
  if (const auto other = other_of_set(entry, disc)) return *other;
  if (comparable) return {Fit::agrees, fmt::format("the barcode is {}", theirs)};
  Comparison titles = compare_titles(entry, disc);
  if (titles.fit != Fit::cannot_be_told || !titles.reason.empty()) return titles;
  if (!entry.title.empty() && !disc.label.empty() && compare_texts(entry.title, disc.label) == Fit::agrees) {
    return {Fit::agrees, fmt::format("the label is \"{}\"", shown_text(disc.label))};
  }
  return {};
}

}  // namespace binrip::batch
