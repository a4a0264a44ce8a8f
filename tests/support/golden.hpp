// Comparison with a file that holds what is right. With BINRIP_ACCEPT=1 in the environment the file is
// rewritten with what came out, and the test skipped: look at the difference before you commit it.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "binrip/base/file.hpp"

namespace binrip::test {

inline void expect_golden(const std::string& actual, const std::string& path) {
  if (std::getenv("BINRIP_ACCEPT") != nullptr) {
    std::ofstream(path, std::ios::binary) << actual;
    GTEST_SKIP() << "rewrote " << path;
  }
  const auto expected = read_text(path);
  ASSERT_TRUE(expected) << expected.error().message;
  EXPECT_EQ(actual, *expected) << "golden file: " << path << " (BINRIP_ACCEPT=1 rewrites it)";
}

}  // namespace binrip::test
