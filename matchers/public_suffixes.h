// The public suffix list: below which names can people register their own? https://publicsuffix.org/list/
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "matchers/domain_tree.h"
#include "matchers/labels.h"

namespace matchers {

inline constexpr const char* kPublicSuffixFile = "/usr/share/publicsuffix/public_suffix_list.dat";

// A sentence.
class PublicSuffixError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Never changes once it is there, and its lookups allocate nothing: for any number of threads.
class PublicSuffixes {
 public:
  // `file` names the text in the sentence. Throws PublicSuffixError if there is no list in it.
  PublicSuffixes(std::string_view text, const std::string& file);

  // Throws PublicSuffixError, which says what brings the file where it is missing.
  static PublicSuffixes read(const std::string& file = kPublicSuffixFile);

  // A lower-cased label without its length octet. Top-level labels are those of the list's ICANN section,
  // also those that are in it as a wildcard only: "*.ck" makes "ck" one.
  bool is_top_level(std::span<const std::uint8_t> label) const noexcept {
    return top_level_.child(DomainTree::kRoot, label) != DomainTree::kNone;
  }
  const DomainTree& top_level() const noexcept { return top_level_; }

  // Octets of the suffix of `wire_name`, lower-cased and with the root, that is the registered domain in it:
  // the longest public suffix, be it of the ICANN or of the private section, and one label more. 0 if the
  // name is a public suffix itself, or the root. A top-level label that is not in the list is a public
  // suffix.
  std::size_t registered_domain(std::span<const std::uint8_t> wire_name) const noexcept;

  // Octets of the longest suffix of `wire_name`, lower-cased and with the root, that the list names as
  // public. 0 if it names none: then the rule "*" alone made the last label one, as with names that are good
  // within a house only.
  std::size_t listed_suffix(std::span<const std::uint8_t> wire_name) const noexcept;

  std::size_t rules() const noexcept { return rules_; }
  std::size_t unreadable_rules() const noexcept { return unreadable_rules_; }  // left out

 private:
  void add_line(std::string_view line, bool icann);
  // How many labels of a name are a public suffix; `unlisted` where no rule says so.
  std::size_t suffix_labels(const Labels& labels, std::size_t unlisted) const noexcept;

  DomainTree rules_tree_;
  DomainTree top_level_;
  std::size_t rules_ = 0;
  std::size_t unreadable_rules_ = 0;
};

}  // namespace matchers
