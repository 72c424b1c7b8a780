// The sections of the text report, in their order. Each gives its lines without heading and margin; none if
// it has nothing to say.
#pragma once

#include "aggregator/summary.h"
#include "mgmt/text_style.h"
#include "mgmt/text_table.h"

namespace mgmt {

inline constexpr std::size_t kMarginColumns = 2;
inline constexpr std::size_t kSectionColumns = kTextColumns - kMarginColumns;

Lines tap_section(const aggregator::Summary& summary, const TextStyle& style);  // live only
std::string spool_line(const aggregator::LiveSpool& spool, const TextStyle& style);
Lines capture_section(const aggregator::Summary& summary, const TextStyle& style);
Lines logs_section(const aggregator::Summary& summary, const TextStyle& style);      // if logs were read
Lines mail_section(const aggregator::Summary& summary, const TextStyle& style);      // of servers with logs
Lines findings_section(const aggregator::Summary& summary, const TextStyle& style);  // of hosts, if looked at
Lines dns_section(const aggregator::Summary& summary, const TextStyle& style);
Lines pairing_section(const aggregator::Summary& summary, const TextStyle& style);
Lines delay_section(const aggregator::Summary& summary, const TextStyle& style);
Lines clients_section(const aggregator::Summary& summary, const TextStyle& style);
Lines patterns_section(const aggregator::Summary& summary, const TextStyle& style);  // if there are patterns
Lines names_section(const aggregator::Summary& summary, const TextStyle& style);
Lines domains_section(const aggregator::Summary& summary, const TextStyle& style);
Lines smtp_clients_section(const aggregator::Summary& summary, const TextStyle& style);  // of hosts
Lines unresolved_destinations_section(const aggregator::Summary& summary,
                                      const TextStyle& style);  // likewise
Lines limits_section(const aggregator::Summary& summary, const TextStyle& style);

}  // namespace mgmt
