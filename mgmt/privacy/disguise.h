// Hosts and findings as a sink is shown them.
#pragma once

#include <memory>

#include "aggregator/finding.h"
#include "mgmt/config.h"
#include "mgmt/privacy/hiding.h"

namespace mgmt {

// For one thread.
class Disguise {
 public:
  Disguise() = default;  // as they are

  // As they are if the configuration hides nothing from the sink. Throws std::runtime_error in a sentence if
  // the key cannot be read.
  Disguise(const Config& config, Sink sink);

  wire::Address address(const wire::Address& clear) const {
    return hiding_ ? hiding_->address(clear) : clear;
  }
  // In presentation form.
  std::string name(const std::string& clear) const { return hiding_ ? hiding_->name(clear) : clear; }
  aggregator::Finding finding(const aggregator::Finding& clear) const {
    return hiding_ ? hiding_->finding(clear) : clear;
  }

  bool hides() const noexcept { return hiding_ != nullptr; }

 private:
  std::shared_ptr<Hiding> hiding_;
};

}  // namespace mgmt
