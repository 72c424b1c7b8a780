#include "tests/support/world/everyday.h"

namespace tests::world {

void everyday(const Stage& stage) {
  web_clients(stage);
  mistyped_names(stage);
  mail_server_day(stage);
  internal_services(stage);
  border_noise(stage);
}

}  // namespace tests::world
