#include "binrip/cli/run.hpp"

#include <exception>

#include "batch_command.hpp"
#include "catalog_command.hpp"
#include "doctor_command.hpp"
#include "drives_command.hpp"
#include "info_command.hpp"
#include "offset_command.hpp"
#include "print_result.hpp"
#include "rip_command.hpp"
#include "tray_command.hpp"
#include "verify_command.hpp"

#include "binrip/cli/host.hpp"
#include "binrip/cli/options.hpp"
#include "binrip/cli/text.hpp"

namespace binrip::cli {
namespace {

struct Dispatch {
  Host& host;
  int operator()(const RipInvocation& options) const { return rip_command(options, host); }
  int operator()(const MergeInvocation& options) const { return merge_command(options, host); }
  int operator()(const InfoInvocation& options) const { return info_command(options, host); }
  int operator()(const DrivesInvocation& options) const { return drives_command(options, host); }
  int operator()(const DoctorInvocation& options) const { return doctor_command(options, host); }
  int operator()(const VerifyInvocation& options) const { return verify_command(options, host); }
  int operator()(const OffsetInvocation& options) const { return offset_command(options, host); }
  int operator()(const TrayInvocation& options) const { return tray_command(options, host); }
  int operator()(const BatchInvocation& options) const { return batch_command(options, host); }
  int operator()(const CatalogInvocation& options) const { return catalog_command(options, host); }
  int operator()(const TextInvocation& options) const { return print_result(host, options.text); }
};

}  // namespace

int print_result(Host& host, std::string_view text) {
  host.out << text << std::flush;
  if (host.out) return kSuccess;
  print_error(host.err, {ErrorKind::io, "cannot write to standard output"});
  return kFailure;
}

int run(const std::vector<std::string>& arguments, Host& host) try {
  const auto invocation = parse_arguments(arguments);
  if (!invocation) {
    print_error(host.err, invocation.error());
    return kFailure;
  }
  return std::visit(Dispatch{host}, *invocation);
} catch (const std::exception& problem) {
  // Out of memory, or a mistake of this program.
  print_error(host.err, {ErrorKind::io, std::string("unexpected problem: ") + problem.what()});
  return kFailure;
}

}  // namespace binrip::cli
