#include "mgmt/report_text.h"

#include <array>

#include <fmt/format.h>

#include "mgmt/report_sections.h"

namespace mgmt {
namespace {

struct Section {
  const char* title;
  Lines (*lines)(const aggregator::Summary&, const TextStyle&);
};
constexpr std::array<Section, 15> kSections = {
    {{"Tap", tap_section},
     {"Capture", capture_section},
     {"Logs", logs_section},
     {"Findings", findings_section},
     {"Mail servers", mail_section},
     {"DNS", dns_section},
     {"DNS answers and TCP connections", pairing_section},
     {"Delay from answer to connection", delay_section},
     {"Busiest clients", clients_section},
     {"Names asked for", names_section},
     {"Registered domains asked for", domains_section},
     {"SMTP clients of the mail servers", smtp_clients_section},
     {"Destinations that no answer told", unresolved_destinations_section},
     {"Names that match patterns", patterns_section},
     {"Limits reached", limits_section}}};

std::string title_line(std::string_view command, std::span<const std::string> inputs,
                       const TextStyle& style) {
  std::string title = strong(command, style);
  if (inputs.empty()) return title;
  const std::string others = inputs.size() > 1 ? fmt::format(" and {} more", inputs.size() - 1) : "";
  const std::string first = inputs.front() == "-" ? "standard input" : inputs.front();
  return title + "  " + printable(first, kTextColumns - command.size() - 2 - others.size(), style) + others;
}

}  // namespace

std::string report_text(const aggregator::Summary& summary, std::string_view command,
                        std::span<const std::string> inputs, const TextStyle& style) {
  std::string text = title_line(command, inputs, style) + "\n";
  for (const Section& section : kSections) {
    Lines lines = section.lines(summary, style);
    if (lines.empty()) continue;
    indent(lines, kMarginColumns);
    text += "\n" + heading(section.title, style) + "\n";
    for (const std::string& line : lines) text += line + "\n";
  }
  return text;
}

}  // namespace mgmt
