// What can be asked of an open port besides its facts.
#pragma once

#include "dataplane/port.h"

namespace dataplane {

// The NIC takes a rule that drops frames by their UDP port: nic_filter may be worth a try.
bool can_drop_in_nic(const Port& port) noexcept;

// VLAN tags are taken off before a worker sees them.
bool strips_vlan_tags(const Port& port) noexcept;

}  // namespace dataplane
