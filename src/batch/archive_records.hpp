// Records of a station over an archive and its catalogue.
#pragma once

#include <functional>
#include <memory>

#include "archive.hpp"
#include "list_keeper.hpp"
#include "station.hpp"

#include "binrip/batch/catalog.hpp"
#include "binrip/batch/naming.hpp"
#include "binrip/batch/on_copy.hpp"
#include "binrip/image/report.hpp"

namespace binrip::batch {

class ArchiveRecords : public Records {
 public:
  // `warn`: told of what went wrong and stops nothing.
  ArchiveRecords(Archive archive, std::unique_ptr<Catalog> catalog, ListKeeper lists, NameTemplate names,
                 OnCopy on_copy, std::function<void(const std::string&)> warn);

  // Brings to an end what a kill has cut off between the archive and its lists.
  Result<void> go_on();
  const std::filesystem::path& folder() const { return archive_.folder(); }

  void set_drives(std::size_t count) { lists_.set_drives(count); }

  Result<std::vector<KnownCopy>> copies(const DiscInfo& disc) override;
  void brought(const std::string& drive) override;
  int place(const DiscInfo& disc, int from) override;
  Result<Expectation> expect(const std::string& drive, const DiscInfo& disc, int place) override;
  void left(const std::string& drive) override { lists_.left(drive); }
  Result<WorkPlace> begin(const std::string& drive, const DiscInfo& disc, int place) override;
  Result<FinishedDisc> publish(const EndedRip& rip) override;
  Result<FinishedDisc> mended(const EndedRip& rip, const KnownCopy& copy) override;
  FinishedDisc skipped(const std::string& drive, const DiscInfo& disc, const KnownCopy& copy) override;
  Result<FinishedDisc> failed(const std::string& drive, const std::optional<DiscInfo>& disc,
                              const std::optional<WorkPlace>& place, const std::string& reason) override;
  void note(const std::string& drive, const std::string& event) override;
  std::string last_disc(const std::string& drive) override { return archive_.last_disc(drive); }
  void remember(const std::string& drive, const std::string& identity) override;
  std::uint64_t free_bytes() override { return archive_.free_bytes(); }

 private:
  Result<image::Report> report_of(const std::filesystem::path& cue) const;
  Result<void> write_lists(const Publication& publication);
  void add_event(const std::string& kind, const std::string& drive, std::optional<std::int64_t> disc,
                 const std::string& text);
  void warn_of(const Result<void>& result) const;

  Archive archive_;
  std::unique_ptr<Catalog> catalog_;
  ListKeeper lists_;
  NameTemplate names_;
  OnCopy on_copy_;
  std::function<void(const std::string&)> warn_;
};

}  // namespace binrip::batch
