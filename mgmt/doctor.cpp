#include "mgmt/doctor.h"

#include <algorithm>

#include <unistd.h>

#include "mgmt/command_line.h"
#include "mgmt/doctor_cpu.h"
#include "mgmt/doctor_memory.h"
#include "mgmt/doctor_nic.h"
#include "mgmt/doctor_text.h"
#include "mgmt/standard_output.h"
#include "mgmt/terminal.h"
#include "mgmt/text_table.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

void add(Diagnoses& to, Diagnoses more) {
  std::ranges::move(more, std::back_inserter(to));
}

// A port's diagnoses stand together.
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
  if (!config.ports.empty()) return check.ok(std::to_string(config.ports.size()) + " configured");
  return check.warn("none is configured", "--config names the file whose [[port]] sections are checked.");
}

}  // namespace

DoctorOptions read_doctor_words(std::span<const char* const> given) {
  DoctorOptions options;
  std::optional<std::string> file;
  CLI::App app;
  app.add_option("--config", file)->take_last();
  app.add_flag("--json", options.json)->disable_flag_override();
  const std::vector<std::string> words = take_options(app, given);
  if (!words.empty())
    throw UsageError("'tapline doctor' takes no argument, such as " + in_quotes(words.front()) +
                     "; --config names a file");
  if (file) options.config = read_config(*file);
  return options;
}

Diagnoses diagnose_machine(const Config& config, const HostFiles& host, const ReadOffloads& read_offloads) {
  const Cores cores = configured_cores(config.ports);
  Diagnoses diagnoses = check_hugepages(config, host);
  diagnoses.push_back(check_memory(config, host));
  add(diagnoses, check_vfio(config.ports, host));
  add(diagnoses, {check_siblings(cores, host), check_isolation(cores, host), check_governor(cores, host),
                  check_clock(host), check_ports(config)});
  for (const Config::Port& port : config.ports) add(diagnoses, of_port(port, config, host, read_offloads));
  return diagnoses;
}

int doctor(const DoctorOptions& options) {
  const TextStyle style = {locale_is_utf8(), shows_color(STDOUT_FILENO)};
  const Diagnoses diagnoses = diagnose_machine(options.config, HostFiles(), read_kernel_offloads);
  const bool written =
      write_standard_output(options.json ? doctor_json(diagnoses) : doctor_text(diagnoses, style));
  const bool fails = std::ranges::count(diagnoses, Health::kFail, &Diagnosis::health) > 0;
  return written && !fails ? kExitDone : kExitFailed;
}

}  // namespace mgmt
