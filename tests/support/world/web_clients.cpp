// PCs that visit web sites, some sites far more often than others.
#include <vector>

#include "dataplane/traffic/weighted.h"
#include "tests/support/world/browser.h"
#include "tests/support/world/everyday.h"
#include "tests/support/world/rates.h"

namespace tests::world {
namespace {

constexpr std::uint32_t kClientOffset =
    40;  // of Zipf-Mandelbrot: the busiest PC has some 1.4 % of all visits

}  // namespace

void web_clients(const Stage& stage) {
  Random random = stage.random(1);
  const auto sites = dataplane::traffic::zipf(kSites, 3);
  const auto clients = dataplane::traffic::zipf(kPcs, kClientOffset);
  std::vector<Browser> browsers;
  for (std::uint32_t i = 0; i < kPcs; ++i) browsers.emplace_back(stage.tap, stage.resolver, random, pc(i));
  each_arrival(random, kVisits, stage.shape, stage.span,
               [&](Nanos at) { browsers[clients.draw(random)].visit(at, sites.draw(random)); });
}

}  // namespace tests::world
