// What is known of a drive's ways, and how it is known. Sources, later ones winning: what the drive reports,
// a probe on the disc in it, the built-in table, AccurateRip's list where it was fetched, the configuration
// file, the command line.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "binrip/drive/drive.hpp"
#include "binrip/drive/drive_offsets.hpp"
#include "binrip/drive/open_drive.hpp"

namespace binrip::drive {

// Of drives that do not tell the size of their cache, or a small one: the largest that is common.
inline constexpr std::uint32_t kMaxCommonCacheKib = 8192;

enum class ProfileSource { assumed, reported, probed, table, list, configured, command_line };
std::string_view to_string(ProfileSource source);

template <class T>
struct Known {
  T value{};
  ProfileSource source = ProfileSource::assumed;
  // A later source wins.
  void set(T v, ProfileSource s) {
    if (s >= source) value = v, source = s;
  }
  friend bool operator==(const Known&, const Known&) = default;
};

enum class C2Support { none, bits, bits_and_block };
enum class SubSupport { none, formatted_q, raw };
enum class Combination { together, separate };  // C2 and subchannel in one command, or not

struct Profile {
  Known<int> read_offset;  // samples; disc[x] = delivered[x + N] (AccurateRip's sign)
  Known<C2Support> c2;
  Known<SubSupport> sub;
  Known<FieldOrder> order;
  Known<Combination> combination;
  Known<std::uint32_t> max_transfer;  // bytes in one command
  Known<int> overread_lead_in;        // sectors readable before LBA 0 as audio, 0 … 150
  Known<int> overread_lead_out;       // sectors readable beyond the last lead-out's start
  Known<bool> audio_over_data;        // data sectors can be read as CD-DA (scrambled)
  Known<std::uint32_t> cache_kib;
  Known<bool> vendor_d8;                                         // takes the vendor command D8; see ReadBy
  Known<bool> accurate_stream = {true, ProfileSource::assumed};  // each read of audio begins where it should
  friend bool operator==(const Profile&, const Profile&) = default;
};

// Values that a table, the configuration or the command line give; empty ones say nothing.
struct ProfileOverrides {
  std::optional<int> read_offset;
  std::optional<C2Support> c2;
  std::optional<SubSupport> sub;
  std::optional<FieldOrder> order;
  std::optional<Combination> combination;
  std::optional<std::uint32_t> max_transfer;
  std::optional<int> overread_lead_in, overread_lead_out;
  std::optional<std::uint32_t> cache_kib;
  std::optional<bool> vendor_d8;
  std::optional<bool> accurate_stream;
  friend bool operator==(const ProfileOverrides&, const ProfileOverrides&) = default;
};
void apply(const ProfileOverrides& overrides, ProfileSource source, Profile& profile);

// The drive's identity as tables name it: vendor and product; the serial number where one is known.
struct DriveIdentity {
  std::string vendor, product, revision, serial;
};

// Built-in table: a small data file compiled in as text; see src/drive/drives.tsv for its form and sources.
std::optional<ProfileOverrides> table_lookup(const DriveIdentity& drive);

// ~/.config/binrip/config.toml ($XDG_CONFIG_HOME respected). Form: [[drive]] vendor = "…", product = "…",
// serial = "…" (optional), read_offset = 667, c2 = "bits", sub = "raw", order = "main-sub-c2", …; before them
// transport = "sg", accuraterip_url = "http://…/accuraterip/", ctdb_url = "http://…", musicbrainz_url,
// offline = true. A missing file is an empty configuration; a malformed one is an Error "config.toml:3:
// expected …, got …".
struct ConfigFile {
  struct Entry {
    std::string vendor, product, serial;
    ProfileOverrides overrides;
  };
  std::vector<Entry> drives;
  std::optional<TransportChoice> transport = {};
  std::optional<std::string> accuraterip_url = {};  // where its files lie, for another server than its own
  std::optional<std::string> ctdb_url = {};         // likewise
  std::optional<std::string> musicbrainz_url = {};  // likewise
  bool offline = false;                             // no server is asked
  std::vector<ListedDrive> listed = {};             // AccurateRip's list; not part of the file
};
Result<ConfigFile> parse_config(std::string_view text, std::string_view name);
Result<ConfigFile> load_config();
std::optional<ProfileOverrides> config_lookup(const ConfigFile& config, const DriveIdentity& drive);

// What the drive reports: mode page 2Ah, features 001Eh (CD read) and 0107h, the transport's limit. Asks
// nothing of the disc. A drive that reports nothing gets assumed values that the probe can correct.
Result<Profile> reported_profile(Drive& drive);
// The same, with what the drive has answered to GET CONFIGURATION already.
Result<Profile> reported_profile(Drive& drive, const Result<Configuration>& configuration);
// Tries on the disc, a few dozen commands at most: whether C2 and subchannel come, in one command or two, in
// which order (the field whose Q has a right CRC is the subchannel), the largest transfer, over-read at both
// ends. Known values from a later source are left alone. `audio` is a run of readable audio sectors or, when
// the disc has none, of data sectors. `lead_out` is the start of the last lead-out.
Result<void> probe_profile(Drive& drive, cd::LbaRange readable, cd::Lba lead_out, Profile& profile,
                           std::stop_token stop = {});
// Reads a few places of `audio` twice, from different sectors on and with the others in between. Audio that
// is the same but for a shift shows that the drive does not keep its place (accurate_stream: false, probed);
// nothing is learnt from audio that is the same. A value from a later source is left alone.
Result<void> probe_stream(Drive& drive, cd::LbaRange audio, Profile& profile, std::stop_token stop = {});

}  // namespace binrip::drive
