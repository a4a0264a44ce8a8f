// Time of each kernel, by Google Benchmark; `run` beside this file makes ratios of it. An item is a sector.
#include <benchmark/benchmark.h>

#include "kernels.hpp"

int main(int argc, char** argv) {
  using namespace binrip::bench;
  const Samples samples;
  for (const Kernel& kernel : kernels()) {
    benchmark::RegisterBenchmark(
        (kernel.name + "/" + kernel.way).c_str(), [&, run = kernel.run](auto& state) {
          for (auto _ : state) benchmark::DoNotOptimize(run(samples));
          state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(Samples::kCount));
        });
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
