// How a port spreads flows over its RX queues: RSS with a symmetric key, by the inner headers where the NIC
// can.
#pragma once

#include <cstdint>

#include <rte_ethdev.h>

#include "dataplane/port.h"

namespace dataplane {

// Before rte_eth_dev_configure(): asks for what the NIC offers.
void ask_for_rss(const rte_eth_dev_info& info, unsigned queues, rte_eth_conf& conf, PortFacts& facts);

// After rte_eth_dev_start(): every queue gets the same number of entries of the redirection table.
void fill_reta_evenly(std::uint16_t port, const rte_eth_dev_info& info, unsigned queues, PortFacts& facts);

}  // namespace dataplane
