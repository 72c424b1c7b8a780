// The books of `tapline run`, in its report.
#pragma once

#include <cstdint>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tests {

// Every frame has one verdict, and every event went where it is said to have gone.
inline void expect_balanced(const nlohmann::json& report) {
  const nlohmann::json& ledger = report["ledger"];
  std::uint64_t verdicts = 0;
  for (const auto& [name, count] : ledger["verdicts"].items()) verdicts += count.get<std::uint64_t>();
  EXPECT_EQ(verdicts, ledger["frames"]);
  const nlohmann::json& events = report["live"]["events"];
  EXPECT_EQ(events["made"], events["pushed"].get<std::uint64_t>() + events["ring_full"].get<std::uint64_t>());
  EXPECT_EQ(events["pushed"], events["drained"]);
  std::uint64_t received = 0;
  for (const nlohmann::json& port : report["live"]["ports"])
    received += port["received"].get<std::uint64_t>();
  EXPECT_EQ(received, ledger["frames"]);
}

}  // namespace tests
