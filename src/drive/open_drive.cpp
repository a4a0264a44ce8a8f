#include "binrip/drive/open_drive.hpp"

#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>

#include "drive/choose_way.hpp"
#include "drive/device_node.hpp"
#include "drive/follow_drive.hpp"
#include "drive/kernel_timeout.hpp"
#include "drive/sg_open.hpp"

#include "binrip/drive/cdio_transport.hpp"
#include "binrip/drive/sg_transport.hpp"

namespace binrip::drive {
namespace {

std::string node_of(const std::string& kernel_name) {
  return kernel_name.empty() ? std::string() : "/dev/" + kernel_name;
}

struct Tried {
  std::optional<Access> access;
  Descriptor descriptor;
};

Tried try_node(const std::string& node) {
  if (node.empty()) return {};
  if (auto writable = open_descriptor(node, O_RDWR)) return {Access::read_write, std::move(*writable)};
  if (auto readable = open_descriptor(node, O_RDONLY)) return {Access::read_only, std::move(*readable)};
  return {};
}

// What is known of a drive, and its sr node as it was opened to know it.
struct NodeKnowledge {
  WayFacts facts;
  Tried block;
};

NodeKnowledge find_out(const DeviceNode& node, const KernelFacts& kernel) {
  NodeKnowledge known;
  WayFacts& facts = known.facts;
  facts.block = node_of(kernel.block);
  facts.generic = node_of(kernel.generic);
  // A node that someone made elsewhere is as good as the kernel's own name for it.
  (node.kind == NodeKind::block ? facts.block : facts.generic) = node.path;
  known.block = try_node(facts.block);
  facts.block_access = known.block.access;
  facts.timeouts_can_be_set = known.block.access && timeouts_can_be_set(known.block.descriptor);
  facts.generic_access = try_node(facts.generic).access;
  facts.bus = kernel.bus;
  facts.generic_asked = node.kind == NodeKind::generic;
  return known;
}

// Of the sr node, which says what both nodes take.
std::optional<std::size_t> limit_of(const WayFacts& facts) {
  if (facts.block.empty()) return std::nullopt;
  const auto node = device_node(facts.block);
  if (!node) return std::nullopt;
  return transfer_limit(node->number);
}

struct OpenedWay {
  OpenedNode node;
  Way way;
};

Result<OpenedWay> open_way(const std::string& path, TransportChoice choice) {
  TRY(const DeviceNode node, device_node(path));
  const auto kernel = kernel_facts(std::filesystem::path(node.path).filename().string());
  NodeKnowledge known;
  known.facts.block = node.path;
  Way way{Way::Kind::cdio, node.path, "the kernel does not know it as an optical drive"};
  if (kernel) {
    known = find_out(node, *kernel);
    way = choose_way(choice, known.facts);
  } else if (choice == TransportChoice::sg) {
    way.kind = Way::Kind::sg;
  }
  const auto limit = limit_of(known.facts);
  if (way.kind == Way::Kind::sg && limit && way.node == known.facts.block && known.block.access) {
    TRY(OpenedNode opened, sg_on(std::move(known.block.descriptor), *known.block.access, way.node, *limit));
    return OpenedWay{std::move(opened), std::move(way)};
  }
  known.block.descriptor = Descriptor();
  if (way.kind == Way::Kind::cdio) {
    TRY(OpenedNode opened, open_cdio(way.node));
    return OpenedWay{std::move(opened), std::move(way)};
  }
  TRY(OpenedNode opened, open_sg(way.node, limit));
  return OpenedWay{std::move(opened), std::move(way)};
}

}  // namespace

Result<OpenedDrive> open_drive(const std::string& path, TransportChoice choice) {
  TRY(OpenedWay opened, open_way(path, choice));
  OpenedDrive result;
  result.access = opened.node.access;
  result.way =
      fmt::format("{} on {}", opened.way.kind == Way::Kind::cdio ? "libcdio" : "SG_IO", opened.way.node);
  result.why = opened.way.why;
  DriveSearch search{.find = find_drives, .open = [choice](const std::string& node) -> Result<OpenedNode> {
                       TRY(OpenedWay again, open_way(node, choice));
                       return std::move(again.node);
                     }};
  result.transport = follow_drive(std::move(opened.node.transport), std::move(search));
  return result;
}

}  // namespace binrip::drive
