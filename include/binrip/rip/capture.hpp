// What has been read so far, on disk: the sectors of the image, their subchannel, and the map, in a folder of
// its own beside the image to be (OUT.partial). Survives a kill at any instant: data is synced before the map
// that speaks of it is replaced.
//
//   OUT.partial/main   2352 bytes a sector, in image order (cd::image_position), corrected for the read
//   offset OUT.partial/sub    96 bytes a sector, deinterleaved OUT.partial/map    see sector_map.hpp
//   OUT.partial/lock   held with flock(2) by the process that works on it
#pragma once

#include <filesystem>
#include <memory>

#include "binrip/base/file.hpp"
#include "binrip/cd/lba_ranges.hpp"
#include "binrip/cd/subchannel.hpp"
#include "binrip/rip/sector_map.hpp"

namespace binrip::rip {

// What a read that nothing came of leaves in the image.
struct FilledRun {
  enum class Kind { data, silence } kind = Kind::data;
  cd::LbaRange range;
  friend bool operator==(const FilledRun&, const FilledRun&) = default;
};

// put_…() and snapshot() belong to one thread; sync() and save_map() may run on another at the same time.
class Capture {
 public:
  enum class Begin { where_it_stopped, anew };
  // Opens or begins the folder. What is there must belong to the disc (mismatch otherwise), unless it is
  // begun anew. Another process that works on it: exists.
  static Result<Capture> open(const std::filesystem::path& folder, const std::string& disc_identity,
                              const std::vector<cd::LbaRange>& ranges, Begin begin = Begin::where_it_stopped);

  Capture(Capture&&) noexcept = default;
  Capture& operator=(Capture&&) noexcept = default;

  const std::filesystem::path& folder() const { return folder_; }
  const SectorMap& map() const { return map_; }
  void add_drive(const MapDrive& drive) { map_.add_drive(drive); }
  bool resumed() const { return resumed_; }

  // Stores bytes of which so much is known, unless more is known of those that are there; bytes of the same
  // state replace them while they are not good. `main` is not looked at when state is failed.
  Result<void> put_main(cd::Lba lba, cd::SectorBytes main, cd::SectorState state);
  // More is known now of the bytes that are there.
  void raise(cd::Lba lba, cd::SectorState state) { map_.raise({lba, lba + cd::SectorCount{1}}, state); }
  // True while this sector is in the image and not yet good.
  bool wants(cd::Lba lba) const;
  void note_mending(cd::Lba lba, Mending how) { map_.note_mending(lba, how); }
  // Notes for the report; see SectorMap.
  void note_edge(cd::Lba lba, int samples) { map_.note_edge(lba, samples); }
  void note_wrong_edc(cd::Lba lba) { map_.note_wrong_edc({lba, lba + cd::SectorCount{1}}); }
  void note_jitter(const Jitter& seen) { map_.note_jitter(seen); }
  // Something besides the drive's reads speaks for these bytes; they are not doubted for the drive's sake.
  void vouch(cd::LbaRange range, cd::SectorState state);
  // But for what spare() and vouch() name.
  void doubt(cd::LbaRange range);
  // Another drive has read these: what turns out about this one is no reason to doubt them. Ascending.
  void spare(const std::vector<cd::LbaRange>& ranges) { spared_ = cd::united(std::move(spared_), ranges); }
  void note_first_pregap(const FirstPregap& seen) { map_.note_first_pregap(seen); }
  // Takes a record in if it tells more of the sector than what is known. One that is not known to belong to
  // this sector (untried) is kept while there is nothing better, and asked for again.
  Result<void> put_sub(cd::Lba lba, cd::SubBytes sub, SubState state);
  // From now on put_sub() changes nothing: what is there is worth more than what this drive gives.
  void keep_sub() { sub_is_kept_ = true; }

  // For a capture that is filled from an image: what put_…() cannot know of its sectors. The map has this
  // disc's ranges, and no state that what was put does not bear out.
  Result<void> restore(SectorMap map);

  Result<void> read_main(cd::Lba lba, cd::MutableSectorBytes out);
  Result<void> read_sub(cd::Lba lba, cd::MutableSubBytes out);

  // Hands all that put_…() took to the operating system.
  Result<void> flush();
  // The map as text, for a later save_map(); flush() comes first.
  Result<std::string> snapshot();
  Result<void> sync();
  Result<void> save_map(const std::string& text);
  // flush, snapshot, sync, save_map.
  Result<void> checkpoint();

  // Failed and untried sectors get `data_fill` in data tracks, silence in others. Gives them, ascending.
  Result<std::vector<FilledRun>> fill_failed(std::span<const Byte, cd::kSectorSize> data_fill,
                                             const cd::Disc& disc);
  void set_fills(std::vector<MapFill> fills) { map_.set_fills(std::move(fills)); }

  std::filesystem::path main_path() const { return folder_ / "main"; }
  std::filesystem::path sub_path() const { return folder_ / "sub"; }
  static std::filesystem::path map_path(const std::filesystem::path& folder) { return folder / "map"; }

 private:
  // Neighbouring sectors go to the file in one write.
  struct Run {
    std::size_t record_size;
    std::int64_t first = 0;
    ByteVector bytes;
  };
  Capture(std::filesystem::path folder, File lock, File main, File sub, SectorMap map, bool resumed);
  std::int64_t position(cd::Lba lba) const;
  Result<void> recognise_right_subs();
  Result<void> add(Run& run, File& file, std::int64_t position, Bytes record);
  static Result<void> flush(Run& run, File& file);

  std::filesystem::path folder_;
  File lock_, main_, sub_;
  SectorMap map_;
  bool resumed_ = false;
  bool sub_is_kept_ = false;
  std::vector<cd::LbaRange> spared_;
  Run main_run_{cd::kSectorSize, 0, {}};
  Run sub_run_{cd::kSubSize, 0, {}};
};

}  // namespace binrip::rip
