// Decides what each sector's read proves, and puts it into the capture.
#pragma once

#include "composer.hpp"
#include "mender.hpp"
#include "passes.hpp"

#include "binrip/rip/capture.hpp"
#include "binrip/rip/engine.hpp"

namespace binrip::rip {

// What one read of a sector proves by itself.
struct Judgement {
  cd::SectorState state = cd::SectorState::failed;
  bool wrong_edc = false;  // although the drive saw no error
};
Judgement judge(const Composed& sector);

class Judge : public SectorSink {
 public:
  // How many reads make audio good that came with clean C2 flags.
  enum class UnderC2 { one_read, two_that_agree };
  // `drive_c2`: what the drive has in some mode, so that a pass without it can only confirm.
  Judge(Capture& capture, drive::C2Mode drive_c2, drive::SubMode drive_sub, UnderC2 under_c2);

  enum class Freshness { fresh, may_be_cached };
  void begin_pass(const Pass& pass, Freshness freshness);
  Result<void> on_main(const Composed& sector) override;
  Result<void> on_sub(const Delivered& sector) override;
  void add_to(ReadStatistics& statistics) const;
  std::int64_t c2_sectors() const { return c2_sectors_; }

 private:
  Independence independence(const Composed& sector) const;
  Result<void> put(const Composed& sector, const Judgement& judgement);

  Capture& capture_;
  drive::C2Mode drive_c2_;
  drive::SubMode drive_sub_;
  UnderC2 under_c2_;
  bool confirms_only_ = false;  // this pass lacks the C2 that another has
  Freshness freshness_ = Freshness::fresh;
  std::int64_t c2_sectors_ = 0;
  Mender mender_;
  FirstPregap first_pregap_;
};

}  // namespace binrip::rip
