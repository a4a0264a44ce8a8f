// The command line as values.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/cli/batch_invocation.hpp"
#include "binrip/cli/catalog_invocation.hpp"
#include "binrip/cli/drive_invocations.hpp"
#include "binrip/cli/rip_invocation.hpp"
#include "binrip/cli/verify_invocation.hpp"

namespace binrip::cli {

// --help and --version: what to print.
struct TextInvocation {
  std::string text;
};

using Invocation = std::variant<RipInvocation, MergeInvocation, InfoInvocation, DrivesInvocation,
                                DoctorInvocation, VerifyInvocation, OffsetInvocation, TrayInvocation,
                                BatchInvocation, CatalogInvocation, TextInvocation>;

// `arguments` without the program's name. Every error is of kind usage, with a hint.
Result<Invocation> parse_arguments(std::vector<std::string> arguments);

}  // namespace binrip::cli
