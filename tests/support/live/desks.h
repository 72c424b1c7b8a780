// People at their desks: they ask the campus's name server and connect to what it says.
#pragma once

#include <chrono>
#include <random>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/dns_builder.h"
#include "tests/support/live/name_servers.h"
#include "tests/support/live/timetable.h"

namespace tests {

// A socket of the calling thread's namespace, from `near` to `far`; what cannot be connected yet, is not.
inline int connected_socket(int type, const std::string& near, const std::string& far, std::uint16_t port) {
  const int result = socket(AF_INET, type | SOCK_NONBLOCK, 0);
  sockaddr_in end{};
  end.sin_family = AF_INET;
  inet_pton(AF_INET, near.c_str(), &end.sin_addr);
  (void)bind(result, reinterpret_cast<const sockaddr*>(&end), sizeof end);
  inet_pton(AF_INET, far.c_str(), &end.sin_addr);
  end.sin_port = htons(port);
  (void)connect(result, reinterpret_cast<const sockaddr*>(&end), sizeof end);
  return result;
}

// The RCODE of the campus's name server to a question for an A record; -1 without an answer in two seconds.
inline int ask(const std::string& desk, const std::string& name) {
  const int socket = connected_socket(SOCK_DGRAM, desk, campus::kDnsAddress, 53);
  Octets query = dns_query().question(name, DnsType::kA).bytes();
  query[2] |= 0x01;  // RD
  int rcode = -1;
  pollfd readable = {.fd = socket, .events = POLLIN, .revents = 0};
  std::uint8_t answer[512];
  if (send(socket, query.data(), query.size(), 0) > 0 && poll(&readable, 1, 2000) == 1 &&
      recv(socket, answer, sizeof answer, 0) >= 12) {
    rcode = answer[3] & 0x0F;
  }
  close(socket);
  return rcode;
}

// A few sites a second. Whoever mistypes has the search domain tried as well.
inline void work_at_desks(double seconds, unsigned seed) {
  constexpr double kVisits = 6;  // per second
  std::mt19937 random(seed);
  const auto start = std::chrono::steady_clock::now();
  for (const double at : arrivals(kVisits, seconds, random)) {
    std::this_thread::sleep_until(start + std::chrono::duration<double>(at));
    const std::string desk = campus::kDeskAddresses[random() % campus::kDeskAddresses.size()];
    const int number = static_cast<int>(random() % kSites);
    if (random() % 20 == 0) {
      const std::string mistyped = "ww" + site(number);
      ask(desk, mistyped);
      ask(desk, mistyped + ".campus.example");
    } else if (ask(desk, site(number)) == 0) {
      close(connected_socket(SOCK_STREAM, desk, site_address(number), 80));
    }
  }
}

}  // namespace tests
