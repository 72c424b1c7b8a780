// Counts what the logs of mail servers say, and what the DNS servers' logs say of them.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "aggregator/detector_settings.h"
#include "aggregator/keyed_hash.h"
#include "aggregator/mail_counts.h"
#include "aggregator/shard_step.h"
#include "aggregator/step_table.h"
#include "dataplane/event.h"

namespace aggregator {

// Capacities are of all partitions together, and of a second.
struct MailSettings {
  std::vector<WatchedServer> servers;
  std::size_t clients = std::size_t{1} << 14;  // different SMTP clients; 80 bytes each once used
  std::size_t domains = std::size_t{1} << 12;  // of recipients; 192 bytes each once used
  std::size_t codes = std::size_t{1} << 10;    // DSNs
  KeyedHash hash;                              // the same in all shards
};

// Belongs to one shard. One thread; nothing is allocated after construction but by close(). `partition` is
// that of the event's client in this shard. What finds no room in a table is still part of the server's
// counts.
class MailCounter {
 public:
  // Has `partitions` of `all_partitions`. Throws std::runtime_error if the memory cannot be had.
  MailCounter(const MailSettings& settings, unsigned partitions, unsigned all_partitions);

  // A kMail; `domain` in lower case, or empty.
  void mail(const dataplane::Event& event, unsigned partition, std::span<const std::uint8_t> domain) noexcept;
  // A kLogQuery.
  void query(const dataplane::Event& event) noexcept;

  // Moves what was counted since the last close to the step's rows of mail.
  void close(ShardStep& step);

 private:
  struct Server {
    wire::Address address;
    MailCounts counts;
    bool any = false;  // something was counted
  };

  Server* server_at(const wire::Address& address) noexcept;
  void reject(const dataplane::Event& event, unsigned partition, Server& server,
              std::span<const std::uint8_t> domain) noexcept;
  MailClientRow* client(const dataplane::Event& event, unsigned partition) noexcept;
  MailDomainPart* domain(const wire::Address& server, unsigned partition,
                         std::span<const std::uint8_t> text) noexcept;

  std::vector<Server> servers_;
  std::map<wire::Address, std::size_t> places_;  // of all addresses
  KeyedHash hash_;
  StepTable<MailClientRow> clients_;
  StepTable<MailDomainPart> domains_;
  StepTable<MailCodeRow> codes_;
};

}  // namespace aggregator
