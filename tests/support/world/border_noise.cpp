// What comes in from outside: visitors of the web server, whom it looks up for its log, and those who try
// doors.
#include <array>

#include "tests/support/world/everyday.h"
#include "tests/support/world/hosts.h"
#include "tests/support/world/rates.h"
#include "tests/support/world/sites.h"

namespace tests::world {
namespace {

constexpr std::array<std::uint16_t, 8> kTriedPorts = {23, 22, 445, 3389, 80, 443, 8080, 5060};
constexpr std::uint32_t kScanners = 40;
constexpr std::uint32_t kVisitorHosts = 2000;

}  // namespace

void border_noise(const Stage& stage) {
  Random random = stage.random(5);
  each_arrival(random, kVisitors, stage.shape, stage.span, [&](Nanos at) {
    const std::uint32_t visitor = 1000 + random.below(kVisitorHosts);
    Connection connection;
    connection.from = stage.tap.ephemeral(stranger(visitor));
    connection.to = {web_server(), kHttpsPort};
    connection.round_trip = kMillisecond / 4;
    stage.tap.connection(at, connection);
    const std::string name = random.permille(500) ? "" : "host" + std::to_string(visitor) + ".isp.example";
    if (random.permille(500))
      stage.resolver.ask(at + kMillisecond, web_server(), reverse_lookup(stranger(visitor), name));
  });
  each_arrival(random, kScanned, stage.span, [&](Nanos at) {
    Connection connection;
    connection.from = stage.tap.ephemeral(stranger(random.below(kScanners)));
    connection.to = {v4(0x0A010000 + random.below(0x10000)), kTriedPorts[random.below(kTriedPorts.size())]};
    connection.fate = random.permille(50) ? Fate::kRefused : Fate::kSilent;
    connection.retries = 0;
    stage.tap.connection(at, connection);
  });
}

}  // namespace tests::world
