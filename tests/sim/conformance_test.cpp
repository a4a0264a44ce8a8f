#include "drive/transport_conformance.hpp"
#include "sim_support.hpp"

namespace binrip::drive::test {

INSTANTIATE_TEST_SUITE_P(Sim, TransportConformance,
                         testing::Values(Subject{"audio",
                                                 [] {
                                                   return std::make_unique<sim::SimDrive>(
                                                       sim::make_disc(sim::zoo_recipe("audio-simple")),
                                                       sim::Habits{});
                                                 },
                                                 {{100}, {900}}},
                                         Subject{"data",
                                                 [] {
                                                   sim::Habits slow;
                                                   slow.becoming_ready_polls = 3;
                                                   slow.transfer_limit = 8000;
                                                   return std::make_unique<sim::SimDrive>(
                                                       sim::make_disc(sim::zoo_recipe("data-mode1")), slow);
                                                 },
                                                 {{0}, {500}}}),
                         [](const auto& p) { return p.param.name; });

}  // namespace binrip::drive::test
