#include "mgmt/doctor_port.h"

#include <fmt/format.h>

#include "mgmt/shell_text.h"

namespace mgmt {
namespace {

using dataplane::PortDriver;

std::string count_of(std::uint64_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

Diagnosis judge_opening(const OpenPort& port, const Check& check) {
  const dataplane::PortFacts& facts = port.facts;
  return check.ok(fmt::format("by {}, {} of {}, {}", facts.driver, count_of(facts.queues, "queue"),
                              count_of(facts.rx_descriptors, "descriptor"),
                              count_of(facts.mempool, "packet buffer")));
}

// A kernel interface has been asked for its link already.
Diagnoses judge_link(const OpenPort& port, const LivePlan::Port& planned) {
  if (planned.settings.driver != PortDriver::kDpdk) return {};
  const Check check("link", planned.settings.name);
  if (!port.facts.link_up) {
    return {check.fail("down",
                       "Nothing is at the other end, or it is still coming up: look at the cable, the "
                       "optics, and whether the switch has its mirror port enabled.")};
  }
  if (port.facts.link_mbps == 0) return {check.ok("up")};
  return {check.ok(fmt::format("up, {} Mb/s", port.facts.link_mbps))};
}

Diagnosis judge_promiscuity(const OpenPort& port, const std::string& name) {
  const Check check("promiscuous", name);
  if (port.facts.promiscuous) return check.ok("on");
  return check.warn("off, and the driver does not switch it on",
                    "Frames to other hosts' addresses may be dropped, and those are what a mirror sends.");
}

// With 0x6d5a repeated, the Toeplitz hash is the same for both directions (Woo and Park 2012).
std::string symmetric_key_fix(const std::string& interface, unsigned queues) {
  return fmt::format("ethtool -X {} hkey $(printf '6d:5a:%.0s' $(seq 20) | sed 's/:$//') equal {}",
                     shell_word(interface), queues);
}

Diagnoses judge_spreading(const OpenPort& port, const LivePlan::Port& planned) {
  const dataplane::PortFacts& facts = port.facts;
  if (facts.queues < 2) return {};
  const Check check("rss", planned.settings.name);
  if (planned.settings.driver == PortDriver::kAfPacket)
    return {check.ok("by the kernel, both directions alike")};
  if (planned.settings.driver == PortDriver::kAfXdp) {
    return {check.warn(
        "as the kernel's driver has set the NIC up",
        "Its usual key sends the two directions of a flow to different queues, and it may use more "
        "queues than these.",
        symmetric_key_fix(planned.settings.name, facts.queues))};
  }
  if (!facts.rss) {
    return {check.fail(fmt::format("{} does not spread flows over its {} queues", facts.driver, facts.queues),
                       "Only the first queue gets frames: set 'queues' to 1.")};
  }
  if (!facts.rss_symmetric) {
    return {
        check.warn("by a key that is not symmetric",
                   "The two directions of a flow go to different workers, so that copies and segments of one "
                   "stream are looked for in two places.")};
  }
  const std::string table = facts.reta_entries == 0
                                ? "the driver's own table"
                                : fmt::format("{} table entries filled evenly", facts.reta_entries);
  return {
      check.ok(fmt::format("symmetric key, by {} headers, {}", facts.rss_inner ? "inner" : "outer", table))};
}

Diagnosis judge_offloads(const OpenPort& port, const std::string& name) {
  const dataplane::PortFacts& facts = port.facts;
  const Check check("nic offloads", name);
  const std::string found = fmt::format(
      "checksums {}, packet types {}, times {}", facts.checksum_offload ? "by the NIC" : "not checked",
      facts.packet_type_offload ? "by the NIC" : "by tapline",
      facts.hardware_time ? "from the NIC, kernel or file" : "from the processor");
  if (!port.strips_vlan_tags) return check.ok(found);
  return check.warn(found + "; VLAN tags are taken off",
                    "Frames of different VLANs look alike, and tags are not reported.");
}

Diagnosis judge_filter(const OpenPort& port, const std::string& name) {
  const Check check("nic filter", name);
  if (port.facts.filters) return check.ok("in force");
  if (!port.facts.cannot_filter.empty()) {
    return check.warn("not possible: " + port.facts.cannot_filter,
                      "nic_filter = true has no effect: all frames reach the workers.");
  }
  return check.ok(port.drops_in_nic ? "possible, and not asked for" : "not possible, and not asked for");
}

void add(Diagnoses& to, Diagnoses more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

bool spreads_flows(const dataplane::PortFacts& facts, PortDriver driver) noexcept {
  return facts.rss || driver == PortDriver::kAfPacket || driver == PortDriver::kAfXdp;
}

Diagnoses judge_port(const PortVisit& visit, const LivePlan::Port& planned) {
  const std::string& name = planned.settings.name;
  const Check opening("open", name);
  if (!visit.open) {
    return {opening.fail(
        visit.refusal,
        "tapline run cannot start with this port. If another of its checks fails, mend that first.")};
  }
  Diagnoses diagnoses = {judge_opening(*visit.open, opening)};
  add(diagnoses, judge_link(*visit.open, planned));
  diagnoses.push_back(judge_promiscuity(*visit.open, name));
  add(diagnoses, judge_spreading(*visit.open, planned));
  diagnoses.push_back(judge_offloads(*visit.open, name));
  diagnoses.push_back(judge_filter(*visit.open, name));
  return diagnoses;
}

}  // namespace mgmt
