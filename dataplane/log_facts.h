// From lines to what they say.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "dataplane/log_source.h"
#include "matchers/line_batch.h"
#include "matchers/log_classes.h"
#include "wire/mail_fact.h"
#include "wire/query_fact.h"

namespace dataplane {

inline constexpr std::size_t kMaxLineOctets = 8192;

// Each line has exactly one.
enum class LogVerdict : std::uint8_t {
  kMail,
  kQuery,
  kOther,      // a line of a known program that says nothing counted
  kUnknown,    // of no known program
  kMalformed,  // of a known program, but no log line, or its time does not exist or has no year
  kTooLong,
  kCount
};
inline constexpr std::size_t kLogVerdicts = static_cast<std::size_t>(LogVerdict::kCount);
inline constexpr std::array<std::string_view, kLogVerdicts> kLogVerdictNames = {
    "mail", "query", "other", "unknown", "malformed", "too_long"};

// Its texts are views into the line.
struct LogFact {
  LogVerdict verdict = LogVerdict::kUnknown;
  std::int64_t seen_ns = 0;  // since 1970; of kMail and kQuery
  std::string_view host;     // likewise; empty if the line has none
  wire::MailFact mail;       // of kMail
  wire::QueryFact query;     // of kQuery
};

// One line without the help of classes: a line that is none is kMalformed, whosever it is.
void read_fact(std::string_view line, LogSource& source, LogFact& fact) noexcept;

// Hyperscan tells lines of known programs from others, and those that can count from those that cannot, so
// that only the former are parsed. That is no gain in time: 4.6 M lines/s, and 7.1 M where each line goes
// through read_fact (bench/README.md). One thread at a time; sources may take turns. Allocates in the
// constructor only.
class LogFacts {
 public:
  // `patterns` are those of matchers::compile_log_patterns().
  explicit LogFacts(matchers::HyperscanDatabase patterns) : classes_(std::move(patterns)) {}

  // The fact of each line goes to the same index of `facts`, which is as long as `lines`.
  void parse(std::span<const std::string_view> lines, LogSource& source, std::span<LogFact> facts) noexcept;

 private:
  matchers::LogClasses classes_;
  matchers::LineBatch batch_;
  std::array<matchers::LogClassSet, matchers::LineBatch::kMaxLines> found_{};
};

}  // namespace dataplane
