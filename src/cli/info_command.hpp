// `binrip info`, from its options to its exit code.
#pragma once

namespace binrip::cli {

struct Host;
struct InfoInvocation;

int info_command(const InfoInvocation& options, Host& host);

}  // namespace binrip::cli
