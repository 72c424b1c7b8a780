// One of the logs that are read, and what it says next.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "dataplane/log_facts.h"
#include "dataplane/log_ledger.h"
#include "dataplane/log_lines.h"
#include "dataplane/log_source.h"
#include "wire/address.h"

namespace dataplane {

enum class LogRole : std::uint8_t {
  kMail,  // of a mail server
  kQuery  // of a DNS server
};

// What is wanted of a log. The file is "-" for standard input, plain or packed.
struct LogFile {
  LogRole role = LogRole::kMail;
  wire::Address server;  // whose log it is
  std::string path;
  wire::LogClock clock;
};

// One thread. Facts that are not of its role are lines of no interest.
class LogInput {
 public:
  // Adds the bytes that it reads to `consumed`, which must outlive it.
  LogInput(const LogFile& file, std::atomic<std::uint64_t>& consumed);

  // Reads up to the next fact. False: there is none; fault() may say why.
  bool advance(LogFacts& facts, LogLedger& ledger);

  const LogFact& fact() const noexcept { return facts_[next_ - 1]; }  // after advance() has said true
  LogRole role() const noexcept { return role_; }
  const wire::Address& server() const noexcept { return server_; }
  const std::string& path() const noexcept { return path_; }
  const std::string& fault() const { return lines_.fault(); }
  std::uint64_t bytes_read() const noexcept { return lines_.bytes_read(); }

 private:
  bool is_of_role(const LogFact& fact) const noexcept {
    return fact.verdict == (role_ == LogRole::kMail ? LogVerdict::kMail : LogVerdict::kQuery);
  }

  LogRole role_;
  wire::Address server_;
  std::string path_;
  LogSource source_;
  LogLines lines_;
  std::array<LogFact, matchers::LineBatch::kMaxLines> facts_;
  std::size_t count_ = 0;
  std::size_t next_ = 0;
  std::int64_t latest_ns_ = 0;
};

}  // namespace dataplane
