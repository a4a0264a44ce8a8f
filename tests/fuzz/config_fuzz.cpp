#include "binrip/drive/config_edit.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace binrip::drive;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = parse_config(text, "config.toml");
  if (!config) {
    if (!config.error().message.starts_with("config.toml:")) __builtin_trap();
    return 0;
  }
  for (const ConfigFile::Entry& entry : config->drives) {
    const DriveIdentity drive{
        .vendor = entry.vendor, .product = entry.product, .revision = {}, .serial = entry.serial};
    if (!config_lookup(*config, drive)) __builtin_trap();
  }
  // A read offset that is put into the text is read from it, or the text is left alone.
  const DriveIdentity drive{.vendor = "BINRIP", .product = "SOFTWARE DRIVE", .revision = {}, .serial = "1"};
  const auto edited = with_read_offset(text, "config.toml", drive, 667, "seen");
  if (edited && config_lookup(parse_config(*edited, "x").value(), drive)->read_offset != 667) {
    __builtin_trap();
  }
  return 0;
}
