// A DNS message with other names and addresses in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "mgmt/privacy/hiding.h"
#include "mgmt/privacy/octet_writer.h"

namespace mgmt {

// Builds it anew behind what is in `out`: the header, and all questions and records with hidden owners.
// Addresses (RFC 1035, 3596; SVCB's hints, RFC 9460) and names in RDATA are hidden too, beside the numbers
// that stand with them (MX, SOA, SRV of RFC 2782, DNAME of RFC 6672, NSEC's next one of RFC 4034); OPT has no
// options, SVCB no other parameters; all other RDATA becomes zeros, of which there are as many where the type
// can have any number. `message` is one that DnsParser found sound, and what becomes of it is sound as well.
// False: more than `most` octets would be needed, or more work than any real message makes (names that
// pointers spread are hashed label by label); the first record that does not fit, and what follows, is
// missing.
bool write_hidden_message(std::span<const std::uint8_t> message, std::size_t most, Hiding& hiding,
                          OctetWriter& out);

}  // namespace mgmt
