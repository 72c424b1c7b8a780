#include "dataplane/nic_filter.h"

#include <array>
#include <numeric>
#include <optional>

#include <rte_byteorder.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_flow.h>

#include "dataplane/filter_rules.h"

namespace dataplane {
namespace {

constexpr std::uint32_t kPassPriority = 0;
constexpr std::uint32_t kDropPriority = 1;

enum class End {
  kSource,
  kDestination
};

// Ethernet, one version of IP, one transport protocol, and what of its header must match.
class Pattern {
 public:
  Pattern(rte_flow_item_type ip, std::uint8_t protocol)
      : transport_(protocol == wire::kProtocolTcp ? RTE_FLOW_ITEM_TYPE_TCP : RTE_FLOW_ITEM_TYPE_UDP),
        ip_(ip) {}

  Pattern& port(End end, std::uint16_t port) {
    const rte_be16_t value = rte_cpu_to_be_16(port);
    if (transport_ == RTE_FLOW_ITEM_TYPE_TCP) {
      (end == End::kSource ? tcp_.hdr.src_port : tcp_.hdr.dst_port) = value;
      (end == End::kSource ? tcp_mask_.hdr.src_port : tcp_mask_.hdr.dst_port) = 0xffff;
    } else {
      (end == End::kSource ? udp_.hdr.src_port : udp_.hdr.dst_port) = value;
      (end == End::kSource ? udp_mask_.hdr.src_port : udp_mask_.hdr.dst_port) = 0xffff;
    }
    matches_ = true;
    return *this;
  }

  Pattern& syn() {
    tcp_.hdr.tcp_flags = tcp_mask_.hdr.tcp_flags = wire::kSynFlag;
    matches_ = true;
    return *this;
  }

  // Valid as long as this lives.
  std::array<rte_flow_item, 4> items() const {
    std::array<rte_flow_item, 4> items{};
    items[0].type = RTE_FLOW_ITEM_TYPE_ETH;
    items[1].type = ip_;
    items[2].type = transport_;
    items[3].type = RTE_FLOW_ITEM_TYPE_END;
    if (!matches_) return items;
    const bool tcp = transport_ == RTE_FLOW_ITEM_TYPE_TCP;
    items[2].spec = tcp ? static_cast<const void*>(&tcp_) : &udp_;
    items[2].mask = tcp ? static_cast<const void*>(&tcp_mask_) : &udp_mask_;
    return items;
  }

 private:
  rte_flow_item_type transport_;
  rte_flow_item_type ip_;
  bool matches_ = false;
  rte_flow_item_udp udp_{}, udp_mask_{};
  rte_flow_item_tcp tcp_{}, tcp_mask_{};
};

std::vector<Pattern> passes_of(rte_flow_item_type ip) {
  std::vector<Pattern> patterns;
  for (const End end : {End::kSource, End::kDestination}) {
    for (const std::uint16_t port : kPassedUdpPorts)
      patterns.push_back(Pattern(ip, wire::kProtocolUdp).port(end, port));
    for (const std::uint16_t port : kPassedTcpPorts)
      patterns.push_back(Pattern(ip, wire::kProtocolTcp).port(end, port));
  }
  patterns.push_back(Pattern(ip, wire::kProtocolTcp).syn());
  return patterns;
}

std::vector<Pattern> drops_of(rte_flow_item_type ip) {
  return {Pattern(ip, wire::kProtocolUdp), Pattern(ip, wire::kProtocolTcp)};
}

constexpr std::array<rte_flow_item_type, 2> kIpVersions = {RTE_FLOW_ITEM_TYPE_IPV4, RTE_FLOW_ITEM_TYPE_IPV6};

// Null if the NIC cannot; `why_not` then says what the driver said.
rte_flow* add_rule(std::uint16_t port, std::uint32_t priority, const Pattern& pattern,
                   const rte_flow_action& action, std::string& why_not) {
  rte_flow_attr attributes{};
  attributes.ingress = 1;
  attributes.priority = priority;
  const std::array<rte_flow_item, 4> items = pattern.items();
  rte_flow_action end{};
  end.type = RTE_FLOW_ACTION_TYPE_END;
  const std::array<rte_flow_action, 2> actions = {action, end};
  rte_flow_error error{};
  rte_flow* rule = rte_flow_create(port, &attributes, items.data(), actions.data(), &error);
  if (rule == nullptr) why_not = error.message != nullptr ? error.message : rte_strerror(rte_errno);
  return rule;
}

}  // namespace

NicFilter::NicFilter(std::uint16_t port, unsigned queues) : port_(port), queues_(queues) {
  if (add_passes() && add_drops()) return;
  remove(drops_);
  remove(passes_);
}

NicFilter::~NicFilter() {
  remove(drops_);
  remove(passes_);
}

// What is let through is spread over the queues as if there were no rule.
bool NicFilter::add_passes() {
  std::vector<std::uint16_t> all(queues_);
  std::iota(all.begin(), all.end(), std::uint16_t{0});
  rte_flow_action_rss rss{};
  rss.types = RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP;
  rss.queue_num = queues_;
  rss.queue = all.data();
  const rte_flow_action_queue only = {.index = 0};
  rte_flow_action action{};
  action.type = queues_ > 1 ? RTE_FLOW_ACTION_TYPE_RSS : RTE_FLOW_ACTION_TYPE_QUEUE;
  action.conf = queues_ > 1 ? static_cast<const void*>(&rss) : &only;
  for (const rte_flow_item_type ip : kIpVersions) {
    for (const Pattern& pattern : passes_of(ip)) {
      rte_flow* rule = add_rule(port_, kPassPriority, pattern, action, why_not_);
      if (rule == nullptr) return false;
      passes_.push_back(rule);
    }
  }
  return true;
}

bool NicFilter::add_drops() {
  rte_flow_action action{};
  action.type = RTE_FLOW_ACTION_TYPE_DROP;
  for (const rte_flow_item_type ip : kIpVersions) {
    for (const Pattern& pattern : drops_of(ip)) {
      rte_flow* rule = add_rule(port_, kDropPriority, pattern, action, why_not_);
      if (rule == nullptr) return false;
      drops_.push_back(rule);
    }
  }
  return true;
}

bool NicFilter::set_dropping(bool dropping) {
  remove(drops_);
  if (!dropping || add_drops()) return true;
  remove(drops_);
  return false;
}

void NicFilter::remove(std::vector<rte_flow*>& rules) noexcept {
  rte_flow_error ignored{};
  for (rte_flow* rule : rules) rte_flow_destroy(port_, rule, &ignored);
  rules.clear();
}

}  // namespace dataplane
