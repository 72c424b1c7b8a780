// When a load's sessions begin.
#pragma once

#include <atomic>
#include <chrono>
#include <random>
#include <thread>
#include <vector>

namespace tests {

// The instants of a Poisson process within `seconds`.
inline std::vector<double> arrivals(double per_second, double seconds, std::mt19937& random) {
  std::exponential_distribution<double> gap(per_second);
  std::vector<double> times = {gap(random)};
  while (times.back() < seconds) times.push_back(times.back() + gap(random));
  times.pop_back();
  return times;
}

// Calls `begin` with each of `sessions`, sorted by `at`: at its time, or when one of the eight that may go on
// at once is over. Returns when all are.
template <class Session, class Begin>
void at_their_times(const std::vector<Session>& sessions, const Begin& begin) {
  constexpr int kAtOnce = 8;
  const auto start = std::chrono::steady_clock::now();
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < sessions.size(); i = next++) {
      std::this_thread::sleep_until(start + std::chrono::duration<double>(sessions[i].at));
      begin(sessions[i]);
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(kAtOnce);
  for (int thread = 0; thread < kAtOnce; ++thread) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace tests
