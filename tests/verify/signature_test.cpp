#include "binrip/verify/signature.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"
#include "binrip/base/program.hpp"

namespace binrip::verify {
namespace {

// A key of ssh-keygen(1), of the SSH agent's kind: one line.
const std::string kSshPublic =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5jUUHBJ4cfPLPnvCBCY0nMpMNLxtfmxSVyvEVRGrJt somebody\n";

class SigningKeyTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!find_program("ssh-keygen")) GTEST_SKIP() << "ssh-keygen is not installed";
  }
  // Nothing: the file is no key.
  std::optional<SigningKey> open(const std::string& text) {
    EXPECT_TRUE(write_atomically(dir_ / "key", text));
    const auto key = open_signing_key(dir_ / "key");
    if (key) return *key;
    EXPECT_EQ(key.error().kind, ErrorKind::usage);
    return std::nullopt;
  }
  test::TempDir dir_;
};

TEST_F(SigningKeyTest, AnSshPublicKeyStandsForThatOfAnAgent) {
  for (const std::string& text : {kSshPublic, std::string("ecdsa-sha2-nistp256 AAAA\n"),
                                  std::string("sk-ssh-ed25519@openssh.com AAAA")}) {
    const auto key = open(text);
    ASSERT_TRUE(key) << text;
    EXPECT_EQ(key->kind, SignatureKind::ssh);
    EXPECT_FALSE(key->needs_passphrase);
  }
}

TEST_F(SigningKeyTest, SeveralLinesOrOtherWordsAreNoSshPublicKey) {
  for (const std::string& text :
       {kSshPublic + kSshPublic, kSshPublic + "\n", "\n" + kSshPublic, std::string("AAAAC3NzaC1lZDI1NTE5\n"),
        std::string("ssh\n"), std::string()}) {
    EXPECT_FALSE(open(text)) << text;
  }
}

TEST_F(SigningKeyTest, APrivateKeyOfSshSaysWhetherItHasAPassphrase) {
  const auto made = [&](const std::string& passphrase) {
    const std::filesystem::path path = dir_ / ("made" + passphrase);
    const auto end =
        run_program({.arguments = {"ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", path}}, {});
    EXPECT_TRUE(end && end->exit_code == 0);
    return open_signing_key(path);
  };
  const auto free = made("");
  ASSERT_TRUE(free) << free.error().message;
  EXPECT_EQ(free->kind, SignatureKind::ssh);
  EXPECT_FALSE(free->needs_passphrase);
  const auto locked = made("long enough");
  EXPECT_TRUE(locked ? locked->needs_passphrase : locked.error().message.ends_with("to ask for it"));
}

TEST_F(SigningKeyTest, ASignatureIsOfOneFileAndOneKey) {
  for (const char* name : {"mine", "other"}) {
    const auto end =
        run_program({.arguments = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", dir_ / name}}, {});
    ASSERT_TRUE(end && end->exit_code == 0);
  }
  const std::filesystem::path log = dir_ / "a.log";
  ASSERT_TRUE(write_atomically(log, "a log\n"));
  EXPECT_TRUE(signature_of(log).empty());
  const auto signature = sign_file(open_signing_key(dir_ / "mine").value(), log, "a.log");
  ASSERT_TRUE(signature) << signature.error().message;
  ASSERT_TRUE(write_atomically(dir_ / "a.log.sig", *signature));
  EXPECT_EQ(signature_of(log), dir_ / "a.log.sig");

  const auto check = [&](const char* key) { return check_signature(log, signature_of(log), dir_ / key); };
  EXPECT_TRUE(check("mine.pub"));
  EXPECT_EQ(check("other.pub").error().kind, ErrorKind::invalid);
  EXPECT_EQ(check("mine").error().kind, ErrorKind::usage) << "a private key checks nothing";
  ASSERT_TRUE(write_atomically(log, "a lOg\n"));
  EXPECT_EQ(check("mine.pub").error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace binrip::verify
