// Lets callgrind count the instructions of each kernel: a dump for each, named KERNEL/WAY, of one run over
// all samples. For count.py beside this file.
#include <cstdio>

#include <valgrind/callgrind.h>

#include "kernels.hpp"

int main() {
  using namespace binrip::bench;
  const Samples samples;
  std::vector<std::string> names;  // callgrind keeps pointers to them until the end
  std::uint64_t sum = 0;
  const std::vector<Kernel> all = kernels();
  names.reserve(all.size());
  std::printf("sectors %zu\n", Samples::kCount);
  for (const Kernel& kernel : all) {
    if (kernel.way == "OpenSSL" || kernel.way == "libdeflate" || kernel.name == "digests") continue;
    sum += kernel.run(samples);  // tables, buffers and the dynamic linker are done with
    names.push_back(kernel.name + "/" + kernel.way);
    CALLGRIND_ZERO_STATS;
    sum += kernel.run(samples);
    CALLGRIND_DUMP_STATS_AT(names.back().c_str());
  }
  return sum == 0 ? 1 : 0;
}
