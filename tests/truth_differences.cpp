#include "tests/truth_differences.h"

namespace tests {

const std::vector<Difference>& differences() {
  static const std::string kShortHeader =
      "frame 21 carries 6 octets over UDP, and a DNS header has 12 (RFC 1035 section 4.1.1); tshark counts "
      "it by its "
      "flags";
  static const std::vector<Difference> all = {
      {"c_dns_edge/compactor_malformed_sll.pcap", "udp_q", -1, kShortHeader},
      {"c_dns_edge/compactor_malformed_sll.pcap", "nf_udp_q", -1, kShortHeader},
      {"c_dns_edge/compactor_malformed_sll.pcap", "q_none", -1, kShortHeader},
      {"c_dns_edge/compactor_malformed_sll.pcap", "bad_dns", -1, kShortHeader},
      {"c_dns_edge/ndpi_malformed_dns.pcap", "bad_dns", 4,
       "frames 2, 3, 5, 6: the second question's name is longer than 255 octets (RFC 1035 section 2.3.4); "
       "tshark "
       "writes <Name too long> and marks nothing"},
      {"c_dns_edge/suri_forward_pointer.pcap", "bad_dns", 1,
       "frame 1: the question's name points forward, not to a prior occurrence (RFC 1035 section 4.1.4)"},
      {"c_dns_edge/zeek_invalid_names.pcap", "bad_dns", 1,
       "frame 2: the question's name is a pointer to itself (RFC 1035 section 4.1.4)"},
      {"g_encap/arkime_synthetic.pcap", "bad_dns", 2,
       "frame 717: an alpn list without an entry (RFC 9460 section 7.1.1); frame 918: an ipv4hint without an "
       "address "
       "(RFC 9460 section 7.3)"},
      {"j_large/compactor_nsd_live.pcapng", "bad_dns", 3,
       "frames 11109, 15402, 17767: the question's name is longer than 255 octets (RFC 1035 section 2.3.4)"},
  };
  return all;
}

}  // namespace tests
