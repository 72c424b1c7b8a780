#include "mgmt/history/kept_hosts.h"

#include "mgmt/history/evidence_json.h"
#include "mgmt/privacy/address_in_text.h"
#include "wire/network.h"

namespace mgmt {
namespace {

using Json = nlohmann::ordered_json;

// As Hiding has it, whoever is nobody in particular stays it.
wire::Address hide(const wire::Address& clear, CryptoPan& pan) {
  return clear == wire::Address{} ? clear : pan.hide(clear);
}
wire::Address show(const wire::Address& hidden, CryptoPan& pan) {
  return hidden == wire::Address{} ? hidden : pan.show(hidden);
}

// Hiding::text undone: all addresses in it were hidden.
std::string shown_text(std::string_view hidden, CryptoPan& pan) {
  std::string clear;
  std::size_t done = 0;
  while (const auto found = address_in(hidden, done)) {
    const std::string_view told = hidden.substr(found->from, found->until - found->from);
    clear.append(hidden.substr(done, found->from - done));
    clear += found->address ? wire::to_text(show(*found->address, pan)) : std::string(told);
    done = found->until;
  }
  return clear.append(hidden.substr(done));
}

void show_texts(Json& json, CryptoPan& pan) {
  if (json.is_string()) json = shown_text(json.get<std::string>(), pan);
  if (!json.is_structured()) return;
  for (Json& each : json) show_texts(each, pan);
}

}  // namespace

KeptHosts::KeptHosts(const CryptoPan::Key& key, bool hides)
    : key_(key), mark_(key_mark(key) + ":"), hides_(hides) {}

std::string KeptHosts::marked(std::string hidden) const {
  return hides_ && !hidden.empty() ? mark_ + hidden : hidden;
}

std::string KeptHosts::kept(const wire::Address& clear) const {
  if (!hides_) return wire::to_text(clear);
  CryptoPan pan(*key_);
  return marked(wire::to_text(hide(clear, pan)));
}

std::optional<wire::Address> KeptHosts::address(std::string_view kept) const {
  if (!is_marked(kept)) return wire::address_from(kept);
  const auto hidden = wire::address_from(kept.substr(mark_.size()));
  if (!hidden) return std::nullopt;
  CryptoPan pan(*key_);
  return show(*hidden, pan);
}

std::string KeptHosts::shown(const std::string& kept) const {
  if (!is_marked(kept)) return kept;
  const auto clear = address(kept);
  return clear ? wire::to_text(*clear) : kept;
}

HistoryFinding KeptHosts::shown(HistoryFinding finding) const {
  if (!is_marked(finding.subject)) return finding;
  finding.subject = shown(finding.subject);
  CryptoPan pan(*key_);
  finding.advice = shown_text(finding.advice, pan);
  Json evidence = evidence_json(finding.evidence);
  if (evidence.is_discarded()) return finding;
  show_texts(evidence, pan);
  finding.evidence = evidence.dump(-1, ' ', false, Json::error_handler_t::replace);
  return finding;
}

std::vector<std::string> KeptHosts::spellings(const std::string& host) const {
  const auto clear = address(host);
  if (!clear || !key_) return {host};
  CryptoPan pan(*key_);
  return {wire::to_text(*clear), mark_ + wire::to_text(hide(*clear, pan))};
}

}  // namespace mgmt
