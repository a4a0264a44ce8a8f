#include "binrip/verify/hashes.hpp"

#include <array>
#include <optional>

#include <fmt/format.h>
#include <libdeflate.h>
#include <openssl/evp.h>

namespace binrip::verify {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// One of OpenSSL's digests. A digest that the installed OpenSSL refuses (MD5 in FIPS mode) gives an empty
// string instead of a wrong one.
class Digest {
 public:
  explicit Digest(const EVP_MD* kind) : context_(EVP_MD_CTX_new()) {
    works_ = context_ && EVP_DigestInit_ex(context_.get(), kind, nullptr) == 1;
  }
  void update(Bytes data) {
    works_ = works_ && EVP_DigestUpdate(context_.get(), data.data(), data.size()) == 1;
  }
  std::string finish() {
    std::array<Byte, EVP_MAX_MD_SIZE> value{};
    unsigned size = 0;
    if (!works_ || EVP_DigestFinal_ex(context_.get(), value.data(), &size) != 1) return {};
    std::string hex;
    for (const Byte b : Bytes(value.data(), size)) hex += fmt::format("{:02x}", b);
    return hex;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, FreeContext> context_;
  bool works_ = false;
};

}  // namespace

struct Hasher::State {
  std::uint64_t size = 0;
  std::uint32_t crc32 = 0;
  Digest sha256{EVP_sha256()};
  std::optional<Digest> md5, sha1;
};

Hasher::Hasher(DigestSet set) : state_(std::make_unique<State>()) {
  if (set != DigestSet::all) return;
  state_->md5.emplace(EVP_md5());
  state_->sha1.emplace(EVP_sha1());
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(Bytes data) {
  if (data.empty()) return;
  state_->size += data.size();
  state_->crc32 = libdeflate_crc32(state_->crc32, data.data(), data.size());
  if (state_->md5) state_->md5->update(data);
  if (state_->sha1) state_->sha1->update(data);
  state_->sha256.update(data);
}

Digests Hasher::finish() {
  Digests digests;
  digests.size = state_->size;
  digests.crc32 = fmt::format("{:08x}", state_->crc32);
  if (state_->md5) digests.md5 = state_->md5->finish();
  if (state_->sha1) digests.sha1 = state_->sha1->finish();
  digests.sha256 = state_->sha256.finish();
  return digests;
}

}  // namespace binrip::verify
