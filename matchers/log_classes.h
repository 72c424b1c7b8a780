// Which lines of a burst can be whose, and which of them can say something that counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "matchers/line_batch.h"
#include "matchers/pattern_database.h"

struct hs_scratch;

namespace matchers {

enum class LogClass : std::uint8_t {
  kPostfix,
  kSendmail,
  kDovecot,
  kQpopper,
  kBind,
  kUnbound,
  kDnsmasq,
  kIplog,
  kTells,  // has words that no line which counts is without
  kCount
};

// May hold classes too many, since anybody can write another's words into a line; never one too few.
class LogClassSet {
 public:
  void add(LogClass found) noexcept { bits_ |= bit(found); }
  bool has(LogClass found) const noexcept { return (bits_ & bit(found)) != 0; }
  bool of_known_program() const noexcept { return (bits_ & (bit(LogClass::kTells) - 1)) != 0; }

  friend bool operator==(LogClassSet, LogClassSet) = default;

 private:
  static constexpr std::uint16_t bit(LogClass found) noexcept {
    return static_cast<std::uint16_t>(1U << static_cast<unsigned>(found));
  }

  std::uint16_t bits_ = 0;
};

// One thread at a time. Allocates in the constructor only.
class LogClasses {
 public:
  // `patterns` are those of compile_log_patterns(). Throws std::bad_alloc.
  explicit LogClasses(HyperscanDatabase patterns);

  // All lines in one call; what each can be goes to the same index of `found`, which is as long as the batch.
  void scan(const LineBatch& lines, std::span<LogClassSet> found) const noexcept;

 private:
  struct Free {
    void operator()(hs_scratch* scratch) const noexcept;
  };

  HyperscanDatabase patterns_;
  std::unique_ptr<hs_scratch, Free> scratch_;
};

}  // namespace matchers
