// What looks like an attack and is none, each in the span of its stage.
#pragma once

#include "tests/support/world/stage.h"

namespace tests::world {

// Of the mail server.
void newsletter(const Stage& stage);
void queue_flush(const Stage& stage);

// Of hosts that browse.
void web_crawler(const Stage& stage);
void thirty_tabs(const Stage& stage);
void short_ttl_cdn(const Stage& stage);
void doh_browser(const Stage& stage);
void dot_client(const Stage& stage);
void vpn_ends(const Stage& stage);
void dual_stack(const Stage& stage);
void nat_gateway_clients(const Stage& stage);
void peer_to_peer(const Stage& stage);

// Of the campus' machines.
void hosts_in_cc(const Stage& stage);
void backup(const Stage& stage);
void monitoring(const Stage& stage);

}  // namespace tests::world
