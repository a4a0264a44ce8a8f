// `binrip`, `binrip refine` and `binrip merge`, from their options to their exit codes.
#pragma once

namespace binrip::cli {

struct Host;
struct MergeInvocation;
struct RipInvocation;

int rip_command(const RipInvocation& options, Host& host);
int merge_command(const MergeInvocation& options, Host& host);

}  // namespace binrip::cli
