#include "mgmt/core_list.h"

#include <charconv>

#include <fmt/format.h>

namespace mgmt {
namespace {

std::optional<std::uint64_t> number_in(std::string_view text, std::uint64_t most) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end || number > most) return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::vector<std::uint64_t>> parse_core_list(std::string_view text, std::uint64_t most) {
  std::vector<std::uint64_t> cores;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    const std::size_t dash = part.find('-');
    const auto first = number_in(part.substr(0, dash), most);
    const auto last = dash == std::string_view::npos ? first : number_in(part.substr(dash + 1), most);
    if (!first || !last || *last < *first || cores.size() > most) return std::nullopt;
    for (std::uint64_t core = *first; core <= *last; ++core) cores.push_back(core);
    text.remove_prefix(part.size());
    if (text == ",") return std::nullopt;
    if (!text.empty()) text.remove_prefix(1);
  }
  return cores;
}

std::string core_list_text(std::span<const std::uint64_t> cores) {
  std::string text;
  for (std::size_t i = 0; i < cores.size();) {
    std::size_t last = i;
    while (last + 1 < cores.size() && cores[last + 1] == cores[last] + 1) ++last;
    text.append(text.empty() ? "" : ",").append(std::to_string(cores[i]));
    if (last > i) text.append("-").append(std::to_string(cores[last]));
    i = last + 1;
  }
  return text;
}

}  // namespace mgmt
