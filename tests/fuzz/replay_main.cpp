// Stands in for libFuzzer where it is not there: gives the target nothing, then each file of the folders
// named on the command line, whole and cut short.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kMostCuts = 256;

void run(const std::vector<std::uint8_t>& input) {
  // A copy of the exact size lets the address sanitizer see a read beyond the end.
  const std::vector<std::uint8_t> exact(input.begin(), input.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<std::uint8_t> whole{std::istreambuf_iterator<char>(file), {}};
  run(whole);
  const std::size_t step = std::max<std::size_t>(1, whole.size() / kMostCuts);
  for (std::size_t size = 0; size < whole.size(); size += step) {
    run({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
  }
}

}  // namespace

int main(int argc, char** argv) {
  run({});
  std::size_t files = 0;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      replay(entry.path());
      ++files;
    }
  }
  std::printf("replayed %zu files\n", files);
  return 0;
}
