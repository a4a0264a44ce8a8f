// The operator's list and the manifest: any bytes. The first line is a disc, its fields divided by tabs; the
// rest is read as a list and as a manifest. What is taken has one line for each field, and what is written of
// it is read back.
#include <array>
#include <cstdlib>

#include "../../src/batch/csv.hpp"

#include "binrip/batch/job_list.hpp"
#include "binrip/image/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace binrip;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto until = [&](char end_mark) {
    const std::size_t end = rest.find_first_of(std::array{end_mark, '\n', '\0'}.data());
    const std::string result(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return result;
  };
  batch::ObservedDisc disc;
  for (std::string* field : {&disc.mcn, &disc.title, &disc.artist, &disc.label}) *field = until('\t');

  const auto manifest = batch::parse_manifest(rest, "manifest.csv");
  if (!manifest && manifest.error().message.empty()) std::abort();
  const auto list = batch::parse_job_list(rest, "jobs.csv");
  if (!list) return list.error().message.empty() ? std::abort(), 0 : 0;
  for (const batch::ListEntry& entry : *list) {
    const std::array fields = {entry.order, entry.barcode, entry.title, entry.volume, entry.artist};
    for (const std::string& field : fields) {
      if (field != batch::one_line(field) || !image::is_utf8(field)) std::abort();
    }
    // Behind another line, as in a manifest: at the beginning of a file U+FEFF is no part of a text.
    const std::string lines = "header\n" + batch::csv_line(fields);
    const auto back = batch::parse_csv(lines, "lines");
    if (!back || back->size() != 2 ||
        !std::equal(fields.begin(), fields.end(), back->back().fields.begin())) {
      std::abort();
    }
    if (!image::is_utf8(batch::compare(entry, disc).reason)) std::abort();
  }
  if (list->size() > 200) return 0;
  batch::JobQueue queue(*list, manifest ? *manifest : std::vector<batch::ManifestRow>{});
  const auto answer = queue.expect("drive", disc, 2);
  if (answer.fit == batch::Fit::contradicts && (answer.reason.empty() || queue.entry_of("drive")))
    std::abort();
  return 0;
}
