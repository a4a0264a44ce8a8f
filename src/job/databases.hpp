// The databases during a rip: asked on a thread of their own, and compared with what has been read.
#pragma once

#include <future>
#include <memory>
#include <stop_token>

#include "binrip/net/fetcher.hpp"
#include "binrip/rip/capture.hpp"
#include "binrip/rip/events.hpp"
#include "binrip/verify/databases.hpp"

namespace binrip::job {

class Databases {
 public:
  // Begins to ask. `network` may be null: then there is nothing to compare with. The listener hears of it
  // when there is something to wait for.
  Databases(cd::Disc disc, std::shared_ptr<net::Fetcher> network, verify::DatabaseServers servers,
            rip::Listener& listener, std::stop_token stop);
  ~Databases();
  Databases(const Databases&) = delete;
  Databases& operator=(const Databases&) = delete;

  // After a pass: raises what they vouch for, if any audio is not good yet. Waits for the servers, which have
  // had the time of a pass. Errors: the capture's; cancelled.
  Result<void> after_pass(rip::Capture& capture);
  // When nothing more is read: raises all that they vouch for, and gives what the report says of them.
  Result<std::vector<image::ReportDatabase>> conclude(rip::Capture& capture);

 private:
  Result<verify::DatabaseCheck> check(rip::Capture& capture);
  const verify::DatabaseReplies& replies();

  cd::Disc disc_;
  rip::Listener& listener_;
  std::stop_token stop_;     // the rip's
  std::stop_source asking_;  // ends also when this goes
  std::stop_callback<std::function<void()>> forward_;
  verify::DatabaseReplies replies_;
  std::future<verify::DatabaseReplies> asked_;
};

// What to tell where all tracks that AccurateRip knows match at one offset that is not 0; else empty.
std::string shifted_note(const std::vector<image::ReportDatabase>& databases);

}  // namespace binrip::job
