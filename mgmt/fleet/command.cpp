#include "mgmt/fleet/command.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "mgmt/command_line.h"
#include "mgmt/fleet/clickhouse.h"
#include "mgmt/fleet/feed.h"
#include "mgmt/fleet/init.h"
#include "mgmt/fleet/spool.h"
#include "mgmt/nearest_name.h"
#include "mgmt/number_text.h"
#include "mgmt/run_words.h"
#include "mgmt/standard_output.h"
#include "mgmt/text_style.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

constexpr std::array<std::string_view, 2> kActions = {"init", "status"};

FleetAsked asked_by(const std::string& word) {
  const auto found = std::ranges::find(kActions, word);
  if (found == kActions.end()) {
    throw UsageError(fmt::format("'tapline fleet' cannot do {}, only init and status{}", in_quotes(word),
                                 suggestion(nearest_name(word, kActions))));
  }
  return found == kActions.begin() ? FleetAsked::kInit : FleetAsked::kStatus;
}

std::string init_text(const FleetSettings& fleet) {
  ClickHouse clickhouse(fleet);
  const std::vector<std::string> added = init_fleet(fleet.database, clickhouse);
  std::string text = fmt::format("{}: the database {} has the tables {}\n", to_text(fleet.url),
                                 fleet.database, fmt::join(kFleetTableNames, ", "));
  if (!added.empty()) text += fmt::format("new columns: {}\n", fmt::join(added, ", "));
  return text;
}

std::string statements_text(const FleetSettings& fleet) {
  std::string text;
  for (const std::string& statement : fleet_init_statements(fleet.database)) text += statement + ";\n";
  return text;
}

std::string status_text(const FleetOptions& options) {
  const FleetSpool::Content content = spool_content(options.folder);
  if (options.json) {
    nlohmann::ordered_json json = {{"folder", printable(options.folder, kPathColumns, TextStyle{})},
                                   {"sensor", sensor_name(options.fleet)},
                                   {"waiting", content.minutes},
                                   {"waiting_bytes", content.bytes},
                                   {"most_bytes", options.fleet.spool_bytes},
                                   {"oldest", nullptr}};
    if (content.minutes > 0) json["oldest"] = content.oldest;
    return json.dump(1) + "\n";
  }
  std::string text = fmt::format(
      "{0}: minutes of {2} that wait for {3}: {1}", printable(options.folder, kPathColumns, TextStyle{}),
      grouped(content.minutes), sensor_name(options.fleet), to_text(options.fleet.url));
  if (content.minutes > 0)
    text += fmt::format(", {} of at most {}, since {}", bytes_text(static_cast<double>(content.bytes)),
                        bytes_text(static_cast<double>(options.fleet.spool_bytes)),
                        utc_text(static_cast<std::int64_t>(content.oldest) * 1'000'000'000));
  return text + "\n";
}

std::string answer_to(const FleetOptions& options) {
  switch (options.asked) {
    case FleetAsked::kInit:
      return init_text(options.fleet);
    case FleetAsked::kPrint:
      return statements_text(options.fleet);
    default:
      return status_text(options);
  }
}

}  // namespace

FleetOptions read_fleet_words(std::span<const char* const> given) {
  FleetOptions options;
  CLI::App app;
  std::string config = kDefaultConfigFile;
  bool print = false;
  app.add_option("--config", config)->take_last();
  app.add_flag("--print", print)->disable_flag_override();
  app.add_flag("--json", options.json)->disable_flag_override();
  const std::vector<std::string> words = take_options(app, given);
  if (words.empty()) throw UsageError("'tapline fleet' needs to know what to do: init or status");
  options.asked = asked_by(words.front());
  if (words.size() > 1) {
    throw UsageError(
        fmt::format("'tapline fleet {}' does not know what to do with {}", words[0], in_quotes(words[1])));
  }
  if (print && options.asked != FleetAsked::kInit) throw UsageError("--print belongs to init");
  if (options.json && options.asked != FleetAsked::kStatus) throw UsageError("--json belongs to status");
  if (print) options.asked = FleetAsked::kPrint;
  const Config read = read_config(config);
  if (!read.fleet) throw ConfigError(no_fleet_text(config));
  options.fleet = *read.fleet;
  options.folder = fleet_folder(read.state.folder);
  return options;
}

std::string no_fleet_text(const std::string& config_file) {
  return fmt::format("{}: has no [fleet], which says where ClickHouse is; --config names another file",
                     printable(config_file, kPathColumns, TextStyle{}));
}

int fleet_command(const FleetOptions& options) {
  return write_standard_output(answer_to(options)) ? kExitDone : kExitFailed;
}

}  // namespace mgmt
