#include "mgmt/live_start.h"

#include <fmt/format.h>

#include "mgmt/core_list.h"
#include "mgmt/number_text.h"
#include "mgmt/syslog_settings.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

std::string count_of(std::size_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string cores_text(std::span<const Core> cores) {
  std::vector<std::uint64_t> named;
  for (const Core& core : cores) {
    if (!core) return "no core of their own";
    named.push_back(*core);
  }
  return fmt::format("core{} {}", named.size() == 1 ? "" : "s", core_list_text(named));
}

std::string link_text(const dataplane::PortFacts& facts) {
  if (!facts.link_up) return "link DOWN";
  return facts.link_mbps == 0 ? "link up" : fmt::format("link up at {} Mb/s", grouped(facts.link_mbps));
}

std::string port_line(const dataplane::Port& port, const LivePlan::Port& planned) {
  const dataplane::PortFacts& facts = port.facts();
  return fmt::format("port {}: {}, {} on {}, {} descriptors each, {} buffers, {}, {}",
                     printable(port.name(), kPathColumns, TextStyle{}), facts.driver,
                     count_of(facts.queues, "queue"), cores_text(planned.cores), facts.rx_descriptors,
                     facts.mempool, facts.hardware_time ? "frames carry their time" : "time by the TSC",
                     link_text(facts));
}

std::string cannot_filter_line(const dataplane::Port& port) {
  return fmt::format("port {}: nic_filter = true, but the NIC cannot ({}): all frames are read",
                     printable(port.name(), kPathColumns, TextStyle{}),
                     printable(port.facts().cannot_filter, kTextColumns, TextStyle{}));
}

}  // namespace

std::vector<std::string> start_lines(const LivePlan& plan,
                                     std::span<const std::unique_ptr<dataplane::Port>> ports) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < ports.size(); ++i) lines.push_back(port_line(*ports[i], plan.ports[i]));
  for (const auto& port : ports) {
    if (!port->facts().cannot_filter.empty()) lines.push_back(cannot_filter_line(*port));
  }
  lines.push_back(fmt::format("{} on {}, rings of {} events", count_of(plan.shards(), "shard"),
                              cores_text(plan.shard_cores), plan.ring_events));
  if (plan.syslog) lines.push_back("syslog on " + syslog_text(*plan.syslog));
  if (!plan.hugepages) {
    const std::uint64_t needed = plan.packet_buffer_bytes + kDpdkBytes;
    lines.push_back(fmt::format(
        "{} of huge pages would be needed and are not free: running without them, which can halve the "
        "rate. To reserve some: sysctl vm.nr_hugepages={}",
        bytes_text(static_cast<double>(needed)), needed / (2 << 20) + 1));
  }
  return lines;
}

}  // namespace mgmt
