#include "mgmt/doctor_memory.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "dataplane/event.h"
#include "dataplane/port.h"
#include "mgmt/number_text.h"
#include "mgmt/port_place.h"

namespace mgmt {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kKiB = 1 << 10;

// Set aside where no port says what is needed: four queues of the default depth, twice.
constexpr std::uint64_t kSuggestedBytes = 512 * kMiB;

// An entry and its share of the index over it.
constexpr std::uint64_t kPairingEntryBytes = 96;
constexpr std::uint64_t kClientBytes = 96;
constexpr std::uint64_t kNameBytes = 280;
constexpr std::uint64_t kTableEntryBytes = 128;
constexpr std::uint64_t kFragmentPoolBytes = 8 * kMiB;
constexpr std::uint64_t kDedupPacketBytes = 16;

constexpr std::string_view kNoHugepages =
    "tapline runs without hugepages, slower (net_null measured 50 instead of 125 Mpps on one core).";

struct HugePages {
  std::optional<std::uint64_t> node;  // nothing: the kernel knows no nodes
  std::uint64_t page_kib = 0;
  std::uint64_t total = 0;
  std::uint64_t free = 0;

  std::uint64_t total_bytes() const { return total * page_kib * kKiB; }
  std::uint64_t free_bytes() const { return free * page_kib * kKiB; }
};

std::optional<std::uint64_t> number_between(std::string_view text, std::string_view before,
                                            std::string_view after) {
  if (!text.starts_with(before) || !text.ends_with(after)) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = text.data() + text.size() - after.size();
  const auto [rest, error] = std::from_chars(text.data() + before.size(), end, number);
  return error == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

void read_pages(const HostFiles& host, const std::string& folder, std::optional<std::uint64_t> node,
                std::vector<HugePages>& pages) {
  for (const std::string& entry : host.entries(folder)) {
    const auto page_kib = number_between(entry, "hugepages-", "kB");
    if (!page_kib) continue;
    const auto count = [&](std::string_view name) {
      return static_cast<std::uint64_t>(
          host.number(fmt::format("{}/{}/{}", folder, entry, name)).value_or(0));
    };
    pages.push_back({node, *page_kib, count("nr_hugepages"), count("free_hugepages")});
  }
}

std::vector<HugePages> read_huge_pages(const HostFiles& host) {
  constexpr std::string_view kNodes = "/sys/devices/system/node";
  std::vector<HugePages> pages;
  for (const std::string& entry : host.entries(kNodes)) {
    if (const auto node = number_between(entry, "node", ""))
      read_pages(host, fmt::format("{}/{}/hugepages", kNodes, entry), node, pages);
  }
  if (pages.empty()) read_pages(host, "/sys/kernel/mm/hugepages", std::nullopt, pages);
  return pages;
}

std::string size_text(std::uint64_t page_kib) {
  return page_kib % kMiB == 0   ? fmt::format("{} GiB", page_kib / kMiB)
         : page_kib % kKiB == 0 ? fmt::format("{} MiB", page_kib / kKiB)
                                : fmt::format("{} KiB", page_kib);
}

std::string pages_text(const HugePages& pages) {
  return fmt::format("{} of {} pages of {} free", grouped(pages.free), grouped(pages.total),
                     size_text(pages.page_kib));
}

// The pages of one node, or of all.
struct NodePages {
  std::vector<HugePages> pages;
  std::uint64_t total_bytes = 0;
  std::uint64_t free_bytes = 0;
};

NodePages on_node(const std::vector<HugePages>& all, std::int64_t node) {
  NodePages here;
  for (const HugePages& pages : all) {
    if (node >= 0 && pages.node && *pages.node != static_cast<std::uint64_t>(node)) continue;
    here.pages.push_back(pages);
    here.total_bytes += pages.total_bytes();
    here.free_bytes += pages.free_bytes();
  }
  return here;
}

std::string found_text(const NodePages& here) {
  std::string text;
  for (const HugePages& pages : here.pages) {
    if (pages.total == 0) continue;
    text += fmt::format("{}{}{}", text.empty() ? "" : "; ",
                        pages.node ? fmt::format("node {}: ", *pages.node) : "", pages_text(pages));
  }
  return text.empty() ? "none" : text;
}

// Adds pages of the smallest size until `bytes` are free; at run time larger ones are hard to get.
std::string more_pages_fix(const NodePages& here, std::uint64_t bytes) {
  const auto smallest = std::ranges::min_element(here.pages, {}, &HugePages::page_kib);
  const std::uint64_t page_bytes = smallest->page_kib * kKiB;
  const std::uint64_t missing = bytes - std::min(bytes, here.free_bytes);
  const std::uint64_t count = smallest->total + (missing + page_bytes - 1) / page_bytes;
  const std::string folder = smallest->node
                                 ? fmt::format("/sys/devices/system/node/node{}/hugepages", *smallest->node)
                                 : "/sys/kernel/mm/hugepages";
  return fmt::format("echo {} > {}/hugepages-{}kB/nr_hugepages", count, folder, smallest->page_kib);
}

// The kernel can always find pages while it starts. It spreads a number without a node over all nodes.
std::string keep_pages_advice(const NodePages& here, bool several_nodes, std::uint64_t bytes) {
  const auto smallest = std::ranges::min_element(here.pages, {}, &HugePages::page_kib);
  const std::uint64_t page_bytes = smallest->page_kib * kKiB;
  const std::string node = several_nodes && smallest->node ? fmt::format("{}:", *smallest->node) : "";
  return fmt::format(
      "To have them from every start, add hugepagesz={}K hugepages={}{} to GRUB_CMDLINE_LINUX in "
      "/etc/default/grub and run update-grub.",
      smallest->page_kib, node, (bytes + page_bytes - 1) / page_bytes);
}

std::string needs_text(std::uint64_t bytes) {
  return fmt::format("; {} needed", bytes_text(static_cast<double>(bytes)));
}

// `tapline run` looks at all free pages together, and does without if they are too few. `near` are those of
// the node where more of them are worth most.
Diagnosis check_all_nodes(const NodePages& all, const NodePages& near, std::uint64_t needed) {
  const Check check("hugepages", kHostSubject);
  if (all.pages.empty()) return check.warn("this kernel has none", std::string(kNoHugepages));
  const std::string found = found_text(all) + needs_text(needed);
  if (all.free_bytes >= needed) return check.ok(found);
  if (all.total_bytes >= needed) {
    return check.warn(
        found, fmt::format("Others hold the rest; a tapline that runs already is one. {}", kNoHugepages),
        "grep -l hugepages /proc/[0-9]*/maps");
  }
  const bool several_nodes = all.pages.front().node != all.pages.back().node;
  return check.warn(found, fmt::format("{} {}", kNoHugepages, keep_pages_advice(near, several_nodes, needed)),
                    more_pages_fix(near, needed));
}

// With pages enough in all, each port's buffers must fit on its own node.
Diagnosis check_node(const NodePages& here, std::int64_t node, std::uint64_t needed) {
  const Check check("hugepages", kHostSubject);
  const std::string found = here.total_bytes == 0 ? fmt::format("node {}: none", node) : found_text(here);
  if (here.free_bytes >= needed) return check.ok(found + needs_text(needed));
  return check.fail(found + needs_text(needed),
                    "The packet buffers of the ports on this node do not fit there.",
                    more_pages_fix(here, needed));
}

}  // namespace

BufferBytes planned_buffers(const LivePlan& plan, const HostFiles& host) {
  BufferBytes needed;
  for (const LivePlan::Port& port : plan.ports)
    needed[find_port(port.settings, host).numa_node] += dataplane::mempool_bytes(port.settings, true);
  return needed;
}

std::uint64_t planned_table_bytes(const Config& config, const LivePlan& plan) {
  const Config::Memory& memory = config.memory;
  const std::uint64_t shards = std::max(plan.shards(), 1U);
  const std::uint64_t workers = std::max(plan.workers(), 1U);
  const std::uint64_t shared =
      memory.pairing_entries * kPairingEntryBytes + memory.clients * kClientBytes + memory.names * kNameBytes;
  const std::uint64_t dedup = config.decode.dedup_ns > 0 ? memory.dedup_packets * kDedupPacketBytes : 0;
  const std::uint64_t per_worker = memory.fragments * kTableEntryBytes + kFragmentPoolBytes +
                                   memory.dns_streams * kTableEntryBytes + memory.dns_stream_bytes + dedup +
                                   shards * memory.ring_events * sizeof(dataplane::Event);
  const std::uint64_t syslog = plan.syslog ? shards * memory.ring_events * sizeof(dataplane::Event) : 0;
  return shared + workers * per_worker + syslog;
}

Diagnoses check_hugepages(const LivePlan& plan, const HostFiles& host) {
  const std::vector<HugePages> pages = read_huge_pages(host);
  const NodePages all = on_node(pages, -1);
  const std::uint64_t needed = plan.ports.empty() ? kSuggestedBytes : plan.packet_buffer_bytes + kDpdkBytes;
  const BufferBytes buffers = planned_buffers(plan, host);
  const auto most = std::ranges::max_element(buffers, {}, &BufferBytes::value_type::second);
  const NodePages near = on_node(pages, most == buffers.end() ? -1 : most->first);
  Diagnoses diagnoses = {check_all_nodes(all, near.pages.empty() ? all : near, needed)};
  if (diagnoses.front().health != Health::kOk) return diagnoses;
  for (const auto& [node, bytes] : buffers) {
    if (node < 0) continue;
    const Diagnosis of_node = check_node(on_node(pages, node), node, bytes);
    if (of_node.health != Health::kOk) diagnoses.push_back(of_node);
  }
  return diagnoses;
}

Diagnosis check_memory(const Config& config, const LivePlan& plan, const HostFiles& host) {
  const Check check("memory", kHostSubject);
  const std::string meminfo = host.text("/proc/meminfo").value_or("");
  const auto available_kib = number_between(value_after(meminfo, "MemAvailable"), "", " kB");
  if (!available_kib) return check.warn("the kernel does not say how much is available", "");
  const std::uint64_t buffers = plan.hugepages ? 0 : plan.packet_buffer_bytes;
  const std::uint64_t needed = planned_table_bytes(config, plan) + buffers;
  const std::uint64_t available = *available_kib * kKiB;
  const std::string found =
      fmt::format("{} available, {} needed when the tables are full",
                  bytes_text(static_cast<double>(available)), bytes_text(static_cast<double>(needed)));
  if (available >= needed) return check.ok(found);
  return check.fail(found,
                    "The kernel would kill tapline when traffic fills the tables: make those of [memory] "
                    "smaller, or use fewer queues.");
}

}  // namespace mgmt
