// Lets callgrind count the instructions of each kernel: a dump for each, named KERNEL/WAY, of one run over
// all samples. For `count` beside this file.
#include <cstdio>

#include <valgrind/callgrind.h>

#include "cd/cpu.hpp"
#include "kernels.hpp"

namespace {

using namespace binrip::bench;

// Our own code, and what is chosen only where that is the best of all ways: then counts are the same on every
// processor that has them.
bool is_counted(const Kernel& kernel) {
  if (kernel.name == "digests" || kernel.name == "memcpy" || kernel.way == "reference") return false;
  if (kernel.way == "chosen") return binrip::cd::cpu::has_clmul() && binrip::cd::cpu::has_avx2();
  return kernel.way != "OpenSSL" && kernel.way != "libdeflate";
}

}  // namespace

int main() {
  const Samples samples;
  std::vector<std::string> names;  // callgrind keeps pointers to them until the end
  std::uint64_t sum = 0;
  const std::vector<Kernel> all = kernels();
  names.reserve(all.size());
  std::printf("sectors %zu\n", Samples::kCount);
  for (const Kernel& kernel : all) {
    if (!is_counted(kernel)) continue;
    sum += kernel.run(samples);  // tables, buffers and the dynamic linker are done with
    names.push_back(kernel.name + "/" + kernel.way);
    CALLGRIND_ZERO_STATS;
    sum += kernel.run(samples);
    CALLGRIND_DUMP_STATS_AT(names.back().c_str());
  }
  return sum == 0 ? 1 : 0;
}
