// One line of `tapline doctor`: what was looked at, what was found, and what would mend it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mgmt {

enum class Health : std::uint8_t {
  kOk,
  kWarn,  // works, at a price
  kFail,  // does not work, or does not see what it should
};
inline constexpr std::array<std::string_view, 3> kHealthNames = {"ok", "warn", "fail"};

struct Diagnosis {
  std::string check;    // "hugepages"
  std::string subject;  // kHostSubject, or the name of a port
  Health health = Health::kOk;
  std::string found;
  std::string advice;  // why it matters; empty if all is well
  std::string fix;     // for a root shell, one command a line; empty where no command can do it
};
using Diagnoses = std::vector<Diagnosis>;

inline constexpr std::string_view kHostSubject = "host";

// Puts together the diagnoses of one check on one subject.
class Check {
 public:
  Check(std::string_view name, std::string_view subject) : name_(name), subject_(subject) {}

  Diagnosis ok(std::string found) const { return made(Health::kOk, std::move(found), "", ""); }
  Diagnosis warn(std::string found, std::string advice, std::string fix = "") const {
    return made(Health::kWarn, std::move(found), std::move(advice), std::move(fix));
  }
  Diagnosis fail(std::string found, std::string advice, std::string fix = "") const {
    return made(Health::kFail, std::move(found), std::move(advice), std::move(fix));
  }

 private:
  Diagnosis made(Health health, std::string found, std::string advice, std::string fix) const {
    return {name_, subject_, health, std::move(found), std::move(advice), std::move(fix)};
  }

  std::string name_;
  std::string subject_;
};

}  // namespace mgmt
