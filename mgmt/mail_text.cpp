#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/mail_model.h"
#include "aggregator/periodicity.h"
#include "mgmt/mail.h"
#include "mgmt/mail_columns.h"
#include "mgmt/number_text.h"
#include "mgmt/text_table.h"
#include "mgmt/time_text.h"

namespace mgmt {
namespace {

using aggregator::CalendarHour;
using aggregator::MailCounts;
using aggregator::MailField;
using aggregator::MailPoint;
using aggregator::SeriesStep;

constexpr std::array<const char*, 7> kWeekdays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr const char* kHoliday = "holiday";

struct TableColumn {
  const char* title;
  const char* name;  // of mail_column()
};
constexpr TableColumn kMailColumns[] = {{"N_c", "connects"}, {"N_f", "from"},          {"N_to", "to"},
                                        {"sent", "sent"},    {"deferred", "deferred"}, {"bounced", "bounced"},
                                        {"N_pop", "pop"},    {"N_imap", "imap"}};
constexpr TableColumn kRejectColumns[] = {{"turned down", "rejected"},         {"relay", "relay_denied"},
                                          {"recipient", "recipient_rejected"}, {"unknown", "user_unknown"},
                                          {"sender", "sender_rejected"},       {"client", "client_rejected"},
                                          {"other", "rejected_other"}};
constexpr TableColumn kQueryColumns[] = {
    {"D_q", "dq"},   {"A", "dq_a"},     {"AAAA", "dq_aaaa"},   {"PTR", "dq_ptr"},
    {"MX", "dq_mx"}, {"TXT", "dq_txt"}, {"other", "dq_other"}, {"FQDN+local", "dq_formed"}};
constexpr TableColumn kWeekdayColumns[] = {
    {"N_c", "connects"},     {"N_f", "from"},  {"N_to", "to"},     {"deferred", "deferred"},
    {"refused", "rejected"}, {"N_pop", "pop"}, {"N_imap", "imap"}, {"D_q", "dq"}};

std::int64_t local_second(const MailTable& table, const MailPoint& point) {
  return static_cast<std::int64_t>(point.begin) + table.calendar.utc_offset_s;
}

CalendarHour hour_of(const MailTable& table, const MailPoint& point) {
  return CalendarHour::at(static_cast<std::int64_t>(point.begin) * 1'000'000'000, table.calendar);
}

// A day has a date; what is shorter, a time of day too. Local, as the configuration says.
std::string time_of(const MailTable& table, const MailPoint& point) {
  const std::string text = time_text(local_second(table, point));
  return table.step == SeriesStep::kDay
             ? text.substr(0, 10)
             : text.substr(0, 10) + " " + (text.size() > 10 ? text.substr(11, 8) : "00:00:00");
}

const char* day_name(const CalendarHour& hour) {
  return hour.holiday ? kHoliday : kWeekdays[hour.of_week / 24];
}

std::string efficiency_text(const MailCounts& counts) {
  const auto mee = aggregator::mail_exchange_efficiency(static_cast<double>(counts[MailField::kFrom]),
                                                        static_cast<double>(counts[MailField::kConnects]));
  return mee ? fmt::format("{:.2f}", *mee) : "-";
}

std::uint64_t column(const char* name, const MailCounts& counts) {
  return static_cast<std::uint64_t>(mail_column(name, counts).value_or(0));
}

// Those that say something.
std::vector<TableColumn> used(std::span<const TableColumn> columns, const MailCounts& sum) {
  std::vector<TableColumn> used;
  for (const TableColumn& wanted : columns) {
    if (column(wanted.name, sum) > 0) used.push_back(wanted);
  }
  return used;
}

MailCounts sum_of(const MailTable& table) {
  MailCounts sum;
  for (const MailPoint& point : table.points) sum += point.counts;
  return sum;
}

using NumberText = std::string (*)(std::uint64_t);

// Rows of counts under their columns; short counts if the long ones do not fit.
class CountTable {
 public:
  CountTable(const char* first, std::vector<TableColumn> columns, bool efficiency)
      : first_(first), columns_(std::move(columns)), efficiency_(efficiency) {}

  void add(std::string name, const MailCounts& counts, std::uint64_t divisor = 1) {
    rows_.push_back({std::move(name), counts, divisor});
  }

  Lines lines(const TextStyle& style) const {
    Lines lines = lines_with(grouped, style);
    const bool fits =
        lines.size() == rows_.size() + 1 &&
        std::ranges::all_of(lines, [](const std::string& line) { return columns_of(line) <= kTextColumns; });
    return fits ? lines : lines_with(compact, style);
  }

 private:
  struct Row {
    std::string name;
    MailCounts counts;
    std::uint64_t divisor;
  };

  Lines lines_with(NumberText number, const TextStyle& style) const {
    std::vector<Column> titles = {{first_}};
    for (const TableColumn& shown : columns_) titles.push_back({shown.title, Align::kRight});
    if (efficiency_) titles.push_back({"N_f/N_c", Align::kRight});
    TextTable text(std::move(titles));
    for (const Row& row : rows_) {
      std::vector<std::string> cells = {row.name};
      for (const TableColumn& shown : columns_)
        cells.push_back(number(column(shown.name, row.counts) / row.divisor));
      if (efficiency_) cells.push_back(efficiency_text(row.counts));
      text.add(std::move(cells));
    }
    return text.lines(style, kTextColumns);
  }

  const char* first_;
  std::vector<TableColumn> columns_;
  bool efficiency_;
  std::vector<Row> rows_;
};

// By step, and the sum of all.
Lines table_by_step(const MailTable& table, std::span<const TableColumn> columns, bool efficiency,
                    const TextStyle& style) {
  const MailCounts sum = sum_of(table);
  const std::vector<TableColumn> shown = used(columns, sum);
  if (shown.empty()) return {};
  const bool day = table.step == SeriesStep::kDay;
  CountTable text(day ? "day" : "from", shown, efficiency);
  for (const MailPoint& point : table.points) {
    const std::string name =
        day ? fmt::format("{} {}", time_of(table, point), day_name(hour_of(table, point)))
            : time_of(table, point);
    text.add(name, point.counts);
  }
  if (table.points.size() > 1) text.add("all", sum);
  return text.lines(style);
}

// The mean day of each kind: what a weekday is like, and a holiday.
Lines table_by_weekday(const MailTable& table, const TextStyle& style) {
  constexpr std::size_t kMostDaysOfOneWeek = 7;
  if (table.points.size() <= kMostDaysOfOneWeek) return {};
  std::map<std::size_t, std::pair<MailCounts, std::uint64_t>> kinds;  // by weekday, 7: holiday
  for (const MailPoint& point : table.points) {
    const CalendarHour hour = hour_of(table, point);
    auto& [counts, days] = kinds[hour.holiday ? kWeekdays.size() : hour.of_week / 24];
    counts += point.counts;
    ++days;
  }
  CountTable text("mean of", used(kWeekdayColumns, sum_of(table)), true);
  for (const auto& [kind, sum] : kinds) {
    const auto& [counts, days] = sum;
    const char* const name = kind == kWeekdays.size() ? kHoliday : kWeekdays[kind];
    text.add(fmt::format("{} {}", days, name), counts, days);
  }
  return text.lines(style);
}

// Of the newest steps; those in which nothing happened count as 0.
aggregator::Ripple deferred_ripple(const MailTable& table) {
  constexpr std::size_t kMostSteps = 2'000;
  const std::uint64_t step_s = aggregator::kSeriesStepSeconds[static_cast<std::size_t>(table.step)];
  if (table.points.empty()) return {};
  const std::uint64_t last = table.points.back().begin / step_s;
  const std::uint64_t first =
      std::max(table.points.front().begin / step_s, last - std::min(last, kMostSteps - 1));
  std::vector<double> counts(last - first + 1);
  for (const MailPoint& point : table.points) {
    const std::uint64_t at = point.begin / step_s;
    if (at >= first) counts[at - first] = column("deferred", point.counts);
  }
  return aggregator::find_ripple(counts);
}

std::string ripple_text(const MailTable& table) {
  constexpr double kNotByChance = 0.01;
  const aggregator::Ripple ripple = deferred_ripple(table);
  if (ripple.chance > kNotByChance) return "";
  const auto step_s =
      static_cast<double>(aggregator::kSeriesStepSeconds[static_cast<std::size_t>(table.step)]);
  return fmt::format(
      "\ndeferred mail ripples with a period of {}, {:.0f} % of its variance (noise does so with a chance of "
      "{:.1g})\n",
      time_span_text(static_cast<std::uint64_t>(std::llround(ripple.period * step_s)) * 1'000'000'000),
      100 * ripple.share, ripple.chance);
}

void add_table(std::string& text, const Lines& lines) {
  if (lines.empty()) return;
  text += "\n";
  for (const std::string& line : lines) text += line + "\n";
}

nlohmann::ordered_json ripple_json(const MailTable& table) {
  const aggregator::Ripple ripple = deferred_ripple(table);
  if (ripple.chance >= 1) return nullptr;
  const auto step_s =
      static_cast<double>(aggregator::kSeriesStepSeconds[static_cast<std::size_t>(table.step)]);
  return {{"period", ripple.period * step_s}, {"share", ripple.share}, {"chance", ripple.chance}};
}

}  // namespace

std::string mail_text(const MailTable& table, const TextStyle& style) {
  constexpr std::size_t kNameColumns = 40;
  std::string text =
      fmt::format("{}  {}", strong("tapline mail", style), printable(table.name, kNameColumns, style));
  if (table.name != table.address) text += "  " + table.address;
  text += "\n";
  if (table.points.empty()) return text + "\nThe logs say nothing of this server.\n";
  add_table(text, table_by_step(table, kMailColumns, true, style));
  text += ripple_text(table);
  add_table(text, table_by_step(table, kRejectColumns, false, style));
  add_table(text, table_by_step(table, kQueryColumns, false, style));
  if (table.step == SeriesStep::kDay) add_table(text, table_by_weekday(table, style));
  return text;
}

std::string mail_csv(std::span<const MailTable> tables) {
  const std::vector<std::string> names = mail_column_names();
  std::string text = "server,time,begin,weekday,holiday,efficiency";
  for (const std::string& name : names) text += "," + name;
  text += "\r\n";
  for (const MailTable& table : tables) {
    for (const MailPoint& point : table.points) {
      const CalendarHour hour = hour_of(table, point);
      const std::string efficiency = efficiency_text(point.counts);
      text += fmt::format(
          "{},{},{},{},{},{}", table.address, time_text(static_cast<std::int64_t>(point.begin)), point.begin,
          kWeekdays[hour.of_week / 24], hour.holiday ? 1 : 0, efficiency == "-" ? "" : efficiency);
      for (const std::string& name : names) text += fmt::format(",{}", column(name.c_str(), point.counts));
      text += "\r\n";
    }
  }
  return text;
}

std::string mail_json(std::span<const MailTable> tables) {
  using Json = nlohmann::ordered_json;
  Json servers = Json::array();
  for (const MailTable& table : tables) {
    Json steps = Json::array();
    for (const MailPoint& point : table.points) {
      const CalendarHour hour = hour_of(table, point);
      Json row = {{"begin", point.begin},
                  {"time", time_text(static_cast<std::int64_t>(point.begin))},
                  {"weekday", kWeekdays[hour.of_week / 24]},
                  {"holiday", hour.holiday}};
      for (const std::string& name : mail_column_names()) row[name] = column(name.c_str(), point.counts);
      const auto mee =
          aggregator::mail_exchange_efficiency(static_cast<double>(point.counts[MailField::kFrom]),
                                               static_cast<double>(point.counts[MailField::kConnects]));
      row["efficiency"] = mee ? Json(*mee) : Json(nullptr);
      steps.push_back(std::move(row));
    }
    servers.push_back({{"server", table.address},
                       {"name", table.name},
                       {"step", aggregator::kSeriesStepSeconds[static_cast<std::size_t>(table.step)]},
                       {"deferred_ripple", ripple_json(table)},
                       {"steps", std::move(steps)}});
  }
  return Json{{"servers", std::move(servers)}}.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mgmt
