// What is counted of a host: in the order of its name in reports, series and CSV columns.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aggregator {

enum class HostField : std::uint8_t {
  // As a client: queries sent, by the QTYPE of the first question.
  kQueriesA,
  kQueriesAaaa,
  kQueriesPtr,
  kQueriesMx,
  kQueriesTxt,
  kQueriesHttps,
  kQueriesOther,  // also those whose QTYPE cannot be read
  // Responses received.
  kNoerror,  // with data of the type asked for, or more of it elsewhere
  kNodata,   // NOERROR without such data
  kNxdomain,
  kServfail,
  kRefused,
  kRcodeOther,
  // Names made of an FQDN and a local domain (DESIGN section 3).
  kFormed,      // queries
  kUnresolved,  // responses to them that say NXDOMAIN or have no data
  kQueriesDoh,  // queries for the name of a known DNS over HTTPS server
  // Responses with an A or AAAA record.
  kAnswersWithAddress,
  // TCP SYNs sent, by destination port.
  kConnectSmtp,     // 25
  kConnectPop,      // 110, 995
  kConnectImap,     // 143, 993
  kConnectHttp,     // 80
  kConnectHttps,    // 443
  kConnectDns,      // 53
  kConnectDot,      // 853, RFC 7858
  kConnectRpc,      // 135
  kConnectNetbios,  // 139
  kConnectSmb,      // 445
  kConnectOther,
  kPaired,  // of these, in an exclusive pair with an answer
  // Of the SYNs of internal clients: how the client may have known the address.
  kResolved,           // from an answer of its own, within TTL and grace
  kHinted,             // from an address hint of an SVCB or HTTPS record
  kResolvedByOther,    // somebody else was told it
  kWithoutResolution,  // nobody was told it since the sensor began
  kNotJudged,          // exempt, or too many at a time
  kGotAccept,          // SYN+ACKs received
  // As a server: queries received, by QTYPE.
  kAskedA,
  kAskedAaaa,
  kAskedPtr,
  kAskedMx,
  kAskedTxt,
  kAskedHttps,
  kAskedOther,
  // Responses sent.
  kSentNoerror,
  kSentNodata,
  kSentNxdomain,
  kSentServfail,
  kSentRefused,
  kSentRcodeOther,
  // TCP SYNs received, by port.
  kReceivedSmtp,
  kReceivedPop,
  kReceivedImap,
  kReceivedHttp,
  kReceivedHttps,
  kReceivedDns,
  kReceivedDot,
  kReceivedRpc,
  kReceivedNetbios,
  kReceivedSmb,
  kReceivedOther,
  kAccepted,  // SYN+ACKs sent
  kCount
};
inline constexpr std::size_t kHostFields = static_cast<std::size_t>(HostField::kCount);

inline constexpr std::array<std::string_view, kHostFields> kHostFieldNames = {
    "queries_a",
    "queries_aaaa",
    "queries_ptr",
    "queries_mx",
    "queries_txt",
    "queries_https",
    "queries_other",
    "noerror",
    "nodata",
    "nxdomain",
    "servfail",
    "refused",
    "rcode_other",
    "formed",
    "unresolved",
    "queries_doh",
    "answers_with_address",
    "connect_smtp",
    "connect_pop",
    "connect_imap",
    "connect_http",
    "connect_https",
    "connect_dns",
    "connect_dot",
    "connect_rpc",
    "connect_netbios",
    "connect_smb",
    "connect_other",
    "paired",
    "resolved",
    "hinted",
    "resolved_by_other",
    "without_resolution",
    "not_judged",
    "got_accept",
    "asked_a",
    "asked_aaaa",
    "asked_ptr",
    "asked_mx",
    "asked_txt",
    "asked_https",
    "asked_other",
    "sent_noerror",
    "sent_nodata",
    "sent_nxdomain",
    "sent_servfail",
    "sent_refused",
    "sent_rcode_other",
    "received_smtp",
    "received_pop",
    "received_imap",
    "received_http",
    "received_https",
    "received_dns",
    "received_dot",
    "received_rpc",
    "received_netbios",
    "received_smb",
    "received_other",
    "accepted",
};

// A group of fields that one event is sorted into, by its first and last.
struct HostFields {
  HostField first;
  HostField last;
};
inline constexpr HostFields kQueryFields = {HostField::kQueriesA, HostField::kQueriesOther};
inline constexpr HostFields kResponseFields = {HostField::kNoerror, HostField::kRcodeOther};
inline constexpr HostFields kConnectFields = {HostField::kConnectSmtp, HostField::kConnectOther};
inline constexpr HostFields kAskedFields = {HostField::kAskedA, HostField::kAskedOther};
inline constexpr HostFields kSentFields = {HostField::kSentNoerror, HostField::kSentRcodeOther};
inline constexpr HostFields kReceivedFields = {HostField::kReceivedSmtp, HostField::kReceivedOther};

// The same place in another group of the same shape: kQueriesMx of the client is kAskedMx of the server.
constexpr HostField counterpart(HostField field, HostFields from, HostFields to) noexcept {
  return static_cast<HostField>(static_cast<unsigned>(field) - static_cast<unsigned>(from.first) +
                                static_cast<unsigned>(to.first));
}

}  // namespace aggregator
