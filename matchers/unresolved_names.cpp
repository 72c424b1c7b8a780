#include "matchers/unresolved_names.h"

#include <algorithm>
#include <bit>

#include "matchers/labels.h"
#include "matchers/shown_text.h"

namespace matchers {
namespace {

static_assert(std::endian::native == std::endian::little, "the last octet of a name is its end's highest");

constexpr DomainTree::Marks kLocal = 1;
constexpr DomainTree::Marks kReal = 2;

// Those that are domains; the others as sentences.
std::vector<WireName> domains_of(std::span<const std::string> texts, std::string& sentences) {
  std::vector<WireName> domains;
  for (const std::string& text : texts) {
    try {
      domains.push_back(host_domain(text));
    } catch (const DomainError& error) {
      domains.emplace_back();
      sentences.append(sentences.empty() ? "" : "\n").append(error.what());
    }
  }
  return domains;
}

}  // namespace

UnresolvedNames::UnresolvedNames(std::span<const std::string> local_domains,
                                 std::span<const std::string> subdomains, const PublicSuffixes& suffixes)
    : top_level_(suffixes.top_level()) {
  std::string sentences;
  add_local_domains(domains_of(local_domains, sentences));
  const std::vector<WireName> real = domains_of(subdomains, sentences);
  for (std::size_t i = 0; i < real.size(); ++i) {
    if (real[i].empty()) continue;
    if (!is_below_local_domain(real[i])) {
      sentences.append(sentences.empty() ? "" : "\n")
          .append(quoted(subdomains[i]) + " is below no local domain; a subdomain is written whole");
    }
    domains_.mark(real[i], kReal);
  }
  if (!sentences.empty()) throw DomainError(sentences);
}

void UnresolvedNames::add_local_domains(const std::vector<WireName>& domains) {
  std::size_t end_octets = sizeof(std::uint64_t);
  for (const WireName& domain : domains) {
    if (!domain.empty()) end_octets = std::min(end_octets, domain.size());
  }
  unused_end_bits_ = static_cast<unsigned>(8 * (sizeof(std::uint64_t) - end_octets));
  for (const WireName& domain : domains) {
    if (domain.empty()) continue;
    domains_.mark(domain, kLocal);
    std::uint64_t end = 0;
    std::memcpy(reinterpret_cast<char*>(&end) + sizeof end - end_octets,
                domain.data() + domain.size() - end_octets, end_octets);
    ends_.set(end_hash(end >> unused_end_bits_));
  }
}

bool UnresolvedNames::is_below_local_domain(std::span<const std::uint8_t> wire_name) const noexcept {
  const Labels labels(wire_name);
  DomainTree::Node node = DomainTree::kRoot;
  for (std::size_t depth = 0; depth + 1 < labels.count(); ++depth) {
    node = domains_.child(node, labels.from_right(depth));
    if (node == DomainTree::kNone) return false;
    if (domains_.marks(node) & kLocal) return true;
  }
  return false;
}

bool UnresolvedNames::formed_of_local(std::span<const std::uint8_t> wire_name) const noexcept {
  const Labels labels(wire_name);
  std::size_t local = 0;  // labels of the local domain
  DomainTree::Node node = DomainTree::kRoot;
  for (std::size_t depth = 0; depth < labels.count(); ++depth) {
    node = domains_.child(node, labels.from_right(depth));
    if (node == DomainTree::kNone) break;
    if (domains_.marks(node) & kReal) local = 0;
    if (domains_.marks(node) & kLocal) local = depth + 1;
  }
  return local > 0 && labels.count() >= local + 2 &&
         top_level_.child(DomainTree::kRoot, labels.from_right(local)) != DomainTree::kNone;
}

}  // namespace matchers
