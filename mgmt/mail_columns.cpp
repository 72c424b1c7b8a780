#include "mgmt/mail_columns.h"

#include <algorithm>
#include <array>

namespace mgmt {
namespace {

using aggregator::MailCounts;
using aggregator::MailField;

constexpr std::array<std::string_view, 8> kQueryColumns = {"dq_a",   "dq_aaaa",  "dq_ptr",   "dq_mx",
                                                           "dq_txt", "dq_https", "dq_other", "dq_formed"};

std::optional<std::uint64_t> query_column(std::string_view name, const MailCounts& counts) {
  const auto found = std::ranges::find(kQueryColumns, name);
  if (found == kQueryColumns.end()) return std::nullopt;
  const MailField first = counts.seen_queries() > 0 ? MailField::kSeenA : MailField::kLoggedA;
  return counts.of[static_cast<std::size_t>(first) + static_cast<std::size_t>(found - kQueryColumns.begin())];
}

std::optional<std::uint64_t> count_column(std::string_view name, const MailCounts& counts) {
  if (name == "smtp") return counts[MailField::kConnects];
  if (name == "pop3") return counts[MailField::kPop];
  if (name == "to") return counts.to();
  if (name == "rejected") return counts.rejected();
  if (name == "dq") return counts.queries();
  const auto field = std::ranges::find(aggregator::kMailFieldNames, name);
  if (field != aggregator::kMailFieldNames.end())
    return counts.of[static_cast<std::size_t>(field - aggregator::kMailFieldNames.begin())];
  return query_column(name, counts);
}

}  // namespace

std::optional<double> mail_column(std::string_view name, const MailCounts& counts) {
  const auto count = count_column(name, counts);
  return count ? std::optional(static_cast<double>(*count)) : std::nullopt;
}

std::vector<std::string> mail_column_names() {
  std::vector<std::string> names = {"smtp", "pop3", "to", "rejected", "dq"};
  names.insert(names.end(), kQueryColumns.begin(), kQueryColumns.end());
  names.insert(names.end(), aggregator::kMailFieldNames.begin(), aggregator::kMailFieldNames.end());
  return names;
}

}  // namespace mgmt
