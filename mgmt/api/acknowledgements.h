// Which findings an operator has seen and needs not see again.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace mgmt {

// Any thread. Findings keep their numbers from one run to the next, so these are kept beside the history.
class Acknowledgements {
 public:
  static constexpr std::size_t kMost = 100'000;  // of more the oldest findings' are forgotten

  // Not kept.
  Acknowledgements() = default;
  // Kept in acknowledgements.json of that folder, and read from there: those of findings before `next`, for
  // others are of a history that is no more, and are taken out of the file. One that cannot be read is moved
  // to acknowledgements.json.damaged.
  Acknowledgements(const std::string& folder, std::uint64_t next);

  // "", or why those of earlier runs are not known, or could not be written again.
  const std::string& trouble() const noexcept { return trouble_; }

  // The first one counts. Throws HistoryError if it cannot be kept; it holds for this run nevertheless.
  void add(std::uint64_t finding, std::int64_t at_s);

  // When, in seconds since 1970.
  std::optional<std::int64_t> of(std::uint64_t finding) const;

 private:
  bool read(std::uint64_t next);
  void put_aside(const std::string& reason);
  std::string text() const;

  std::string file_;  // "": not kept
  std::string trouble_;
  mutable std::mutex mutex_;
  std::map<std::uint64_t, std::int64_t> at_s_;
};

}  // namespace mgmt
