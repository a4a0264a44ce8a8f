// Where a track or index begins, told by Qs whose CRC is wrong: one with a few wrong bits is still far closer
// to what it was than to what it would be on the other side. For understanding only; no Q is made right by
// it.
#pragma once

#include <utility>
#include <vector>

#include "q_segments.hpp"

namespace binrip::cd {

using DoubtfulQs = std::vector<std::pair<Lba, QBytes>>;  // ascending

// `run` with its beginning narrowed down: `earliest` and `first` are the same when it is found out. `before`
// is the label of what comes before it.
QRun narrowed(const QTrackBounds& bounds, QLabel before, QRun run, const DoubtfulQs& doubtful);

}  // namespace binrip::cd
