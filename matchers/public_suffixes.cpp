#include "matchers/public_suffixes.h"

#include <algorithm>

#include "matchers/domain_text.h"
#include "matchers/labels.h"
#include "matchers/text_file.h"

namespace matchers {
namespace {

constexpr std::size_t kMaxListOctets = 16 << 20;

constexpr DomainTree::Marks kSuffix = 1;
constexpr DomainTree::Marks kEachBelow = 2;  // "*.": whatever is one label below is a suffix
constexpr DomainTree::Marks kNoSuffix = 4;   // "!": in spite of a wildcard

std::string_view take_line(std::string_view& text) {
  const std::size_t length = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return line;
}

}  // namespace

PublicSuffixes::PublicSuffixes(std::string_view text, const std::string& file) {
  bool icann = false;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.find("===BEGIN ICANN DOMAINS===") != line.npos) icann = true;
    if (line.find("===END ICANN DOMAINS===") != line.npos) icann = false;
    if (!line.starts_with("//")) add_line(line, icann);
  }
  if (!is_top_level(std::span(reinterpret_cast<const std::uint8_t*>("com"), 3))) {
    throw PublicSuffixError(file + ": is no public suffix list: it has no rule com among the ICANN domains");
  }
}

PublicSuffixes PublicSuffixes::read(const std::string& file) {
  try {
    return PublicSuffixes(text_of_file(file, kMaxListOctets), file);
  } catch (const TextFileError& error) {
    throw PublicSuffixError(std::string(error.what()) + ". The Debian package publicsuffix brings " +
                            kPublicSuffixFile);
  }
}

// A rule ends at the first blank.
void PublicSuffixes::add_line(std::string_view line, bool icann) {
  std::string_view rule = line.substr(0, line.find_first_of(" \t\r"));
  if (rule.empty()) return;
  DomainTree::Marks marks = kSuffix;
  if (rule.starts_with("*.")) marks = kEachBelow;
  if (rule.starts_with("!")) marks = kNoSuffix;
  rule.remove_prefix(marks == kEachBelow ? 2 : marks == kNoSuffix ? 1 : 0);
  try {
    const WireName name = host_domain(rule);
    rules_tree_.mark(name, marks);
    if (icann && marks != kNoSuffix && Labels(name).count() == 1) top_level_.mark(name, marks);
    ++rules_;
  } catch (const DomainError&) {
    ++unreadable_rules_;
  }
}

// The algorithm of https://github.com/publicsuffix/list/wiki/Format.
std::size_t PublicSuffixes::suffix_labels(const Labels& labels, std::size_t unlisted) const noexcept {
  std::size_t suffix = unlisted;
  DomainTree::Node node = DomainTree::kRoot;
  for (std::size_t depth = 0; depth < labels.count(); ++depth) {
    const bool each_is_suffix = rules_tree_.marks(node) & kEachBelow;
    node = rules_tree_.child(node, labels.from_right(depth));
    const DomainTree::Marks marks =
        node == DomainTree::kNone ? DomainTree::Marks{0} : rules_tree_.marks(node);
    if (marks & kNoSuffix) {
      suffix = depth;
      break;
    }
    if (each_is_suffix || (marks & kSuffix)) suffix = depth + 1;
    if (node == DomainTree::kNone) break;
  }
  return suffix;
}

std::size_t PublicSuffixes::registered_domain(std::span<const std::uint8_t> wire_name) const noexcept {
  const Labels labels(wire_name);
  const std::size_t suffix = suffix_labels(labels, 1);  // the rule "*" where none is longer
  return suffix < labels.count() ? labels.suffix_octets(suffix + 1) : 0;
}

std::size_t PublicSuffixes::listed_suffix(std::span<const std::uint8_t> wire_name) const noexcept {
  const Labels labels(wire_name);
  if (labels.count() == 0) return 0;
  const std::size_t suffix = suffix_labels(labels, is_top_level(labels.from_right(0)) ? 1 : 0);
  return suffix == 0 ? 0 : labels.suffix_octets(suffix);
}

}  // namespace matchers
