// Captures of a network whose hosts are worth a look, made frame by frame.
#pragma once

#include <string_view>
#include <vector>

#include "tests/support/capture_builder.h"
#include "tests/support/events.h"
#include "tests/support/packet_builder.h"

namespace tests {

inline constexpr std::uint32_t kAttackStart = 1'700'000'000;

inline Bytes frame_bytes(const Bytes& ip) {
  return ethernet(kIpv4, ip);
}

inline Bytes tcp_segment(const wire::Address& from, const wire::Address& to, std::uint16_t port,
                         std::uint8_t flags) {
  return ipv4(kTcp, to_text(from), to_text(to), tcp(40'000, port, flags));
}
inline Bytes syn_packet(const wire::Address& from, const wire::Address& to, std::uint16_t port) {
  return tcp_segment(from, to, port, 0x02);
}

inline Bytes question(std::string_view name, std::uint16_t type) {
  const wire::DnsName octets = dns_name(name);
  return Bytes(octets.wire().begin(), octets.wire().end()) + be16(type) + be16(1);
}
inline Bytes query_packet(const wire::Address& client, const wire::Address& server, std::string_view name,
                          std::uint16_t type = 1) {
  const Bytes message = Bytes{0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0} + question(name, type);
  return ipv4(kUdp, to_text(client), to_text(server), udp(40'000, 53, message));
}
// With an A record of each address; without any, `rcode` says why.
inline Bytes response_packet(const wire::Address& client, const wire::Address& server, std::string_view name,
                             const std::vector<wire::Address>& addresses, std::uint8_t rcode = 0) {
  Bytes message = Bytes{0, 1, 0x81, static_cast<std::uint8_t>(0x80 | rcode), 0, 1} + be16(addresses.size()) +
                  zeros(4) + question(name, 1);
  for (const wire::Address& address : addresses)
    message = message + Bytes{0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4} + address_bytes(to_text(address));
  return ipv4(kUdp, to_text(server), to_text(client), udp(53, 40'000, message));
}

// A minute: mail and a browser as always; from the 30th second on bounces come to the mail server 10.0.0.25
// and from the 35th on 10.0.0.7 tries port 135 of addresses that nobody was told.
inline Pcap attacked_campus() {
  Pcap pcap;
  const wire::Address mail = host(25);
  const wire::Address resolver = host(53);
  std::uint32_t number = 0;
  for (std::uint32_t second = 0; second < 60; ++second) {
    std::uint32_t microseconds = 0;
    const auto add = [&](const Bytes& ip) {
      pcap.frame(kAttackStart + second, microseconds += 500, frame_bytes(ip));
    };
    for (std::uint32_t i = 0; i < 3; ++i, ++number) {
      const std::string name = "www" + std::to_string(number % 40) + ".example.com";
      const wire::Address site = host(200'000 + number % 40);
      add(query_packet(host(10 + i), resolver, name));
      add(response_packet(host(10 + i), resolver, name, {site}));
      add(syn_packet(host(10 + i), site, 443));
      add(syn_packet(host(300'000 + number % 20), mail, 25));
      add(query_packet(mail, resolver, "mx" + std::to_string(number % 9) + ".example.com", 15));
      add(response_packet(mail, resolver, name, {}));
    }
    for (std::uint32_t i = 0; second >= 30 && i < 60; ++i, ++number) {
      const std::string name =
          "mx" + std::to_string(i) + ".forged" + std::to_string(i % 4) + ".com.campus.example";
      add(syn_packet(host(400'000 + number % 500), mail, 25));
      add(query_packet(mail, resolver, name));
      add(response_packet(mail, resolver, name, {}, 3));
    }
    for (std::uint32_t i = 0; second >= 35 && i < 30; ++i, ++number)
      add(syn_packet(host(7), host(500'000 + number), 135));
  }
  return pcap;
}

// Queries to 10.0.0.53 and SYNs, as many of sound times as of others.
inline Pcapng senseless_times(std::uint64_t& queries) {
  constexpr std::uint64_t kTicks = 1'000'000'000;
  const Pcapng blank;
  Pcapng pcapng;
  pcapng.section();
  pcapng.interface(1, 0, blank.resolution(9));
  pcapng.interface(1, 0, joined(blank.resolution(9), blank.offset_seconds(-5'000'000'000)));
  pcapng.interface(1, 0, joined(blank.resolution(0), blank.offset_seconds(0)));
  struct Stamp {
    std::uint32_t interface;
    std::uint64_t ticks;
  };
  const Stamp stamps[] = {{1, 0},  // 1811
                          {0, 0},  // 1970
                          {0, 1'600'000'000 * kTicks},
                          {0, 1'700'000'000 * kTicks},
                          {0, 4'102'444'800 * kTicks},  // 2100
                          {2, ~std::uint64_t{0}}};      // what 64 bits of nanoseconds cannot hold
  queries = 0;
  for (std::size_t round = 0; round < 40; ++round) {
    for (std::uint64_t i = 0; i < 10; ++i) {
      const Stamp stamp = round % 2 == 0 ? stamps[3] : stamps[round / 2 % std::size(stamps)];
      const std::uint64_t later = stamp.interface == 2 ? 0 : (round * 10 + i) * kTicks / 4;
      const wire::Address client = host(static_cast<std::uint32_t>(1 + i));
      pcapng.packet(stamp.interface, stamp.ticks + later,
                    frame_bytes(query_packet(client, host(53), "www.example.com")));
      pcapng.packet(stamp.interface, stamp.ticks + later, frame_bytes(syn_packet(client, host(90'000), 443)));
      ++queries;
    }
  }
  return pcapng;
}

}  // namespace tests
