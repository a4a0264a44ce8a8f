#include "binrip/verify/signature.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include "binrip/base/bytes.hpp"
#include "binrip/base/clock.hpp"
#include "binrip/base/file.hpp"
#include "binrip/base/program.hpp"

namespace binrip::verify {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t kLargestKey = 64U << 10;
constexpr auto kUserTime = 600s;  // to enter a passphrase
constexpr std::string_view kMinisignComment = "untrusted comment:";

std::string tool_of(SignatureKind kind) {
  return kind == SignatureKind::minisign ? "minisign" : "ssh-keygen";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(std::move(line));
  }
  return lines;
}

// Empty when it is none.
std::string from_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > kLargestKey) return {};
  std::string bytes(text.size() / 4 * 3 + 1, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  bytes.resize(static_cast<std::size_t>(std::max(size, 0)));
  return bytes;
}

// Opening a FIFO would wait for its writer.
Result<std::string> read_key(const fs::path& path) {
  std::error_code ignored;
  if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored)) {
    return fail(ErrorKind::usage, fmt::format("{} is not a regular file", path.string()));
  }
  return read_text(path, kLargestKey);
}

bool is_ssh_public(const std::vector<std::string>& lines) {
  return lines.size() == 1 &&
         (lines[0].starts_with("ssh-") || lines[0].starts_with("ecdsa-") || lines[0].starts_with("sk-"));
}

// The forms: minisign(1), "Secret key format"; PROTOCOL.key of OpenSSH.
std::optional<SigningKey> understand_secret(const std::string& text) {
  const std::vector<std::string> lines = lines_of(text);
  if (is_ssh_public(lines)) return SigningKey{SignatureKind::ssh, {}, false};
  if (lines.size() < 2) return std::nullopt;
  if (lines[0].starts_with(kMinisignComment)) {
    constexpr std::size_t kLeastSecret = 150;  // a public key has 42 bytes
    const std::string key = from_base64(lines[1]);
    if (key.size() < kLeastSecret || !key.starts_with("Ed")) return std::nullopt;
    return SigningKey{SignatureKind::minisign, {}, key.substr(2, 2) == "Sc"};
  }
  if (lines[0] == "-----BEGIN OPENSSH PRIVATE KEY-----") {
    using namespace std::string_literals;
    const std::string head = from_base64(std::string_view(lines[1]).substr(0, lines[1].size() / 4 * 4));
    if (!head.starts_with("openssh-key-v1\0"s)) return std::nullopt;
    return SigningKey{SignatureKind::ssh, {}, !head.starts_with("openssh-key-v1\0\0\0\0\4none"s)};
  }
  if (lines[0].starts_with("-----BEGIN ") && lines[0].ends_with("PRIVATE KEY-----")) {
    return SigningKey{SignatureKind::ssh, {}, text.find("ENCRYPTED") != text.npos};
  }
  return std::nullopt;
}

Result<void> check_installed(SignatureKind kind) {
  const std::string tool = tool_of(kind);
  if (find_program(tool)) return {};
  return fail(
      ErrorKind::usage, fmt::format("{} is not installed, and the key is for it", tool),
      fmt::format("install the package {}", kind == SignatureKind::minisign ? "minisign" : "openssh-client"));
}

// The last line that says something.
std::string said(const ProgramEnd& end) {
  std::string last;
  for (const std::string& line : lines_of(end.output)) {
    if (line.find_first_not_of(" \t") != line.npos) last = line;
  }
  return last.empty() ? fmt::format("exit code {}", end.exit_code) : last;
}

// A file that goes again.
class Temporary {
 public:
  explicit Temporary(fs::path path) : path_(std::move(path)) { remove(); }
  ~Temporary() { remove(); }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  const fs::path& path() const { return path_; }

 private:
  void remove() const {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  fs::path path_;
};

// ssh-keygen wants to know who may sign: whoever has this key.
Result<void> check_ssh(const fs::path& file, const fs::path& signature, const std::string& key,
                       const std::stop_token& stop) {
  std::string pattern = (fs::temp_directory_path() / "binrip-signer-XXXXXX").string();
  const int descriptor = ::mkstemp(pattern.data());
  if (descriptor < 0) return fail(errno_error(errno, "write", pattern));
  ::close(descriptor);
  const Temporary allowed(pattern);
  TRY_VOID(write_atomically(allowed.path(), "signer " + key + "\n"));
  const ProgramRun run{.arguments = {"ssh-keygen", "-Y", "verify", "-f", allowed.path(), "-I", "signer", "-n",
                                     "file", "-s", fs::absolute(signature)},
                       .input = fs::absolute(file)};
  TRY(const ProgramEnd end, run_program(run, stop));
  if (end.exit_code == 0) return {};
  return fail(ErrorKind::invalid, fmt::format("{}: {}", signature.filename().string(), said(end)));
}

Result<void> check_minisign(const fs::path& file, const fs::path& signature, const fs::path& public_key,
                            const std::stop_token& stop) {
  const ProgramRun run{.arguments = {"minisign", "-V", "-q", "-m", fs::absolute(file), "-x",
                                     fs::absolute(signature), "-p", fs::absolute(public_key)}};
  TRY(const ProgramEnd end, run_program(run, stop));
  if (end.exit_code == 0) return {};
  return fail(ErrorKind::invalid, fmt::format("{}: {}", signature.filename().string(), said(end)));
}

}  // namespace

std::string_view signature_extension(SignatureKind kind) {
  return kind == SignatureKind::minisign ? ".minisig" : ".sig";
}

Result<SigningKey> open_signing_key(const fs::path& path) {
  TRY(const std::string text, read_key(path));
  std::optional<SigningKey> key = understand_secret(text);
  if (!key) {
    return fail(ErrorKind::usage,
                fmt::format("{} is neither a secret key of minisign nor a key of SSH", path.string()));
  }
  key->path = path;
  TRY_VOID(check_installed(key->kind));
  if (key->needs_passphrase && ::isatty(STDIN_FILENO) == 0) {
    return fail(ErrorKind::usage,
                fmt::format("{} needs a passphrase, and there is no terminal to ask for it", path.string()),
                "take a key without one; or name an SSH public key whose private one an agent has");
  }
  return std::move(*key);
}

Result<std::string> sign_file(const SigningKey& key, const fs::path& file, const std::string& name,
                              const std::stop_token& stop) {
  const Temporary signature(fs::path(file) += key.kind == SignatureKind::ssh ? ".sig" : ".signature");
  ProgramRun run;
  if (key.kind == SignatureKind::minisign) {
    run.arguments = {"minisign", "-S",
                     "-s",       fs::absolute(key.path),
                     "-m",       fs::absolute(file),
                     "-x",       fs::absolute(signature.path()),
                     "-t",       fmt::format("file:{}\tsigned:{}", name, utc_now())};
  } else {
    run.arguments = {"ssh-keygen",           "-Y", "sign", "-f",
                     fs::absolute(key.path), "-n", "file", fs::absolute(file)};
  }
  if (key.needs_passphrase) {
    run.ask = AskUser::kept;
    run.limit = kUserTime;
  }
  TRY(const ProgramEnd end, run_program(run, stop));
  if (end.exit_code != 0) return fail(ErrorKind::io, fmt::format("{}: {}", run.arguments.front(), said(end)));
  return read_text(signature.path(), kLargestKey);
}

fs::path signature_of(const fs::path& file) {
  for (const SignatureKind kind : {SignatureKind::minisign, SignatureKind::ssh}) {
    fs::path path = file;
    path += signature_extension(kind);
    std::error_code ignored;
    if (fs::is_regular_file(path, ignored)) return path;
  }
  return {};
}

Result<void> check_signature(const fs::path& file, const fs::path& signature, const fs::path& public_key,
                             const std::stop_token& stop) {
  TRY(const std::string text, read_key(public_key));
  const std::vector<std::string> lines = lines_of(text);
  const bool minisign = text.starts_with(kMinisignComment);
  const bool ssh = is_ssh_public(lines);
  if (!minisign && !ssh) {
    return fail(ErrorKind::usage,
                fmt::format("{} is neither a public key of minisign nor one of SSH", public_key.string()));
  }
  const SignatureKind kind = minisign ? SignatureKind::minisign : SignatureKind::ssh;
  if (signature.extension() != signature_extension(kind)) {
    return fail(ErrorKind::invalid,
                fmt::format("{} is no signature of {}", signature.filename().string(), tool_of(kind)));
  }
  TRY_VOID(check_installed(kind));
  return minisign ? check_minisign(file, signature, public_key, stop)
                  : check_ssh(file, signature, lines[0], stop);
}

}  // namespace binrip::verify
