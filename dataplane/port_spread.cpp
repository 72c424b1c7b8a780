#include "dataplane/port_spread.h"

#include <algorithm>
#include <array>
#include <vector>

namespace dataplane {
namespace {

// 0x6d5a over and over: the Toeplitz hash of (a, b) is then that of (b, a) (Woo and Park, Scalable TCP
// session monitoring with symmetric receive-side scaling, 2012).
constexpr std::size_t kMaxKeyBytes = 128;
constexpr std::size_t kUsualKeyBytes = 40;
std::array<std::uint8_t, kMaxKeyBytes> symmetric_key() {
  std::array<std::uint8_t, kMaxKeyBytes> key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = i % 2 == 0 ? 0x6d : 0x5a;
  return key;
}

constexpr std::uint64_t kWantedHashes =
    RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP | RTE_ETH_RSS_TUNNEL | RTE_ETH_RSS_GTPU;

}  // namespace

void ask_for_rss(const rte_eth_dev_info& info, unsigned queues, rte_eth_conf& conf, PortFacts& facts) {
  static std::array<std::uint8_t, kMaxKeyBytes> key = symmetric_key();
  std::uint64_t hashes = info.flow_type_rss_offloads & kWantedHashes;
  if (queues < 2 || hashes == 0) return;
  facts.rss_inner = (info.flow_type_rss_offloads & RTE_ETH_RSS_LEVEL_INNERMOST) != 0;
  if (facts.rss_inner) hashes |= RTE_ETH_RSS_LEVEL_INNERMOST;
  const std::size_t key_bytes = info.hash_key_size == 0 ? kUsualKeyBytes : info.hash_key_size;
  facts.rss = true;
  facts.rss_symmetric = key_bytes <= kMaxKeyBytes;
  conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
  conf.rx_adv_conf.rss_conf.rss_hf = hashes;
  if (!facts.rss_symmetric) return;
  conf.rx_adv_conf.rss_conf.rss_key = key.data();
  conf.rx_adv_conf.rss_conf.rss_key_len = static_cast<std::uint8_t>(key_bytes);
}

void fill_reta_evenly(std::uint16_t port, const rte_eth_dev_info& info, unsigned queues, PortFacts& facts) {
  if (!facts.rss || info.reta_size == 0) return;
  std::vector<rte_eth_rss_reta_entry64> table((info.reta_size + RTE_ETH_RETA_GROUP_SIZE - 1) /
                                              RTE_ETH_RETA_GROUP_SIZE);
  for (unsigned i = 0; i < info.reta_size; ++i) {
    rte_eth_rss_reta_entry64& group = table[i / RTE_ETH_RETA_GROUP_SIZE];
    group.mask |= std::uint64_t{1} << (i % RTE_ETH_RETA_GROUP_SIZE);
    group.reta[i % RTE_ETH_RETA_GROUP_SIZE] = static_cast<std::uint16_t>(i % queues);
  }
  if (rte_eth_dev_rss_reta_update(port, table.data(), info.reta_size) == 0)
    facts.reta_entries = info.reta_size;
}

}  // namespace dataplane
