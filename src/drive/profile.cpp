#include "binrip/drive/profile.hpp"

#include <algorithm>

namespace binrip::drive {
namespace {

template <class T>
void set_known(Known<T>& known, const std::optional<T>& value, ProfileSource source) {
  if (value) known.set(*value, source);
}

// Feature 001Eh, CD read (MMC-6 clause 5.3.16): byte 0 bit 0 CD-TEXT, bit 1 C2 pointers, bit 7 DAP.
constexpr std::uint16_t kCdReadFeature = 0x001E;
constexpr Byte kC2Flags = 0x02;

// Room for the largest read that is of use; more gains nothing and makes a lost command dearer.
constexpr std::size_t kMaxProbedTransfer = 1024 * 1024;

void report_features(const Configuration& configuration, Profile& profile) {
  const Feature* cd_read = configuration.find(kCdReadFeature);
  if (cd_read == nullptr || cd_read->data.empty()) return;
  // Only a yes counts: drives exist that leave the bit clear and give C2 all the same, which mode page 2Ah or
  // the probe finds out.
  if ((cd_read->data[0] & kC2Flags) != 0) profile.c2.set(C2Support::bits, ProfileSource::reported);
}

void report_capabilities(const Capabilities& capabilities, Profile& profile) {
  if (capabilities.reads_c2) profile.c2.set(C2Support::bits, ProfileSource::reported);
  if (capabilities.reads_rw_subchannel) profile.sub.set(SubSupport::raw, ProfileSource::reported);
  profile.accurate_stream.set(capabilities.accurate_stream, ProfileSource::reported);
  if (capabilities.buffer_kib != 0) profile.cache_kib.set(capabilities.buffer_kib, ProfileSource::reported);
}

// Errors that say something of the drive's abilities, not of the way to it.
bool is_about_the_drive(const Error& error) {
  return error.kind == ErrorKind::illegal || error.kind == ErrorKind::invalid ||
         error.kind == ErrorKind::hardware || error.kind == ErrorKind::not_ready ||
         error.kind == ErrorKind::no_medium || error.kind == ErrorKind::medium;
}

}  // namespace

std::string_view to_string(ProfileSource source) {
  switch (source) {
    case ProfileSource::assumed:
      return "assumed";
    case ProfileSource::reported:
      return "reported";
    case ProfileSource::probed:
      return "probed";
    case ProfileSource::table:
      return "table";
    case ProfileSource::list:
      return "list";
    case ProfileSource::configured:
      return "configured";
    case ProfileSource::command_line:
      return "command line";
  }
  return "assumed";
}

void apply(const ProfileOverrides& overrides, ProfileSource source, Profile& profile) {
  set_known(profile.read_offset, overrides.read_offset, source);
  set_known(profile.c2, overrides.c2, source);
  set_known(profile.sub, overrides.sub, source);
  set_known(profile.order, overrides.order, source);
  set_known(profile.combination, overrides.combination, source);
  set_known(profile.max_transfer, overrides.max_transfer, source);
  set_known(profile.overread_lead_in, overrides.overread_lead_in, source);
  set_known(profile.overread_lead_out, overrides.overread_lead_out, source);
  set_known(profile.cache_kib, overrides.cache_kib, source);
  set_known(profile.vendor_d8, overrides.vendor_d8, source);
  set_known(profile.accurate_stream, overrides.accurate_stream, source);
}

Result<Profile> reported_profile(Drive& drive) { return reported_profile(drive, drive.configuration()); }

Result<Profile> reported_profile(Drive& drive, const Result<Configuration>& configuration) {
  Profile profile;
  // What most drives can; the probe corrects it.
  profile.c2.value = C2Support::bits;
  profile.sub.value = SubSupport::raw;
  profile.order.value = FieldOrder::main_c2_sub;
  profile.combination.value = Combination::together;
  profile.cache_kib.value = 2048;
  const std::size_t transfer = std::min(drive.transport().max_transfer(), kMaxProbedTransfer);
  profile.max_transfer.set(static_cast<std::uint32_t>(transfer), ProfileSource::reported);

  if (!configuration && !is_about_the_drive(configuration.error())) return fail(configuration.error());
  if (configuration) report_features(*configuration, profile);
  const auto capabilities = drive.capabilities();
  if (!capabilities && !is_about_the_drive(capabilities.error())) return fail(capabilities.error());
  if (capabilities) report_capabilities(*capabilities, profile);
  return profile;
}

}  // namespace binrip::drive
