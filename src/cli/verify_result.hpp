// What `binrip verify` found out and did, as text and as JSON.
#pragma once

#include <optional>
#include <string>

#include "binrip/verify/ctdb_repair.hpp"
#include "binrip/verify/dat.hpp"
#include "binrip/verify/repair.hpp"
#include "binrip/verify/verify_image.hpp"

namespace binrip::cli {

// `repair`: when a repaired copy was written; `dat`: when one was looked in.
struct VerifyResult {
  verify::Verification verification;
  std::optional<verify::Repair> repair = {};
  std::optional<verify::CtdbRepair> audio_repair = {};
  std::string audio_not_repaired = {};  // why; empty: it was, or there was nothing to be mended
  std::optional<verify::DatLookup> dat = {};
};
std::string verify_text(const VerifyResult& result);
std::string verify_json(const VerifyResult& result);

}  // namespace binrip::cli
