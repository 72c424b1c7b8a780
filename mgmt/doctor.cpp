#include "mgmt/doctor.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/command_line.h"
#include "mgmt/doctor_cpu.h"
#include "mgmt/doctor_memory.h"
#include "mgmt/doctor_nic.h"
#include "mgmt/doctor_port.h"
#include "mgmt/doctor_syslog.h"
#include "mgmt/doctor_text.h"
#include "mgmt/doctor_traffic.h"
#include "mgmt/duration_text.h"
#include "mgmt/run_words.h"
#include "mgmt/standard_output.h"
#include "mgmt/syslog_settings.h"
#include "mgmt/terminal.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

constexpr Range<std::int64_t> kListenRangeNs = {0, 3'600'000'000'000};

std::int64_t listen_time(const std::string& word) {
  const auto read = parse_duration(word);
  if (read && kListenRangeNs.contains(*read)) return *read;
  throw UsageError(fmt::format("--listen takes a time from 0 to {}, not {}",
                               duration_text(kListenRangeNs.most), in_quotes(word)));
}

void add(Diagnoses& to, Diagnoses more) {
  std::ranges::move(more, std::back_inserter(to));
}

Diagnoses of_port(const Config::Port& port, const Config& config, const HostFiles& host,
                  const ReadOffloads& read_offloads) {
  Diagnoses diagnoses = {check_driver(port, host)};
  add(diagnoses, check_interface(port, host, read_offloads));
  diagnoses.push_back(check_numa(port, host));
  diagnoses.push_back(check_cores(port, config.ports, host));
  return diagnoses;
}

Diagnosis check_ports(const Config& config) {
  const Check check("ports", kHostSubject);
  if (!config.ports.empty()) return check.ok(fmt::format("{} configured", config.ports.size()));
  return check.warn("none is configured", "--config names the file whose [[port]] sections are checked.");
}

TrafficExpected expected_of(const Config::Port& port, const Config& config, const OpenPort& open) {
  return {.name = port.settings.name,
          .driver = port.settings.driver,
          .vlans = port.expect_vlans,
          .dedup = config.decode.dedup_ns > 0,
          .spreads = spreads_flows(open.facts, port.settings.driver),
          .spreads_inner = open.facts.rss_inner};
}

// A mirror may send each direction to a port of its own: then only all of them together tell.
Diagnoses directions_of(const Config& config, std::span<const PortVisit> visits) {
  TrafficSeen all;
  std::string subject;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    if (!visits[i].seen) continue;
    all += *visits[i].seen;
    subject = subject.empty() ? config.ports[i].settings.name : kHostSubject;
  }
  return all.ledger.frames == 0 ? Diagnoses{} : judge_directions(all, subject);
}

// What is known of a subject stands together, in the order in which the subjects come up.
void group_by_subject(Diagnoses& diagnoses) {
  std::vector<std::string> subjects;
  for (const Diagnosis& diagnosis : diagnoses) {
    if (std::ranges::count(subjects, diagnosis.subject) == 0) subjects.push_back(diagnosis.subject);
  }
  std::ranges::stable_sort(diagnoses, {}, [&](const Diagnosis& diagnosis) {
    return std::ranges::find(subjects, diagnosis.subject) - subjects.begin();
  });
}

Diagnoses visit_and_diagnose(const DoctorOptions& options, const LivePlan& plan) {
  if (plan.ports.empty()) return {};
  if (options.listen_ns > 0 && is_terminal(STDERR_FILENO))
    fmt::print(stderr, "tapline: listening for {}\n", duration_text(options.listen_ns));
  return diagnose_ports(options.config, plan, visit_ports(plan, options.listen_ns));
}

}  // namespace

DoctorOptions read_doctor_words(std::span<const char* const> given) {
  DoctorOptions options;
  std::optional<std::string> file;
  std::optional<std::string> listen;
  CLI::App app;
  app.add_option("--config", file)->take_last();
  app.add_option("--listen", listen)->take_last();
  app.add_flag("--json", options.json)->disable_flag_override();
  const std::vector<std::string> words = take_options(app, given);
  if (!words.empty()) {
    throw UsageError(fmt::format("'tapline doctor' takes no argument, such as {}; --config names a file",
                                 in_quotes(words.front())));
  }
  if (listen) options.listen_ns = listen_time(*listen);
  // A machine without a configuration can be checked too.
  if (!file && std::filesystem::exists(kDefaultConfigFile)) file = kDefaultConfigFile;
  if (file) options.config = read_config(*file);
  return options;
}

Diagnoses diagnose_machine(const Config& config, const LivePlan& plan, const HostFiles& host,
                           const ReadOffloads& read_offloads) {
  const Cores cores = planned_cores(plan);
  Diagnoses diagnoses = check_hugepages(plan, host);
  diagnoses.push_back(check_memory(config, plan, host));
  add(diagnoses, check_vfio(config.ports, host));
  add(diagnoses, {check_siblings(cores, host), check_isolation(cores, host), check_governor(cores, host),
                  check_clock(host), check_ports(config)});
  if (const auto syslog = syslog_settings(config)) diagnoses.push_back(check_syslog(*syslog));
  for (const Config::Port& port : config.ports) add(diagnoses, of_port(port, config, host, read_offloads));
  return diagnoses;
}

Diagnoses diagnose_ports(const Config& config, const LivePlan& plan, std::span<const PortVisit> visits) {
  Diagnoses diagnoses;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    const PortVisit& visit = visits[i];
    add(diagnoses, judge_port(visit, plan.ports[i]));
    if (visit.open && visit.seen)
      add(diagnoses, judge_traffic(*visit.seen, expected_of(config.ports[i], config, *visit.open)));
  }
  add(diagnoses, directions_of(config, visits));
  return diagnoses;
}

int doctor(const DoctorOptions& options) {
  const TextStyle style = {locale_is_utf8(), shows_color(STDOUT_FILENO)};
  const LivePlan plan = options.config.ports.empty() ? LivePlan{} : live_plan(options.config, this_machine());
  Diagnoses diagnoses = diagnose_machine(options.config, plan, HostFiles(), read_kernel_offloads);
  add(diagnoses, visit_and_diagnose(options, plan));
  group_by_subject(diagnoses);
  const bool written =
      write_standard_output(options.json ? doctor_json(diagnoses) : doctor_text(diagnoses, style));
  const bool fails = std::ranges::count(diagnoses, Health::kFail, &Diagnosis::health) > 0;
  return written && !fails ? kExitDone : kExitFailed;
}

}  // namespace mgmt
