#include "drive_list.hpp"

#include <fmt/format.h>

#include "binrip/base/file.hpp"
#include "binrip/verify/accuraterip.hpp"

namespace binrip::cli {
namespace {

constexpr const char* kListName = "DriveOffsets.bin";

}  // namespace

std::filesystem::path drive_list_file() {
  const std::filesystem::path folder = net::cache_folder();
  return folder.empty() ? folder : folder / kListName;
}

std::string accuraterip_url(const drive::ConfigFile& config) {
  std::string url = config.accuraterip_url.value_or(std::string(verify::kAccurateRipUrl));
  if (!url.ends_with('/')) url += '/';
  return url;
}

Result<std::size_t> update_drive_list(net::Fetcher& fetcher, const drive::ConfigFile& config) {
  const std::filesystem::path file = drive_list_file();
  if (file.empty()) {
    return fail(ErrorKind::usage, "no folder for the list of drives", "set HOME or XDG_CACHE_HOME");
  }
  const net::Request request{
      .url = accuraterip_url(config) + kListName, .range = {}, .largest = drive::kLargestDriveOffsets};
  TRY(const net::Response response, fetcher.get(request));
  if (!response.found) return fail(ErrorKind::network, fmt::format("{} is not there", request.url));
  TRY(const auto list, drive::parse_drive_offsets(response.body, request.url));
  std::error_code problem;
  std::filesystem::create_directories(file.parent_path(), problem);
  if (problem) return fail(errno_error(problem.value(), "create", file.parent_path()));
  TRY_VOID(
      write_atomically(file, {reinterpret_cast<const char*>(response.body.data()), response.body.size()}));
  return list.size();
}

}  // namespace binrip::cli
