// What goes on every day, each in a file of its own.
#pragma once

#include "tests/support/world/stage.h"

namespace tests::world {

void web_clients(const Stage& stage);
void mistyped_names(const Stage& stage);
void mail_server_day(const Stage& stage);
void internal_services(const Stage& stage);
void border_noise(const Stage& stage);

// All of the above.
void everyday(const Stage& stage);

}  // namespace tests::world
