// Octets as a name in wire form, through all that looks at names; and as a public suffix list.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "matchers/domain_text.h"
#include "matchers/labels.h"
#include "matchers/name_batch.h"
#include "matchers/public_suffixes.h"
#include "matchers/unresolved_names.h"
#include "wire/dns_name.h"

namespace {

using Octets = std::span<const std::uint8_t>;

void require(bool holds) {
  if (!holds) std::abort();
}

const matchers::PublicSuffixes& small_list() {
  static const matchers::PublicSuffixes list(
      "// ===BEGIN ICANN DOMAINS===\ncom\nuk\nco.uk\n*.ck\n!www.ck\n// ===END ICANN "
      "DOMAINS===\nblogspot.com\n",
      "list");
  return list;
}

const matchers::UnresolvedNames& names_of_campus() {
  static const matchers::UnresolvedNames names(std::vector<std::string>{"campus.example", "x"},
                                               std::vector<std::string>{"cc.campus.example"}, small_list());
  return names;
}

// Nothing reads beyond what is there, and all agree on what a name is.
void look_at_name(Octets name) {
  const matchers::Labels labels(name);
  const bool formed = names_of_campus().formed(name);
  const std::size_t registered = small_list().registered_domain(name);
  require(registered <= name.size());
  require(labels.count() >= 3 || !formed);
  require(labels.count() >= 2 || registered == 0);
  matchers::NameBatch batch(2);
  require(batch.add(name) && batch.add(name) && !batch.add(name));
  require(batch.name(0) == batch.name(1));
  require(batch.name(0).size() <= matchers::NameBatch::kMaxTextOctets);
  require(batch.name(0).find('\n') == std::string_view::npos);
  if (name.size() <= matchers::kMaxNameOctets) require(batch.name(0) == wire::to_text(name));
}

void read_as_list(std::string_view text) {
  try {
    const matchers::PublicSuffixes list(text, "list");
    require(list.rules() > 0);
  } catch (const matchers::PublicSuffixError&) {
    return;
  }
}

// What can be read as a name is written and read the same again.
void read_as_domain(std::string_view text) {
  try {
    const matchers::WireName name = matchers::wire_name(text);
    require(name.size() <= matchers::kMaxNameOctets && name.back() == 0);
    require(matchers::wire_name(wire::to_text(name)) == name);
  } catch (const matchers::DomainError&) {
    return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const Octets octets(bytes, size);
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  look_at_name(octets);
  for (std::size_t at = 0; at < size && at < 16; ++at) look_at_name(octets.subspan(at));
  read_as_list(text);
  read_as_domain(text.substr(0, 300));
  return 0;
}
