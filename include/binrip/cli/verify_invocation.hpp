// The command line of `binrip verify`.
#pragma once

#include <filesystem>

#include "binrip/cli/output_options.hpp"
#include "binrip/net/fetcher.hpp"

namespace binrip::cli {

struct VerifyInvocation {
  std::filesystem::path sheet;         // .cue or .ccd
  std::filesystem::path repair;        // .cue to write; empty: none
  std::filesystem::path dat, dat_out;  // --dat to look in, --dat-out to write; empty: none
  std::filesystem::path signed_by;     // a public key; empty: the signature is not checked
  net::Access access = net::Access::online;
  OutputFormat format = OutputFormat::text;
};

}  // namespace binrip::cli
