// `binrip batch`, from its options to its exit code.
#pragma once

namespace binrip::cli {

struct BatchInvocation;
struct Host;

int batch_command(const BatchInvocation& options, Host& host);

}  // namespace binrip::cli
