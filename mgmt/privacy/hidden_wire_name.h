// A hidden name as a DNS message can have it.
#pragma once

#include "mgmt/privacy/hiding.h"
#include "wire/dns_name.h"

namespace mgmt {

// The name that Hiding::name() gives, in wire form. One that has become longer than a name may be (RFC 1035
// section 2.3.4) is without the labels behind its first one, which is a hash of them too, as many as are too
// many. `clear` is a sound name; so is what it gives.
wire::DnsName hidden_wire_name(const wire::DnsName& clear, Hiding& hiding);

}  // namespace mgmt
