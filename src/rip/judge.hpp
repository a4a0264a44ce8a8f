// Decides what each sector's read proves, alone and together with the reads before it, and puts the best that
// is known into the capture.
#pragma once

#include "c2_trust.hpp"
#include "composer.hpp"
#include "jitter.hpp"
#include "mender.hpp"
#include "passes.hpp"
#include "sub_merger.hpp"
#include "versions.hpp"

#include "binrip/rip/capture.hpp"
#include "binrip/rip/engine.hpp"

namespace binrip::rip {

// What one read of a sector proves by itself.
struct Judgement {
  cd::SectorState state = cd::SectorState::failed;
  bool wrong_edc = false;  // although the drive saw no error
  // What it would take to believe these bytes, beside being in their place.
  enum class Needs {
    a_clean_read,      // C2 clear all over, or independent reads that agree
    reads_that_agree,  // even where C2 is clear
    what_cannot_be_had,
  };
  Needs needs = Needs::a_clean_read;
};
Judgement judge(const Composed& sector);

class Judge : public SectorSink {
 public:
  // How many reads make audio good that came with clean C2 flags.
  enum class UnderC2 { one_read, two_that_agree };
  Judge(Capture& capture, drive::SubMode drive_sub, UnderC2 under_c2);

  enum class Freshness {
    fresh,
    told_to_drop,  // the drive says that it dropped its cache: believed for the main channel, where a reread
                   // that was not one only repeats what is there, and not for Q, where it would confirm an
                   // error
    may_be_cached,
  };
  void begin_pass(const Pass& pass, Freshness freshness);
  // After begin_pass(): what comes was matched from several readings, and is as good as it says.
  void expect_matched() { matched_ = true; }
  Result<void> on_main(const Composed& sector) override;
  Result<void> on_sub(const Delivered& sector) override;
  // What makes audio good from now on.
  void set_audio_proof(AudioProof proof);
  void set_under_c2(UnderC2 under_c2) { under_c2_ = under_c2; }
  // Matching found so many transfers that did not lie where they should.
  void note_shifts(std::int64_t transfers, int furthest);
  // Of this rip and of those that it goes on with.
  Jitter jitter() const;
  std::vector<cd::LbaRange> take_shifted() { return jitter_watch_.take_shifted(); }
  void add_to(ReadStatistics& statistics) const;
  std::int64_t c2_sectors() const { return c2_sectors_; }

 private:
  Result<void> take(const Composed& sector);
  void note_first_pregap(const Composed& sector);
  bool is_doubtful(const Composed& sector, const Judgement& judgement);
  Result<void> note_changes(const Composed& sector, const ChangedBytes& changed);
  Result<void> put(const Composed& sector, const Judgement& judgement);
  bool is_of_use(const Composed& sector) const;
  bool needs_matching(const Composed& sector) const;
  bool says_of_c2(const Composed& sector) const;
  Result<bool> came_shifted(const Composed& sector);
  Result<void> put_merged(const Composed& sector);
  Result<void> put_version(const Composed& sector, const Judgement& judgement);
  Result<bool> put_repaired(const Composed& sector);
  Testimony testimony(const Composed& sector) const;
  Result<void> recall(cd::Lba lba);
  enum class Grounds { not_enough, clean_c2, election };
  Grounds grounds(const Composed& sector, const Judgement& judgement, const Standing& standing) const;
  void settle(cd::Lba lba, std::optional<Mending> how);

  Capture& capture_;
  drive::SubMode drive_sub_;
  UnderC2 under_c2_;
  AudioProof audio_proof_ = AudioProof::by_reading;
  bool matched_ = false;  // this pass brings what was matched
  Freshness freshness_ = Freshness::fresh;
  bool doubts_subs_ = false;      // D8's P and R to W are said to differ from READ CD's
  bool sub_independent_ = false;  // this pass reads from the disc what was read before
  int pass_ = 0;
  std::int64_t c2_sectors_ = 0, sectors_matched_ = 0;
  C2Trust trust_;
  Mender mender_;
  Versions versions_;
  SubMerger sub_merger_;
  JitterWatch jitter_watch_;
  bool shifted_ = false;  // the sector in hand, against what was read of it before
  Jitter jitter_by_matching_;
  Jitter jitter_before_;
  FirstPregap first_pregap_;
};

}  // namespace binrip::rip
