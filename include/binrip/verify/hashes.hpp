// Digests of what is in an image: CRC-32, MD5, SHA-1, SHA-256, all in one pass.
#pragma once

#include <memory>
#include <string>

#include "binrip/base/bytes.hpp"
#include "binrip/base/result.hpp"
#include "binrip/image/report.hpp"

namespace binrip::verify {

using image::Digests;

// MD5 takes longer than all the others together.
enum class DigestSet { all, crc32_and_sha256 };

// One stream of bytes. Feed large blocks. One thread at a time.
class Hasher {
 public:
  explicit Hasher(DigestSet set = DigestSet::all);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  void update(Bytes data);
  Digests finish();  // once; those that were not asked for are empty

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace binrip::verify
