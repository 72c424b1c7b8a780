// Has a NIC drop what filter_rules.h lets it drop, by rte_flow.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct rte_flow;

namespace dataplane {

// Of one port that has been started; the thread that controls it. Removes its rules when destroyed.
class NicFilter {
 public:
  // Either all rules are in force, or none and why_not() says why.
  NicFilter(std::uint16_t port, unsigned queues);
  ~NicFilter();
  NicFilter(const NicFilter&) = delete;
  NicFilter& operator=(const NicFilter&) = delete;

  bool able() const noexcept { return why_not_.empty(); }
  const std::string& why_not() const noexcept { return why_not_; }

  // Lets everything through for a while, to see what the rules hide. Returns false if the NIC refuses.
  bool set_dropping(bool dropping);
  bool dropping() const noexcept { return !drops_.empty(); }

 private:
  bool add_passes();
  bool add_drops();
  void remove(std::vector<rte_flow*>& rules) noexcept;

  const std::uint16_t port_;
  const unsigned queues_;
  std::vector<rte_flow*> passes_;
  std::vector<rte_flow*> drops_;
  std::string why_not_;
};

}  // namespace dataplane
