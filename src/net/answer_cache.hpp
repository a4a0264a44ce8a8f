// Answers of servers on disk, each in a file of its own: shared by processes, never half-written, and not
// believed when it was changed.
#pragma once

#include <filesystem>
#include <optional>

#include "binrip/net/fetcher.hpp"

namespace binrip::net {

class AnswerCache {
 public:
  explicit AnswerCache(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<void> prepare() const;  // makes the folder
  // Nothing when there is none, or one that is damaged.
  std::optional<Response> find(const Request& request) const;
  Result<void> keep(const Request& request, const Response& response) const;

 private:
  std::filesystem::path file_of(const Request& request) const;
  std::filesystem::path folder_;
};

}  // namespace binrip::net
