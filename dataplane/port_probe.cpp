#include "dataplane/port_probe.h"

#include <array>

#include <rte_ethdev.h>
#include <rte_flow.h>

#include "wire/packet.h"

namespace dataplane {

bool can_drop_in_nic(const Port& port) noexcept {
  rte_flow_attr ingress{};
  ingress.ingress = 1;
  rte_flow_item_udp to_dns{};
  to_dns.hdr.dst_port = RTE_BE16(wire::kDnsPort);
  rte_flow_item_udp its_port{};
  its_port.hdr.dst_port = 0xFFFF;
  const std::array<rte_flow_item, 4> pattern = {{
      {.type = RTE_FLOW_ITEM_TYPE_ETH, .spec = nullptr, .last = nullptr, .mask = nullptr},
      {.type = RTE_FLOW_ITEM_TYPE_IPV4, .spec = nullptr, .last = nullptr, .mask = nullptr},
      {.type = RTE_FLOW_ITEM_TYPE_UDP, .spec = &to_dns, .last = nullptr, .mask = &its_port},
      {.type = RTE_FLOW_ITEM_TYPE_END, .spec = nullptr, .last = nullptr, .mask = nullptr},
  }};
  const std::array<rte_flow_action, 2> drop = {{{.type = RTE_FLOW_ACTION_TYPE_DROP, .conf = nullptr},
                                                {.type = RTE_FLOW_ACTION_TYPE_END, .conf = nullptr}}};
  rte_flow_error unused{};
  return rte_flow_validate(port.id(), &ingress, pattern.data(), drop.data(), &unused) == 0;
}

bool strips_vlan_tags(const Port& port) noexcept {
  const int offloads = rte_eth_dev_get_vlan_offload(port.id());
  return offloads > 0 && (offloads & RTE_ETH_VLAN_STRIP_OFFLOAD) != 0;
}

}  // namespace dataplane
