#include "mgmt/machine.h"

#include <algorithm>
#include <fstream>
#include <string>

#include <sched.h>

#include "dataplane/eal.h"
#include "mgmt/core_list.h"

namespace mgmt {
namespace {

std::vector<std::uint64_t> allowed_cores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  sched_getaffinity(0, sizeof allowed, &allowed);
  std::vector<std::uint64_t> cores;
  for (std::uint64_t core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &allowed)) cores.push_back(core);
  }
  return cores;
}

std::vector<std::uint64_t> isolated_cores() {
  std::string list;
  std::getline(std::ifstream("/sys/devices/system/cpu/isolated"), list);
  return parse_core_list(list, CPU_SETSIZE - 1).value_or(std::vector<std::uint64_t>{});
}

}  // namespace

Machine this_machine() {
  Machine machine = {allowed_cores(), isolated_cores(), dataplane::free_hugepage_bytes()};
  std::erase_if(machine.isolated,
                [&](std::uint64_t core) { return !std::ranges::binary_search(machine.cores, core); });
  return machine;
}

}  // namespace mgmt
