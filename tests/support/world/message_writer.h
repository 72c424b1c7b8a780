// Writes DNS messages of any names: a question, or its answer (RFC 1035).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/traffic/octet_writer.h"
#include "wire/dns_message.h"

namespace tests::world {

using wire::DnsType;

enum Rcode : std::uint8_t {
  kNoError = 0,
  kServFail = 2,
  kNxdomain = 3,
  kRefused = 5
};

// A, AAAA, CNAME, PTR, MX, NS, TXT or HTTPS. Records that follow a CNAME belong to its target.
struct Record {
  DnsType type = DnsType::kA;
  wire::Address address = {};  // of A and AAAA; the IPv4 hint of HTTPS
  std::string text = {};       // the name that CNAME, PTR, MX and NS point to; of TXT what it says
};

// A question and what is true of it.
struct Lookup {
  std::string name;
  DnsType type = DnsType::kA;
  std::vector<Record> records = {};
  std::uint32_t ttl = 300;  // seconds; of an empty answer: how long that is remembered (RFC 2308)
  Rcode rcode = kNoError;
};

class MessageWriter {
 public:
  static constexpr std::uint32_t kMaxOctets = 1400;

  enum class Asks : std::uint8_t {
    kRecursion,  // a client its resolver
    kAuthority   // a resolver a name's own servers
  };

  // Each is borrowed until the next call. Every message carries EDNS (RFC 6891).
  std::span<const std::uint8_t> query(std::uint16_t id, const Lookup& lookup, Asks asks);
  std::span<const std::uint8_t> response(std::uint16_t id, const Lookup& lookup, Asks asks,
                                         std::uint32_t ttl);
  // No answer fits: ask over TCP.
  std::span<const std::uint8_t> truncated(std::uint16_t id, const Lookup& lookup);
  // Not ours: ask the servers of this zone.
  std::span<const std::uint8_t> referral(std::uint16_t id, const Lookup& lookup, std::string_view zone);

 private:
  void start(std::uint16_t id, const Lookup& lookup, std::uint32_t flags);
  std::span<const std::uint8_t> finish();
  void record(const Record& record, std::uint32_t ttl);
  void rdata(const Record& record);
  void authority_soa(std::string_view name, std::uint32_t ttl);
  void begin_record(DnsType type, std::uint32_t ttl);
  void end_record(std::uint32_t count_at);
  void name(std::string_view dotted);
  void label(std::string_view text);

  dataplane::traffic::OctetWriter<kMaxOctets> out_;
  std::uint32_t owner_at_ = 0;  // of the next record
  std::uint32_t rdata_at_ = 0;  // of the record being written
};

// The last labels of a name: "example.com" of "www.example.com" and 2.
std::string_view last_labels(std::string_view name, unsigned count);

}  // namespace tests::world
