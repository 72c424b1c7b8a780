#include "mgmt/privacy/hidden_wire_name.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "wire/name_text.h"

namespace mgmt {
namespace {

// Of presentation form: each label has a dot there and a length on the wire; the root, an octet more.
constexpr std::size_t kMostText = wire::kMaxNameOctets - 2;

// `text` begins with a hash, since only hashes make a name longer.
std::string shortened(std::string_view text) {
  const std::size_t first = text.find('.') + 1;
  const std::size_t dot = text.find('.', text.size() - (kMostText - first) - 1);
  return std::string(text.substr(0, first)) + std::string(text.substr(std::min(dot, text.size() - 1) + 1));
}

}  // namespace

wire::DnsName hidden_wire_name(const wire::DnsName& clear, Hiding& hiding) {
  const std::string text = hiding.name(wire::to_text(clear.wire()));
  wire::DnsName name;
  if (!wire::read_name(text, name)) wire::read_name(shortened(text), name);
  return name;
}

}  // namespace mgmt
