#include "mgmt/privacy/hiding.h"

#include <algorithm>
#include <cctype>
#include <variant>

#include "mgmt/privacy/address_in_text.h"
#include "wire/network.h"

namespace mgmt {
namespace {

using Names = std::vector<std::string>;

bool is_in_a_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
}

// Where `name` stands for itself, not as a part of another one.
std::size_t place_of(std::string_view name, std::string_view text) {
  for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    std::string_view behind = text.substr(at + name.size());
    if (behind.starts_with('.')) behind.remove_prefix(1);
    const bool begins = at == 0 || !(is_in_a_name(text[at - 1]) || text[at - 1] == '.');
    if (begins && (behind.empty() || !is_in_a_name(behind.front()))) return at;
  }
  return text.npos;
}

// The domains that detectors count end so: "deferred_domains".
Names* domains_in(const std::string& key, aggregator::EvidenceValue& value) {
  return key.ends_with("domains") ? std::get_if<Names>(&value) : nullptr;
}

}  // namespace

Hiding::Hiding(const PrivacyKey& key, std::shared_ptr<const matchers::PublicSuffixes> suffixes)
    : mark_(mgmt::key_mark(key.octets)), pan_(key.octets), names_(key, std::move(suffixes)) {}

wire::Address Hiding::address(const wire::Address& clear) {
  if (clear == wire::Address{}) return clear;  // all that are not told apart
  if (const auto found = remembered_.find(clear); found != remembered_.end()) return found->second;
  if (remembered_.size() >= kRemembered) remembered_.clear();
  return remembered_.emplace(clear, pan_.hide(clear)).first->second;
}

std::string Hiding::name(std::string_view clear) {
  if (clear.empty()) return "";
  const auto queried = wire::address_from(clear);  // where a name is wanted, many ask for addresses
  return queried ? wire::to_text(address(*queried)) : names_.of(clear, pan_);
}

std::string Hiding::text(std::string_view clear) {
  std::string hidden;
  std::size_t done = 0;
  while (const auto found = address_in(clear, done)) {
    hidden.append(clear.substr(done, found->from - done));
    const std::string_view told = clear.substr(found->from, found->until - found->from);
    hidden += found->address ? wire::to_text(address(*found->address))
                             : names_.hash({reinterpret_cast<const std::uint8_t*>(told.data()), told.size()});
    done = found->until;
  }
  return hidden.append(clear.substr(done));
}

// Of names that begin in the same place the longest is meant.
std::string Hiding::text(std::string_view clear, const std::vector<std::string>& names) {
  std::string hidden;
  while (true) {
    std::size_t at = clear.npos;
    std::string_view first;
    for (const std::string& name : names) {
      const std::size_t place = name.empty() ? clear.npos : place_of(name, clear);
      if (place > at || (place == at && name.size() <= first.size())) continue;
      at = place;
      first = name;
    }
    if (at == clear.npos) return hidden + text(clear);
    hidden += text(clear.substr(0, at)) + name(first);
    clear.remove_prefix(at + first.size());
  }
}

aggregator::EvidenceValue Hiding::evidence(const aggregator::EvidenceValue& clear) {
  if (const auto* one = std::get_if<std::string>(&clear)) return text(*one);
  const auto* several = std::get_if<std::vector<std::string>>(&clear);
  if (several == nullptr) return clear;
  std::vector<std::string> hidden;
  for (const std::string& one : *several) hidden.push_back(text(one));
  return hidden;
}

aggregator::Finding Hiding::finding(aggregator::Finding clear) {
  clear.subject = address(clear.subject);
  Names told;
  for (auto& [key, value] : clear.evidence) {
    if (Names* const domains = domains_in(key, value)) {
      told.insert(told.end(), domains->begin(), domains->end());
      for (std::string& domain : *domains) domain = name(domain);
    } else {
      value = evidence(value);
    }
  }
  clear.advice = text(clear.advice, told);
  return clear;
}

void Hiding::hide(aggregator::HostSummary& hosts) {
  for (auto& finding_of : hosts.findings) finding_of = finding(std::move(finding_of));
  for (auto& row : hosts.pattern_clients) row.client = address(row.client);
  for (auto& row : hosts.not_judgeable) row.client = address(row.client);
  for (auto& row : hosts.unresolved_destinations) row.address = address(row.address);
  for (auto& row : hosts.smtp_clients) {
    row.server = address(row.server);
    row.client = address(row.client);
  }
  for (auto& server : hosts.mail) {
    server.server = address(server.server);
    for (auto& row : server.clients) row.client = address(row.client);
    for (auto& row : server.deferred_domains) row.domain = name(row.domain);
    for (auto& row : server.rejected_domains) row.domain = name(row.domain);
  }
}

aggregator::Summary Hiding::summary(aggregator::Summary clear) {
  for (auto& row : clear.clients) row.address = address(row.address);
  for (auto& row : clear.names) row.name = name(row.name);
  for (auto& row : clear.domains) row.name = name(row.name);
  if (clear.hosts) hide(*clear.hosts);
  return clear;
}

}  // namespace mgmt
