// Writes the DNS messages of a generated trace: a question, or its answer as a resolver would give it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "dataplane/traffic/octet_writer.h"
#include "dataplane/traffic/zone.h"
#include "wire/dns_message.h"

namespace dataplane::traffic {

struct Question {
  std::uint16_t id = 0;
  wire::DnsType type = wire::DnsType::kA;
  std::uint32_t rank = 0;        // of the name in the Zone; of kPtr: the server whose address is asked for
  bool ipv6 = false;             // of kPtr: its IPv6 address
  bool in_local_domain = false;  // the local domain is appended to the name: there is no such name
  bool edns = false;
  bool cookie = false;  // RFC 7873, needs `edns`
};

class DnsWriter {
 public:
  static constexpr std::uint32_t kMaxOctets = 512;

  explicit DnsWriter(const Zone& zone) noexcept : zone_(zone) {}

  // Borrowed until the next call.
  std::span<const std::uint8_t> query(const Question& question);
  std::span<const std::uint8_t> response(const Question& question);

  // Whether the response holds A or AAAA records.
  static bool has_addresses(const Question& question) noexcept;

 private:
  void start(const Question& question, std::uint16_t flags);
  void question_name(const Question& question);
  void reverse_name(const Question& question);
  std::span<const std::uint8_t> finish(const Question& question, bool response);

  void answer_addresses(const Question& question);
  void answer_mx(const Question& question);
  void answer_https(const Question& question);
  void answer_txt(const Question& question);
  void answer_ptr(const Question& question);
  void authority_soa(const Question& question);

  void begin_record(std::uint32_t owner_at, wire::DnsType type, std::uint32_t ttl);
  void end_record(std::uint32_t count_at);

  void label(std::string_view text);
  void label(std::string_view text, std::uint32_t number);
  void pointer(std::uint32_t at) { out_.u16(0xC000 | at); }

  const Zone& zone_;
  OctetWriter<kMaxOctets> out_;
  std::uint32_t rdata_at_ = 0;  // of the record being written
};

}  // namespace dataplane::traffic
