// ClickHouse, over its HTTP interface.
// https://clickhouse.com/docs/en/interfaces/http
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include "mgmt/fleet/settings.h"

namespace mgmt {

// It is away, or does not do what it was asked: a sentence that says how to mend it, and tells no secret.
class ClickHouseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Whatever the other side says, or does not, takes no longer and no more memory than this.
struct ClickHouseLimits {
  std::chrono::milliseconds connect{5'000};
  std::chrono::milliseconds silence{30'000};
  std::chrono::milliseconds total{60'000};      // for one request, from its first octet to the answer's last
  std::size_t answer_bytes = 256 << 20;         // of one query
  std::size_t insert_answer_bytes = 256 << 10;  // there is none but if it fails
};

// One thread, but for stop(). A connection for each request.
class ClickHouse {
 public:
  // Reads the password. Throws ClickHouseError if it cannot, or cannot read whom to trust.
  explicit ClickHouse(const FleetSettings& settings, ClickHouseLimits limits = {});

  // What it answers. Throws ClickHouseError.
  std::string query(const std::string& sql);

  // `rows` in the format JSONEachRow into `table`, which stands in the statement as it is. When it returns,
  // ClickHouse has them; if it throws, it may have them too. Throws ClickHouseError.
  void insert(const std::string& table, const std::string& rows);

  // From any thread: what is being asked fails soon, and whatever is asked after that at once.
  void stop() noexcept { stopped_ = true; }

 private:
  std::string post(const std::string& parameters, const std::string& body, std::size_t most_bytes);
  std::string refusal(int status, const std::string& body) const;

  const FleetSettings settings_;
  const ClickHouseLimits limits_;
  const std::string shown_;  // its URL
  std::string password_;
  std::atomic<bool> stopped_{false};
};

}  // namespace mgmt
