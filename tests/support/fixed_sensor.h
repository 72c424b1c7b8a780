// A sensor that always says the same, for tests of what asks it.
#pragma once

#include <memory>
#include <utility>

#include "mgmt/api/sensor.h"
#include "tests/support/fabricated_summaries.h"

namespace tests {

class FixedSensor : public mgmt::Sensor {
 public:
  FixedSensor() {
    auto state = std::make_shared<mgmt::SensorState>();
    auto config = std::make_shared<mgmt::Config>();
    config->mail_servers.push_back({});
    config->mail_servers.back().name = "mx";
    config->mail_servers.back().addresses = {fabricated::address("10.1.0.25")};
    state->summary = fabricated::campus(100'000);
    aggregator::Finding finding;
    finding.id = 1;
    finding.detector = "backscatter";
    finding.subject = fabricated::address("10.1.0.25");
    finding.evidence = {{"unresolved_per_s", 55.5},
                        {"forged_domains", std::vector<std::string>{"example.com"}}};
    state->summary.hosts.emplace().findings = {finding};
    state->summary.live.emplace().ports = {{"eth1", "net_af_packet", {}}};
    state->summary.live->workers.push_back({"eth1", 0, 1, 0, 0, 0});
    state->summary.live->fleet = {"http://127.0.0.1:8123", 100, 2, 3'000, 1, 0, ""};
    aggregator::LiveSpool& spool = state->summary.live->spool.emplace();
    spool.folder = "/var/lib/tapline/spool";
    spool.written = 1234;
    spool.dropped = 5;
    state->config = std::move(config);
    state->second = 1'700'000'059;
    state->curves = {fabricated::address("10.1.0.25")};
    state_ = std::move(state);
  }

  std::shared_ptr<const mgmt::SensorState> state() override { return state_; }
  mgmt::Acknowledgements& acknowledgements() override { return acknowledgements_; }
  void note_change() override { state_ = std::make_shared<const mgmt::SensorState>(*state_); }
  std::optional<std::vector<aggregator::SensorPoint>> sensor_points(const mgmt::CurveAsked&) override {
    aggregator::SensorCounts counts;
    counts[aggregator::SensorField::kQueries] = 30;
    return {{{1'700'000'000, counts}, {1'700'000'003, counts}}};
  }
  std::optional<std::vector<aggregator::SeriesPoint>> host_points(const wire::Address& host,
                                                                  const mgmt::CurveAsked&) override {
    if (host != state_->curves.front()) return std::nullopt;
    aggregator::WatchedRow row;
    row.host.counts[aggregator::HostField::kQueriesMx] = 7;
    return {{{1'700'000'000, row}}};
  }
  std::optional<std::vector<aggregator::MailPoint>> mail_points(const wire::Address& server,
                                                                const mgmt::CurveAsked&) override {
    if (server != state_->curves.front()) return std::nullopt;
    std::vector<aggregator::MailPoint> points;
    for (std::uint64_t i = 0; i < 20; ++i) {  // D_q = 8 N_c + N_p + 3
      aggregator::MailCounts counts;
      counts[aggregator::MailField::kConnects] = 10 + i % 7;
      counts[aggregator::MailField::kPop] = 5 + i % 3;
      counts[aggregator::MailField::kFrom] = 5;
      counts[aggregator::MailField::kSeenA] = 8 * (10 + i % 7) + 5 + i % 3 + 3;
      points.emplace_back(1'700'000'000 + i, counts);
    }
    return points;
  }
  std::vector<mgmt::HistoryGap> gaps(std::uint64_t) override {
    return {{1'700'000'001, 1'700'000'002, "stopped"}};
  }
  std::optional<Reload> reload() override { return Reload{reloads_++ == 0, "said once"}; }

  std::optional<Reload> turn_spool(bool on) override { return Reload{on, "said once"}; }

  void end() { state_ = nullptr; }

 private:
  mgmt::Acknowledgements acknowledgements_;
  std::shared_ptr<const mgmt::SensorState> state_;
  int reloads_ = 0;
};

}  // namespace tests
