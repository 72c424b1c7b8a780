#include "mgmt/bench_words.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "mgmt/core_list.h"
#include "mgmt/duration_text.h"
#include "mgmt/nearest_name.h"
#include "mgmt/run_words.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

namespace traffic = dataplane::traffic;

constexpr std::array<std::string_view, 6> kMixes = {"64B",      "imix",      "core-mix",
                                                    "dns-only", "syn-flood", "dns-flood-random-clients"};
constexpr Range<std::uint64_t> kSizeRange = {traffic::kSmallestFrame, traffic::kLargestFrame};
constexpr Range<std::int64_t> kTrialRangeNs = {100'000'000, 3'600'000'000'000};
constexpr Range<double> kRateRange = {1, 1e9};
constexpr Range<double> kLossRange = {0, 50};

struct BenchWords {
  std::optional<std::string> config;
  std::optional<std::string> mix;
  std::optional<std::string> size;
  std::optional<std::string> rate;
  std::optional<std::string> cores;
  std::optional<std::string> seconds;
  std::optional<std::string> loss;
  std::optional<std::string> ports;
  bool json = false;
  bool no_color = false;
  bool no_progress = false;
};

void add_options(CLI::App& bench, BenchWords& words) {
  bench.add_option("--config", words.config)->take_last();
  bench.add_option("--mix", words.mix)->take_last();
  bench.add_option("--size", words.size)->take_last();
  bench.add_option("--rate", words.rate)->take_last();
  bench.add_option("--cores", words.cores)->take_last();
  bench.add_option("--seconds", words.seconds)->take_last();
  bench.add_option("--loss", words.loss)->take_last();
  bench.add_option("--ports", words.ports)->take_last();
  bench.add_flag("--json", words.json)->disable_flag_override();
  bench.add_flag("--no-color", words.no_color)->disable_flag_override();
  bench.add_flag("--no-progress", words.no_progress)->disable_flag_override();
}

traffic::Mix mix_of(const std::string& word) {
  if (const auto mix = traffic::mix_named(word)) return *mix;
  throw UsageError(fmt::format("there is no mix {}, only {}{}", in_quotes(word), fmt::join(kMixes, ", "),
                               suggestion(nearest_name(word, kMixes))));
}

// A number with k, M or G behind it, or none.
std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(rest - text.data()));
  if (unit.empty()) return number;
  if (unit == "k") return number * 1e3;
  if (unit == "M") return number * 1e6;
  if (unit == "G") return number * 1e9;
  return std::nullopt;
}

double rate_of(const std::string& word) {
  const auto rate = number_in(word);
  if (rate && kRateRange.contains(*rate)) return *rate;
  throw UsageError(
      fmt::format("--rate takes frames per second such as 5M, from 1 to 1G, not {}", in_quotes(word)));
}

double loss_of(const std::string& word) {
  const auto percent = number_in(word);
  if (percent && kLossRange.contains(*percent)) return *percent / 100;
  throw UsageError(fmt::format("--loss takes a share in percent, from {} to {}, not {}", kLossRange.least,
                               kLossRange.most, in_quotes(word)));
}

std::int64_t trial_of(const std::string& word) {
  const auto trial_ns = parse_duration(word);
  if (trial_ns && kTrialRangeNs.contains(*trial_ns)) return *trial_ns;
  throw UsageError(fmt::format("--seconds takes a time from {} to {}, not {}",
                               duration_text(kTrialRangeNs.least), duration_text(kTrialRangeNs.most),
                               in_quotes(word)));
}

std::vector<std::uint64_t> workers_of(const std::string& word) {
  const auto workers = parse_core_list(word, kWorkersRange.most);
  bool sound = workers && !workers->empty();
  for (std::size_t i = 0; sound && i < workers->size(); ++i) sound = kWorkersRange.contains((*workers)[i]);
  if (sound) return *workers;
  throw UsageError(fmt::format("--cores takes numbers of workers such as 1,2,4, each from {} to {}, not {}",
                               kWorkersRange.least, kWorkersRange.most, in_quotes(word)));
}

std::pair<std::string, std::string> ports_of(const std::string& word) {
  const std::size_t comma = word.find(',');
  if (comma != std::string::npos && comma > 0 && comma + 1 < word.size() &&
      word.find(',', comma + 1) == std::string::npos && word.substr(0, comma) != word.substr(comma + 1))
    return {word.substr(0, comma), word.substr(comma + 1)};
  throw UsageError(fmt::format(
      "--ports takes two ports of the configuration, the one that sends and the one that captures: TX,RX; "
      "not {}",
      in_quotes(word)));
}

}  // namespace

BenchOptions read_bench_words(std::span<const char* const> given) {
  BenchWords words;
  CLI::App app;
  add_options(app, words);
  if (const auto others = take_options(app, given); !others.empty()) {
    throw UsageError(
        fmt::format("'tapline bench' does not know what to do with {}", in_quotes(others.front())));
  }
  BenchOptions options;
  if (words.ports) options.cabled = ports_of(*words.ports);
  if (words.mix) options.mix = mix_of(*words.mix);
  if (words.rate) options.rate = rate_of(*words.rate);
  if (words.cores) options.workers = workers_of(*words.cores);
  if (words.seconds) options.trial_ns = trial_of(*words.seconds);
  if (words.loss) options.tolerated_loss = loss_of(*words.loss);
  if (words.size && options.mix != traffic::Mix::kPlain)
    throw UsageError("--size goes with --mix 64B only: the other mixes have sizes of their own");
  if (options.cabled && options.workers.size() > 1)
    throw UsageError("--cores takes one number of workers with --ports");
  std::uint64_t size = options.size;
  take_count("--size", words.size, kSizeRange, size);
  options.size = static_cast<std::uint32_t>(size);
  if (words.config || options.cabled) options.config = read_config(words.config.value_or(kDefaultConfigFile));
  options.json = words.json;
  options.color = !words.no_color;
  options.progress = !words.no_progress;
  return options;
}

}  // namespace mgmt
