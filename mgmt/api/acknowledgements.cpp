#include "mgmt/api/acknowledgements.h"

#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "mgmt/history/record.h"
#include "mgmt/history/whole_file.h"

namespace mgmt {
namespace {

using Json = nlohmann::json;

constexpr std::uintmax_t kMostBytes = 16 << 20;

}  // namespace

Acknowledgements::Acknowledgements(const std::string& folder, std::uint64_t next)
    : file_(folder + "/acknowledgements.json") {
  bool left_out = false;
  try {
    left_out = read(next);
  } catch (const std::exception& error) {
    put_aside(error.what());
  }
  try {
    if (left_out) write_whole(file_, text());
  } catch (const HistoryError& error) {
    trouble_ = error.what();
  }
}

void Acknowledgements::put_aside(const std::string& reason) {
  at_s_.clear();
  const std::string damaged = file_ + ".damaged";
  const bool moved = std::rename(file_.c_str(), damaged.c_str()) == 0;
  trouble_ = fmt::format("{}: cannot be read: {}{}", state_file_text(file_), reason,
                         moved ? ". It is kept as " + state_file_text(damaged) : "");
}

// Returns whether some were left out.
bool Acknowledgements::read(std::uint64_t next) {
  const std::optional<std::string> text = read_whole(file_, kMostBytes);
  if (!text) return false;
  bool left_out = false;
  for (const Json& row : Json::parse(*text)) {
    const auto finding = row.at("finding").get<std::uint64_t>();
    const auto at_s = row.at("at").get<std::int64_t>();
    if (finding < next) at_s_.try_emplace(finding, at_s);
    left_out = left_out || finding >= next;
  }
  return left_out;
}

void Acknowledgements::add(std::uint64_t finding, std::int64_t at_s) {
  const std::lock_guard lock(mutex_);
  if (!at_s_.try_emplace(finding, at_s).second) return;
  if (at_s_.size() > kMost) at_s_.erase(at_s_.begin());
  if (!file_.empty()) write_whole(file_, text());
}

std::optional<std::int64_t> Acknowledgements::of(std::uint64_t finding) const {
  const std::lock_guard lock(mutex_);
  const auto found = at_s_.find(finding);
  return found == at_s_.end() ? std::nullopt : std::optional(found->second);
}

std::string Acknowledgements::text() const {
  Json rows = Json::array();
  for (const auto& [finding, at_s] : at_s_) rows.push_back({{"finding", finding}, {"at", at_s}});
  return rows.dump();
}

}  // namespace mgmt
