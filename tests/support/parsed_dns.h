// A message beside what the parser says of it, kept together for the length of a test.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/dns_builder.h"
#include "wire/dns_message.h"

namespace tests {

class ParsedDns {
 public:
  // The copy has no spare capacity, so that the address sanitizer sees each read beyond the end.
  ParsedDns(const Octets& bytes) : bytes_(bytes), parser_(std::make_unique<wire::DnsParser>()) {
    message_ = &parser_->parse(bytes_);
  }
  ParsedDns(const DnsBuilder& builder) : ParsedDns(builder.bytes()) {}

  const wire::DnsMessage* operator->() const { return message_; }
  const Octets& bytes() const { return bytes_; }

  std::string qname() const { return wire::to_text(message_->qname.wire()); }
  std::string address(std::size_t answer) const {
    return wire::to_text(wire::address_of(bytes_, message_->answers[answer]));
  }
  std::string target(std::size_t answer) const {
    return wire::to_text(wire::target_of(bytes_, message_->answers[answer]).wire());
  }
  std::vector<std::string> hints(std::size_t answer) const {
    std::vector<std::string> texts;
    wire::each_hint(bytes_, message_->answers[answer],
                    [&](const wire::Address& address) { texts.push_back(wire::to_text(address)); });
    return texts;
  }

 private:
  Octets bytes_;
  std::unique_ptr<wire::DnsParser> parser_;
  const wire::DnsMessage* message_;
};

}  // namespace tests
