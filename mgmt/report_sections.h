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
Lines capture_section(const aggregator::Summary& summary, const TextStyle& style);
Lines dns_section(const aggregator::Summary& summary, const TextStyle& style);
Lines pairing_section(const aggregator::Summary& summary, const TextStyle& style);
Lines delay_section(const aggregator::Summary& summary, const TextStyle& style);
Lines clients_section(const aggregator::Summary& summary, const TextStyle& style);
Lines names_section(const aggregator::Summary& summary, const TextStyle& style);
Lines limits_section(const aggregator::Summary& summary, const TextStyle& style);

}  // namespace mgmt
