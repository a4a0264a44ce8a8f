// A station as metrics in the text format of Prometheus, version 0.0.4. The names are documented in
// man/binrip-station.7.
#pragma once

#include <string>

#include "binrip/batch/station_view.hpp"

namespace binrip::batch {

std::string station_metrics(const StationView& view);

}  // namespace binrip::batch
