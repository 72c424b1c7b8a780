// What one worker saw, 64 bytes at a time: the only thing that goes from the dataplane to the aggregator.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "wire/address.h"
#include "wire/mail_fact.h"
#include "wire/tunnel.h"

namespace dataplane {

inline constexpr std::size_t kCacheLine = 64;

enum class EventKind : std::uint8_t {
  kQuery,       // a DNS query: client -> peer (resolver)
  kResponse,    // a DNS response: client <- peer (resolver)
  kResolution,  // an A or AAAA record of a response's answer section: client was told peer
  kHint,        // an ipv4hint or ipv6hint of an SVCB or HTTPS record (RFC 9460): client was told peer
  kConnect,     // TCP SYN, or a QUIC Initial: client -> peer
  kAccept,      // TCP SYN and ACK, or a server's QUIC Initial: client <- peer
  kName,        // 48 octets of the name of the kQuery that follows on the same ring
  kMatch,       // which of the operator's patterns match that name; only if there are patterns
  kMail,        // a fact of a mail server's log; client: the SMTP, POP3 or IMAP client, peer: the server
  kLogQuery,  // a line of a DNS server's query log, as a kQuery; over it come the kName slots, as with kQuery
  kCount
};
inline constexpr std::size_t kEventKinds = static_cast<std::size_t>(EventKind::kCount);
inline constexpr std::array<std::string_view, kEventKinds> kEventKindNames = {
    "query", "response", "resolution", "hint", "connect", "accept", "name", "match", "mail", "log_query"};

// Of kQuery and kResponse; kOverTcp and kFromPort53 also of kResolution and kHint. A kResolution has the one
// of kHasA and kHasAaaa that its record is: an AAAA record may hold an IPv4-mapped address.
enum DnsFlag : std::uint8_t {
  kOverTcp = 1 << 0,
  kTruncatedFlag = 1 << 1,  // TC
  kMalformed = 1 << 2,      // the message breaks RFC 1035 after its header
  kNoQuestion = 1 << 3,     // no question could be read: qtype means nothing
  kHasA = 1 << 4,           // the answer section holds an A record
  kHasAaaa = 1 << 5,
  kFromPort53 = 1 << 6,      // the source port is 53: an answer in Rikitake's sense if over UDP
  kRecordsMissing = 1 << 7,  // fewer records could be read than the header promises
};
// Of kConnect and kAccept.
enum ConnectFlag : std::uint8_t {
  kQuic = 1 << 0
};

// Owns its bytes, so it may outlive the frame it came from. A kName or kMatch slot uses everything after
// `detail` as text.
struct alignas(kCacheLine) Event {
  std::uint64_t order;  // the frame's place in capture order; events of one frame share it, in the order made
  EventKind kind;
  std::uint8_t flags;
  wire::TunnelSet tunnels;
  union {
    struct {
      std::uint16_t qtype;
      std::uint16_t rcode : 12;  // kResponse only
      bool formed : 1;           // the name is an FQDN with a local domain appended
      bool no_data : 1;          // kResponse only: no record of the type asked for in the answer section
    } dns;                       // kQuery, kResponse
    std::uint32_t ttl;           // seconds; kResolution, kHint
    std::uint32_t port;          // of the server; kConnect, kAccept
    struct {
      std::uint8_t length;   // octets of text in this slot
      std::uint8_t total;    // octets of the whole name
      std::uint16_t offset;  // of this slot's text in the name
    } name;                  // kName
    struct {
      std::uint8_t count;  // of ids in the text
      bool more;           // matched, for which there was no room
    } match;               // kMatch
    struct {
      wire::MailFactKind kind;
      wire::MailReason reason;
      std::uint16_t recipients;
    } mail;  // kMail; its kName slots before it are the domain as text
  } detail;
  std::int64_t time_ns;     // packet time since 1970
  std::uint64_t name_hash;  // of the first question's name, 0 without a sound one; of a kMail pack(Dsn)
  wire::Address client;
  wire::Address peer;
};

inline constexpr std::size_t kNameSlotOctets = 48;
static_assert(sizeof(Event) == kCacheLine);
static_assert(std::is_trivially_copyable_v<Event>);  // crosses a ring as bytes
static_assert(offsetof(Event, time_ns) + kNameSlotOctets == sizeof(Event));

inline std::span<std::uint8_t, kNameSlotOctets> text_of(Event& event) noexcept {
  return std::span<std::uint8_t, kNameSlotOctets>(
      reinterpret_cast<std::uint8_t*>(&event) + offsetof(Event, time_ns), kNameSlotOctets);
}
inline std::span<const std::uint8_t> text_of(const Event& event) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(&event) + offsetof(Event, time_ns), event.detail.name.length};
}

// Of a kMatch: the patterns' ids, ascending by their place in the file.
inline constexpr std::size_t kMatchIds = kNameSlotOctets / sizeof(std::uint32_t);

inline void write_matches(Event& event, std::span<const std::uint32_t> ids, bool more) noexcept {
  std::memcpy(reinterpret_cast<std::uint8_t*>(&event) + offsetof(Event, time_ns), ids.data(),
              ids.size_bytes());
  event.detail.match = {.count = static_cast<std::uint8_t>(ids.size()), .more = more};
}
inline std::array<std::uint32_t, kMatchIds> match_ids(const Event& event) noexcept {
  std::array<std::uint32_t, kMatchIds> ids;
  std::memcpy(ids.data(), reinterpret_cast<const std::uint8_t*>(&event) + offsetof(Event, time_ns),
              sizeof ids);
  return ids;
}

}  // namespace dataplane
