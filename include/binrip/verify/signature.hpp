// Signatures of a log, made and checked by the installed minisign or ssh-keygen.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "binrip/base/result.hpp"

namespace binrip::verify {

enum class SignatureKind { minisign, ssh };
std::string_view signature_extension(SignatureKind kind);  // ".minisig", ".sig"

struct SigningKey {
  SignatureKind kind = SignatureKind::minisign;
  std::filesystem::path path;
  bool needs_passphrase = false;
};

// A minisign secret key, an SSH private key, or an SSH public key whose private one an agent has, as its
// contents tell. Errors: what keeps the file from being read; usage when it is no such key, when the tool for
// it is not installed, or when it needs a passphrase and there is no terminal to ask for it.
Result<SigningKey> open_signing_key(const std::filesystem::path& path);

// The signature of `file` as text. `name`: what minisign's trusted comment calls it. For SSH the namespace is
// "file". Writes FILE.signature for a moment. A passphrase is asked for on the terminal. Errors: io with what
// the tool said; timeout; cancelled.
Result<std::string> sign_file(const SigningKey& key, const std::filesystem::path& file,
                              const std::string& name, const std::stop_token& stop = {});

// `file` with the extension of a signature that is there, or of neither: empty.
std::filesystem::path signature_of(const std::filesystem::path& file);

// Whether `signature` is one of `file` by `public_key`, a minisign or SSH public key. Errors: invalid when it
// is not, with what the tool said; usage as above.
Result<void> check_signature(const std::filesystem::path& file, const std::filesystem::path& signature,
                             const std::filesystem::path& public_key, const std::stop_token& stop = {});

}  // namespace binrip::verify
