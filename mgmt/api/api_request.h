// A question to the API and its answer, whatever brought it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "aggregator/step_series.h"
#include "mgmt/config.h"
#include "wire/address.h"

namespace mgmt {

struct ApiRequest {
  std::string method = "GET";
  std::string path;
  std::multimap<std::string, std::string> parameters;
  bool trusted = false;  // by the Unix socket: may change things
};

struct ApiAnswer {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::string allow{};  // of 405: the methods that there are (RFC 9110 section 15.5.6)
};

// What is wrong with a request: an HTTP status and a sentence.
class ApiError : public std::runtime_error {
 public:
  ApiError(int status, const std::string& sentence) : std::runtime_error(sentence), status_(status) {}
  int status() const noexcept { return status_; }

 private:
  int status_;
};

// The parameters of one request, by type. All throw ApiError with 400 for a value that is none, or that is
// given twice.
class ApiParameters {
 public:
  explicit ApiParameters(const std::multimap<std::string, std::string>& given) : given_(given) {}

  std::optional<std::string> text(const std::string& name) const;
  std::uint64_t count(const std::string& name, std::uint64_t usual, Range<std::uint64_t> range) const;
  bool flag(const std::string& name) const;                         // 1, true, 0, false
  std::optional<std::int64_t> time(const std::string& name) const;  // seconds since 1970
  aggregator::SeriesStep step(aggregator::SeriesStep usual) const;  // "step"

 private:
  const std::multimap<std::string, std::string>& given_;
};

}  // namespace mgmt
