#include "dataplane/pinned_thread.h"

#include <pthread.h>
#include <rte_lcore.h>

namespace dataplane {
namespace {

void pin_to(std::uint64_t core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core % CPU_SETSIZE, &set);
  pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

}  // namespace

std::jthread pinned_thread(std::string name, std::optional<std::uint64_t> core, std::function<void()> work) {
  return std::jthread([name = std::move(name), core, work = std::move(work)] {
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    if (core) pin_to(*core);
    // Without it the thread works all the same, a little slower.
    const bool known = rte_thread_register() == 0;
    work();
    if (known) rte_thread_unregister();
  });
}

}  // namespace dataplane
