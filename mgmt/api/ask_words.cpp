#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/format.h>

#include "mgmt/api/ask.h"
#include "mgmt/duration_text.h"
#include "mgmt/nearest_name.h"
#include "mgmt/text_style.h"
#include "mgmt/when_text.h"
#include "mgmt/words.h"
#include "mgmt/zone_text.h"

namespace mgmt {
namespace {

using Words = std::span<const char* const>;

constexpr std::array<std::string_view, 6> kRankings = {"clients", "names",        "domains",
                                                       "ports",   "smtp-clients", "unresolved"};
// With one of these, `tapline mail` reads files.
constexpr std::array<std::string_view, 3> kLogOptions = {"--maillog", "--querylog", "--pcap"};

constexpr std::array<std::string_view, 8> kParts = {"host", "pairing", "delay",    "dns",
                                                    "mail", "summary", "patterns", "config"};

// What all these commands take.
class AskWords {
 public:
  explicit AskWords(AskOptions& options) : options_(options) {
    app.add_option("--socket", options_.socket)->take_last();
    app.add_flag("--json", options_.json)->disable_flag_override();
    app.add_flag("--no-color", no_color_)->disable_flag_override();
  }

  std::vector<std::string> take(Words given) {
    std::vector<std::string> words = take_options(app, given);
    options_.color = !no_color_;
    return words;
  }

  CLI::App app;

 private:
  AskOptions& options_;
  bool no_color_ = false;
};

void refuse_others(std::span<const std::string> words, std::string_view command) {
  if (words.empty()) return;
  throw UsageError(
      fmt::format("'tapline {}' does not know what to do with {}", command, in_quotes(words.front())));
}

template <std::size_t Size>
void refuse_unless_one_of(const std::string& word, const std::array<std::string_view, Size>& known,
                          std::string_view command) {
  if (std::ranges::count(known, word) > 0) return;
  throw UsageError(fmt::format("'tapline {}' knows {}, not {}{}", command, fmt::join(known, ", "),
                               in_quotes(word), suggestion(nearest_name(word, known))));
}

void put_if(AskOptions& options, const char* name, const std::optional<std::string>& value) {
  if (value) options.parameters.emplace(name, *value);
}

// As the API wants it, of a time as people type it.
void put_time_if(AskOptions& options, const char* name, const std::optional<std::string>& word) {
  if (!word) return;
  const auto when = parse_when(*word, std::time(nullptr), zone_of_machine);
  if (!when)
    throw UsageError(
        fmt::format("--{} takes a time such as {}, not {}", name, kWhenExamples, in_quotes(*word)));
  options.parameters.emplace(name, std::to_string(*when));
}

std::int64_t interval_of(const std::string& word) {
  constexpr std::int64_t kLeast = 200'000'000;
  const auto interval_ns = parse_duration(word);
  if (!interval_ns || *interval_ns < kLeast)
    throw UsageError(fmt::format("--every takes a time from 200ms on, such as 2s, not {}", in_quotes(word)));
  return *interval_ns;
}

// "start", "stop" or "status" is the first.
AskOptions read_capture_turn_words(Words given) {
  const std::string_view what = given.front();
  AskOptions options;
  options.path = "/api/v1/capture";
  if (what != "status") {
    options.method = "POST";
    options.path.append("/").append(what);
    options.text = false;
  }
  AskWords words(options);
  refuse_others(words.take(given.subspan(1)), fmt::format("capture {}", what));
  return options;
}

}  // namespace

AskOptions read_status_words(Words given) {
  AskOptions options;
  options.path = "/api/v1/status";
  AskWords words(options);
  refuse_others(words.take(given), "status");
  return options;
}

AskOptions read_top_words(Words given) {
  AskOptions options;
  AskWords words(options);
  std::uint64_t rows = 10;
  std::optional<std::string> top, every;
  bool follow = false;
  words.app.add_option("--top", top)->take_last();
  words.app.add_flag("--follow", follow)->disable_flag_override();
  words.app.add_option("--every", every)->take_last();
  const std::vector<std::string> what = words.take(given);
  if (what.empty())
    throw UsageError(fmt::format("'tapline top' needs to know of what: {}", fmt::join(kRankings, ", ")));
  refuse_unless_one_of(what.front(), kRankings, "top");
  refuse_others(std::span(what).subspan(1), "top");
  take_count("--top", top, {1, aggregator::kTopNames}, rows);
  options.path = "/api/v1/top/" + what.front();
  options.parameters.emplace(options.json ? "limit" : "top", std::to_string(rows));
  if (follow || every) options.follow_ns = interval_of(every.value_or("2s"));
  return options;
}

AskOptions read_show_words(Words given) {
  AskOptions options;
  AskWords words(options);
  std::optional<std::string> step;
  words.app.add_option("--step", step)->take_last();
  const std::vector<std::string> what = words.take(given);
  if (what.empty())
    throw UsageError(fmt::format("'tapline show' needs to know what: {}", fmt::join(kParts, ", ")));
  refuse_unless_one_of(what.front(), kParts, "show");
  const bool host = what.front() == "host";
  if (host && what.size() < 2)
    throw UsageError("'tapline show host' needs an address, or the name of a server");
  if (step && !host) throw UsageError("--step is for 'tapline show host'");
  refuse_others(std::span(what).subspan(host ? 2 : 1), "show");
  if (step) series_step_from(*step);
  put_if(options, "step", step);
  options.path = host ? "/api/v1/hosts/" + what[1] : "/api/v1/" + what.front();
  return options;
}

AskOptions read_findings_words(Words given) {
  AskOptions options;
  options.path = "/api/v1/findings";
  AskWords words(options);
  bool open = false;
  std::optional<std::string> since;
  words.app.add_flag("--open", open)->disable_flag_override();
  words.app.add_option("--since", since)->take_last();
  const std::vector<std::string> what = words.take(given);
  if (open) options.parameters.emplace("open", "1");
  put_time_if(options, "since", since);
  if (what.empty()) return options;
  if (what.front() != "ack" || what.size() != 2)
    throw UsageError("'tapline findings' takes nothing, or ack and the number of a finding");
  options.method = "POST";
  options.path += "/" + what[1];
  options.parameters.clear();
  options.text = false;
  return options;
}

AskOptions read_series_words(Words given) {
  AskOptions options;
  options.path = "/api/v1/series";
  AskWords words(options);
  std::optional<std::string> step, from, to, fields;
  words.app.add_option("--step", step)->take_last();
  words.app.add_option("--from", from)->take_last();
  words.app.add_option("--to", to)->take_last();
  words.app.add_option("--fields", fields)->take_last();
  const std::vector<std::string> hosts = words.take(given);
  if (hosts.size() > 1) refuse_others(std::span(hosts).subspan(1), "series");
  if (step) series_step_from(*step);
  if (!hosts.empty()) options.parameters.emplace("host", hosts.front());
  put_if(options, "step", step);
  put_time_if(options, "from", from);
  put_time_if(options, "to", to);
  put_if(options, "fields", fields);
  return options;
}

bool asks_the_sensor(std::string_view command, Words given) {
  const auto begins_with = [&](std::string_view word) { return !given.empty() && given.front() == word; };
  if (command == "patterns") return begins_with("list") || begins_with("reload");
  if (command == "config") return begins_with("reload");
  if (command == "capture") return begins_with("start") || begins_with("stop") || begins_with("status");
  const auto is_log = [](std::string_view word) {
    return std::ranges::any_of(kLogOptions,
                               [&](std::string_view option) { return word.starts_with(option); });
  };
  return command == "mail" && std::ranges::none_of(given, is_log);
}

AskOptions read_sensor_words(std::string_view command, Words given) {
  if (command != "mail" && std::string_view(given.front()) == "reload")
    return read_reload_words(given.subspan(1));
  if (command == "capture") return read_capture_turn_words(given);
  AskOptions options;
  options.path = command == "mail" ? "/api/v1/mail" : "/api/v1/patterns";
  AskWords words(options);
  refuse_others(words.take(command == "mail" ? given : given.subspan(1)), command);
  return options;
}

AskOptions read_reload_words(Words given) {
  AskOptions options;
  options.method = "POST";
  options.path = "/api/v1/reload";
  options.text = false;
  AskWords words(options);
  refuse_others(words.take(given), "reload");
  return options;
}

}  // namespace mgmt
