// PCs and the campus' own servers: web and files by name, the printer by its address.
#include <array>

#include "tests/support/world/everyday.h"
#include "tests/support/world/hosts.h"
#include "tests/support/world/rates.h"
#include "tests/support/world/sites.h"

namespace tests::world {
namespace {

struct Service {
  const char* host;  // nullptr: known by its address
  Address address;
  std::uint16_t port;
};

constexpr std::uint32_t kForgottenPermille = 300;  // or never asked for yet

}  // namespace

void internal_services(const Stage& stage) {
  Random random = stage.random(4);
  const std::array<Service, 6> services = {{{"www", web_server(), kHttpsPort},
                                            {"www", web_server(), kHttpsPort},
                                            {"fs", file_server(), 445},
                                            {"fs", file_server(), 445},
                                            {"login.cc", cc_host(), 22},
                                            {nullptr, print_server(), 9100}}};
  each_arrival(random, kInternalConnections, stage.shape, stage.span, [&](Nanos at) {
    const std::uint32_t index = random.below(kPcs);
    const Address client = speaks_ipv6(index) ? pc(index - 1) : pc(index);  // The servers speak IPv4.
    const Service& service = services[random.below(services.size())];
    Nanos now = at;
    if (service.host != nullptr && random.permille(kForgottenPermille))
      now = stage.resolver.ask(at, client, local_lookup(service.host, service.address)) + 2 * kMillisecond;
    Connection connection;
    connection.from = stage.tap.ephemeral(client);
    connection.to = {service.address, service.port};
    connection.round_trip = kMillisecond / 4;
    stage.tap.connection(now, connection);
  });
}

}  // namespace tests::world
