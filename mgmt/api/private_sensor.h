// A sensor as others than this machine's operators see it.
#pragma once

#include <memory>
#include <mutex>

#include "mgmt/api/sensor.h"
#include "mgmt/privacy/hiding.h"

namespace mgmt {

// Hosts are asked for by their hidden addresses, or by their names in the configuration.
class PrivateSensor final : public Sensor {
 public:
  PrivateSensor(Sensor& clear, Hiding hiding) : clear_(clear), hiding_(std::move(hiding)) {}

  std::shared_ptr<const SensorState> state() override;
  std::optional<std::vector<aggregator::SensorPoint>> sensor_points(const CurveAsked& asked) override {
    return clear_.sensor_points(asked);
  }
  std::optional<std::vector<aggregator::SeriesPoint>> host_points(const wire::Address& host,
                                                                  const CurveAsked& asked) override;
  std::optional<std::vector<aggregator::MailPoint>> mail_points(const wire::Address& server,
                                                                const CurveAsked& asked) override;
  std::vector<HistoryGap> gaps(std::uint64_t from) override { return clear_.gaps(from); }
  Acknowledgements& acknowledgements() override { return clear_.acknowledgements(); }
  void note_change() override { clear_.note_change(); }
  std::optional<Reload> reload() override { return clear_.reload(); }
  std::optional<Reload> turn_spool(bool on) override { return clear_.turn_spool(on); }

 private:
  std::shared_ptr<const SensorState> hidden(const SensorState& clear);
  wire::Address shown(const wire::Address& host);

  Sensor& clear_;
  std::mutex mutex_;
  Hiding hiding_;
  std::shared_ptr<const SensorState> made_of_;  // what `state_` was made of
  std::shared_ptr<const SensorState> state_;
};

}  // namespace mgmt
