#include "tests/support/world/mail.h"

#include <array>

#include "tests/support/world/sites.h"

namespace tests::world {
namespace {

constexpr Nanos kServerTurn = 200 * kMicrosecond;
constexpr std::array<const char*, 2> kBlockLists = {".zen.dnsbl.example", ".bl.dnsbl.example"};
constexpr std::array<std::uint16_t, 4> kMailboxPorts = {993, 143, 995, 110};

Lookup exchanger_lookup(std::uint32_t peer, DnsType type) {
  Lookup lookup = empty_lookup(mail_exchanger(peer), type, 3600);
  if (type == DnsType::kA) lookup.records.push_back({type, mail_peer(peer), {}});
  return lookup;
}

Lookup mx_lookup(std::uint32_t peer) {
  Lookup lookup = empty_lookup(mail_domain(peer), DnsType::kMx, 3600);
  lookup.records.push_back({DnsType::kMx, {}, mail_exchanger(peer)});
  return lookup;
}

Lookup policy_lookup(const std::string& name) {
  Lookup lookup = empty_lookup(name, DnsType::kTxt, 3600);
  lookup.records.push_back({DnsType::kTxt, {}, "v=spf1 mx ~all"});
  return lookup;
}

// One client in sixteen is listed (RFC 5782).
Lookup block_list_lookup(std::uint32_t peer, const char* list) {
  const std::string name = reverse_octets(mail_peer(peer)) + list;
  if (peer % 16 != 0) return no_such_name(name, DnsType::kA, 60);
  Lookup lookup = empty_lookup(name, DnsType::kA, 60);
  lookup.records.push_back({DnsType::kA, v4(0x7F000002), {}});
  return lookup;
}

}  // namespace

Fate drawn_delivery(Random& random) {
  const std::uint32_t drawn = random.below(100);
  return drawn < 93 ? Fate::kAccepted : drawn < 97 ? Fate::kSilent : Fate::kRefused;
}

Nanos Mail::ask(Nanos at, const Lookup& lookup) {
  return resolver_.ask(at + exponential(random_, 2 * kMillisecond), mail_server(), lookup);
}

Nanos Mail::smtp_connection(Nanos at, const Address& client) {
  Connection connection;
  connection.from = tap_.ephemeral(client);
  connection.to = {mail_server(), kSmtpPort};
  connection.round_trip = kServerTurn;
  tap_.connection(at, connection);
  return at + kServerTurn;
}

void Mail::receive(Nanos at, std::uint32_t peer) {
  Nanos now = smtp_connection(at, mail_peer(peer));
  const std::string name = peer % 10 == 0 ? "" : mail_exchanger(peer);  // One in ten has no name.
  now = ask(now, reverse_lookup(mail_peer(peer), name));
  now = ask(now, exchanger_lookup(peer, DnsType::kA));
  now = ask(now, block_list_lookup(peer, kBlockLists[0]));
  now = ask(now, block_list_lookup(peer, kBlockLists[1]));
  now = ask(now, mx_lookup(peer));
  now = ask(now, policy_lookup(mail_domain(peer)));
  now = ask(now, policy_lookup("_dmarc." + mail_domain(peer)));
  ask(now, exchanger_lookup(peer, DnsType::kAaaa));
}

void Mail::deliver(Nanos at, const Delivery& delivery) {
  const auto& [sender, peer, fate] = delivery;
  Nanos now = resolver_.ask(at, sender, mx_lookup(peer));
  now = resolver_.ask(now + kMillisecond, sender, exchanger_lookup(peer, DnsType::kA));
  resolver_.ask(now + kMillisecond, sender, exchanger_lookup(peer, DnsType::kAaaa));
  Connection connection;
  connection.from = tap_.ephemeral(sender);
  connection.to = {mail_peer(peer), kSmtpPort};
  connection.fate = fate;
  connection.round_trip = (5 + random_.below(100)) * kMillisecond;
  tap_.connection(now + exponential(random_, 40 * kMillisecond), connection);
}

void Mail::log_in(Nanos at, std::uint32_t pc_index) {
  const Address client = pc(pc_index).is_v4() ? pc(pc_index) : pc(pc_index - 1);  // The server speaks IPv4.
  Nanos now = at;
  if (random_.permille(200))
    now = resolver_.ask(at, client, local_lookup("mx", mail_server())) + kMillisecond;
  Connection connection;
  connection.from = tap_.ephemeral(client);
  connection.to = {mail_server(), kMailboxPorts[random_.below(kMailboxPorts.size())]};
  connection.round_trip = kServerTurn;
  tap_.connection(now, connection);
  ask(now + 2 * kServerTurn,
      reverse_lookup(client, "pc" + std::to_string(pc_index) + "." + std::string(kLocalDomain)));
}

}  // namespace tests::world
