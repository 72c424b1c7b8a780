#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mgmt/command_line.h"
#include "mgmt/help_text.h"
#include "tests/support/sanitized.h"

namespace mgmt {
namespace {

using Words = std::vector<const char*>;

ReplayOptions accepted(const Words& words) {
  const Command command = parse_command_line(words);
  const auto* wrong = std::get_if<WrongUsage>(&command);
  EXPECT_EQ(wrong, nullptr) << wrong->sentence;
  return wrong ? ReplayOptions{} : std::get<ReplayOptions>(command);
}

// What standard error would say; "" if the words are accepted.
std::string refusal(const Words& words) {
  const Command command = parse_command_line(words);
  const auto* wrong = std::get_if<WrongUsage>(&command);
  return wrong ? wrong->sentence : "";
}

std::string help(const Words& words) {
  const Command command = parse_command_line(words);
  const auto* text = std::get_if<HelpText>(&command);
  return text ? text->text : "";
}

TEST(CommandLine, WithoutOptionsTheDefaultsHold) {
  const ReplayOptions options = accepted({"replay", "a.pcap"});
  EXPECT_EQ(options.config, Config{});
  EXPECT_EQ(options.files, std::vector<std::string>{"a.pcap"});
  EXPECT_FALSE(options.json);
  EXPECT_TRUE(options.progress);
  EXPECT_TRUE(options.color);
  EXPECT_EQ(options.top, 10U);
}

TEST(CommandLine, EveryOptionIsRead) {
  const ReplayOptions options =
      accepted({"replay", "--json", "--workers", "4", "a", "--shards=3", "--window", "2.5", "--correlate",
                "address", "--top", "20", "--no-progress", "--no-color", "b"});
  EXPECT_EQ(options.config.replay, (Config::Replay{4, 3}));
  EXPECT_EQ(options.config.pairing, (Config::Pairing{2'500'000'000, aggregator::Correlate::kAddress}));
  EXPECT_EQ(options.files, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(options.json);
  EXPECT_FALSE(options.progress);
  EXPECT_FALSE(options.color);
  EXPECT_EQ(options.top, 20U);
}

TEST(CommandLine, WindowIsSecondsOrHasAUnit) {
  const auto window = [](const char* word) {
    return accepted({"replay", "--window", word, "a"}).config.pairing.window_ns;
  };
  EXPECT_EQ(window("0.5"), 500'000'000);
  EXPECT_EQ(window("1"), 1'000'000'000);
  EXPECT_EQ(window("500ms"), 500'000'000);
  EXPECT_EQ(window("3600"), 3'600'000'000'000);
  EXPECT_EQ(window("0.000000001"), 1);
}

TEST(CommandLine, TheLastOfARepeatedOptionWins) {
  EXPECT_EQ(accepted({"replay", "--workers", "2", "--workers", "3", "a"}).config.replay.workers, 3U);
}

TEST(CommandLine, TheCommandLineWinsOverTheConfiguration) {
  const std::string file = testing::TempDir() + "command_line_test.toml";
  std::ofstream(file) << "[replay]\nworkers = 5\nshards = 6\n[pairing]\nwindow = 3\n";
  const ReplayOptions options =
      accepted({"replay", "--window", "2", "--config", file.c_str(), "a", "--shards", "7"});
  EXPECT_EQ(options.config.replay, (Config::Replay{5, 7}));
  EXPECT_EQ(options.config.pairing.window_ns, 2'000'000'000);
}

TEST(CommandLine, AWrongConfigurationIsWrongUsage) {
  EXPECT_EQ(refusal({"replay", "--config", "/nonexistent.toml", "a"}),
            "/nonexistent.toml: cannot be read: No such file or directory\n");
}

TEST(CommandLine, FilesMayHaveAnyName) {
  const ReplayOptions options = accepted({"replay", "replay", "-", "[a,b]", "++", "--", "--json", "-x"});
  EXPECT_EQ(options.files, (std::vector<std::string>{"replay", "-", "[a,b]", "++", "--json", "-x"}));
  EXPECT_FALSE(options.json);
}

TEST(CommandLine, WrongUsageIsASentenceAndAHint) {
  const auto sentence = [](const Words& words) {
    const std::string text = refusal(words);
    EXPECT_TRUE(text.ends_with("\ntry 'tapline replay --help'\n")) << text;
    return text.substr(0, text.find('\n'));
  };
  EXPECT_EQ(sentence({"replay"}), "tapline: no capture file was given, nor a log");
  EXPECT_EQ(sentence({"replay", "--"}), "tapline: no capture file was given, nor a log");
  EXPECT_EQ(sentence({"replay", ""}), "tapline: the name of a capture file is empty");
  EXPECT_EQ(sentence({"replay", "-", "a", "-"}), "tapline: standard input ('-') can be read only once");
  EXPECT_EQ(sentence({"replay", "--worker", "2", "a"}),
            "tapline: there is no option '--worker'; did you mean --workers?");
  EXPECT_EQ(sentence({"replay", "-j", "a"}), "tapline: there is no option '-j'");
  EXPECT_EQ(sentence({"replay", "a", "--workers"}), "tapline: --workers needs a value");
  EXPECT_EQ(sentence({"replay", "--json=1", "a"}), "tapline: --json takes no value");
  EXPECT_EQ(sentence({"replay", "--workers", "65", "a"}),
            "tapline: --workers takes a whole number from 1 to 64, not '65'");
  EXPECT_EQ(sentence({"replay", "--shards", "0", "a"}),
            "tapline: --shards takes a whole number from 1 to 64, not '0'");
  EXPECT_EQ(sentence({"replay", "--top", "2x", "a"}),
            "tapline: --top takes a whole number from 1 to 1000, not '2x'");
  EXPECT_EQ(sentence({"replay", "--correlate", "both", "a"}),
            "tapline: --correlate takes client or address, not 'both'");
  for (const char* window : {"0", "-1", "3600.5", "nan", "inf", "1e3", "0x1", "ms", "2 h"}) {
    EXPECT_EQ(sentence({"replay", "--window", window, "a"}),
              std::string("tapline: --window takes a time above 0 and up to 3600 s, not '") + window + "'");
  }
}

TEST(CommandLine, SeriesAreOfAHostOrAServerOfTheConfiguration) {
  const std::string file = testing::TempDir() + "command_line_series.toml";
  std::ofstream(file) << "[[mail_server]]\nname = \"mx1\"\naddress = [\"10.0.0.25\", \"2001:db8::25\"]\n";
  const ReplayOptions plain = accepted({"replay", "--series", "2001:db8::7", "a"});
  ASSERT_TRUE(plain.series);
  EXPECT_EQ(to_text(plain.series->host), "2001:db8::7");
  EXPECT_EQ(plain.series->step, aggregator::SeriesStep::kSecond);
  EXPECT_EQ(plain.series->format, SeriesFormat::kText);
  const ReplayOptions named =
      accepted({"replay", "--config", file.c_str(), "--series", "mx1", "--step", "1h", "--csv", "a"});
  EXPECT_EQ(to_text(named.series->host), "10.0.0.25");
  EXPECT_EQ(named.series->step, aggregator::SeriesStep::kHour);
  EXPECT_EQ(named.series->format, SeriesFormat::kCsv);
  EXPECT_EQ(accepted({"replay", "--series", "::1", "--json", "a"}).series->format, SeriesFormat::kJson);
  EXPECT_FALSE(accepted({"replay", "a"}).series);
  std::remove(file.c_str());
}

TEST(CommandLine, SeriesThatMakeNoSenseAreRefused) {
  const auto sentence = [](const Words& words) {
    const std::string text = refusal(words);
    return text.substr(0, text.find('\n'));
  };
  EXPECT_EQ(sentence({"replay", "--series", "mx1", "a"}),
            "tapline: --series takes an address, or the name of a server of the configuration, not 'mx1'");
  for (const char* host : {"10.0.0.0/8", "", "10.0.0.256"})
    EXPECT_TRUE(sentence({"replay", "--series", host, "a"}).starts_with("tapline: --series takes")) << host;
  for (const char* step : {"1", "2m", "60", "1M", ""}) {
    EXPECT_EQ(sentence({"replay", "--series", "::1", "--step", step, "a"}),
              std::string("tapline: --step takes 1s, 1m, 1h, 1d, not '") + step + "'");
  }
  EXPECT_EQ(sentence({"replay", "--step", "1m", "a"}), "tapline: --step belongs to --series HOST");
  EXPECT_EQ(sentence({"replay", "--csv", "a"}), "tapline: --csv belongs to --series HOST");
  EXPECT_EQ(sentence({"replay", "--series", "::1", "--csv", "--json", "a"}),
            "tapline: --csv and --json exclude each other");
  EXPECT_EQ(sentence({"replay", "a", "--series"}), "tapline: --series needs a value");
}

TEST(CommandLine, ConfigChecksAFileOrShowsOne) {
  const auto options = [](std::vector<const char*> words) {
    return std::get<ConfigOptions>(parse_command_line(words));
  };
  EXPECT_EQ(options({"config", "show"}).action, ConfigOptions::Action::kShow);
  EXPECT_FALSE(options({"config", "show", "--json"}).file);
  EXPECT_EQ(options({"config", "check", "a.toml"}).file, "a.toml");
  EXPECT_EQ(options({"config", "check", "--config", "a.toml"}).action, ConfigOptions::Action::kCheck);
  const auto wrong = [](std::vector<const char*> words) {
    return std::get<WrongUsage>(parse_command_line(words)).sentence;
  };
  EXPECT_EQ(wrong({"config"}),
            "tapline: 'tapline config' needs to know what to do: check FILE, or show\n"
            "try 'tapline config --help'\n");
  EXPECT_EQ(wrong({"config", "chek"}),
            "tapline: 'tapline config' cannot do 'chek', only check and show; did you mean check?\n"
            "try 'tapline config --help'\n");
  EXPECT_EQ(wrong({"config", "check"}),
            "tapline: 'tapline config check' needs a file\ntry 'tapline config --help'\n");
  EXPECT_EQ(wrong({"config", "show", "a", "b"}),
            "tapline: one configuration file at a time\ntry 'tapline config --help'\n");
}

TEST(CommandLine, RunTakesItsPortsFromTheConfiguration) {
  const std::string file = testing::TempDir() + "command_line_run.toml";
  std::ofstream(file) << "[[port]]\nname = \"eth1\"\n";
  const auto parsed = [&](std::vector<const char*> words) {
    words.insert(words.begin(), {"run", "--config", file.c_str()});
    return parse_command_line(words);
  };
  const auto options = std::get<RunOptions>(parsed({"--for", "10s", "--json", "--no-lines"}));
  EXPECT_EQ(options.config.ports.at(0).settings.name, "eth1");
  EXPECT_EQ(options.config_file, file);
  EXPECT_EQ(options.length_ns, 10'000'000'000);
  EXPECT_TRUE(options.json);
  EXPECT_FALSE(options.lines);
  EXPECT_EQ(std::get<WrongUsage>(parsed({"--for", "0"})).sentence,
            "tapline: --for takes a time above 0, such as 10s, not '0'\ntry 'tapline run --help'\n");
  EXPECT_EQ(std::get<WrongUsage>(parsed({"eth1"})).sentence,
            "tapline: 'tapline run' does not know what to do with 'eth1'; ports are in the configuration\n"
            "try 'tapline run --help'\n");
}

TEST(CommandLine, CaptureExtractTakesATimeAHostAndWhereTo) {
  const Command command =
      parse_command_line(Words{"capture", "extract", "--from", "@1700000000", "--to", "@1700000100", "--host",
                               "10.1.0.25", "--spool", "frames", "-w", "slice.pcap", "--json"});
  const auto& options = std::get<CaptureOptions>(command);
  EXPECT_EQ(options.query.from_ns, 1'700'000'000'000'000'000);
  EXPECT_EQ(options.query.to_ns, 1'700'000'100'000'000'000);
  EXPECT_EQ(options.query.host, wire::address_from("10.1.0.25"));
  EXPECT_EQ(options.query.folder, "frames");
  EXPECT_EQ(options.to, "slice.pcap");
  EXPECT_TRUE(options.json);
  const auto complains = [](const Words& words, std::string_view of) {
    EXPECT_NE(refusal(words).find(of), std::string::npos) << refusal(words);
  };
  complains({"capture"}, "'tapline capture' takes 'extract', 'start', 'stop' or 'status'");
  complains({"capture", "extract", "-w", "x"}, "needs --from, such as --from -15m");
  complains({"capture", "extract", "--from", "-1h"}, "needs -w with a file, or - for standard output");
  complains({"capture", "extract", "--from", "-1h", "--to", "-2h", "-w", "x"},
            "--to must be later than --from");
  complains({"capture", "extract", "--from", "soon", "-w", "x"}, "--from takes a time such as -15m");
  complains({"capture", "extract", "--from", "-1h", "-w", "x", "--host", "mx"},
            "--host takes an address such as");
  complains({"capture", "extract", "--from", "-1h", "-w", "-", "--json"}, "both write to standard output");
  complains({"capture", "extract", "--from", "-1h", "-w", "x", "--spool", "a", "--config", "b"},
            "exclude each other");
  complains({"capture", "stop", "now"}, "'tapline capture stop' does not know what to do with 'now'");
}

TEST(CommandLine, AWrongCommandIsASentenceAndAHint) {
  EXPECT_EQ(refusal({}), "tapline: no command was given\ntry 'tapline --help'\n");
  EXPECT_EQ(refusal({"repley", "a"}),
            "tapline: there is no command 'repley'; did you mean replay?\ntry 'tapline --help'\n");
  EXPECT_EQ(refusal({"--json", "replay"}), "tapline: there is no option '--json'\ntry 'tapline --help'\n");
  EXPECT_EQ(refusal({"help", "zzz"}), "tapline: there is no command 'zzz'\ntry 'tapline --help'\n");
}

TEST(CommandLine, WordsThatAreRepeatedAreSafeToPrint) {
  for (const Words& words :
       {Words{"\x1b[31m"}, Words{"replay", "--\x1b[31m"}, Words{"replay", "--top", "\x1b[31m", "a"}}) {
    EXPECT_EQ(refusal(words).find('\x1b'), std::string::npos);
  }
}

TEST(CommandLine, HelpIsFoundWhereverAPersonLooksForIt) {
  EXPECT_EQ(help({"--help"}), kTaplineHelp);
  EXPECT_EQ(help({"-h"}), kTaplineHelp);
  EXPECT_EQ(help({"help"}), kTaplineHelp);
  EXPECT_EQ(help({"help", "replay"}), kReplayHelp);
  EXPECT_EQ(help({"replay", "--help"}), kReplayHelp);
  EXPECT_EQ(help({"replay", "a", "-h"}), kReplayHelp);
  EXPECT_TRUE(help({"--version"}).starts_with("tapline "));
}

TEST(CommandLine, HelpNamesEveryOptionAndFitsEightyColumns) {
  for (const char* option :
       {"--config", "--workers", "--shards", "--window", "--correlate", "--top", "--json", "--no-color",
        "--no-progress", "--help", "--series", "--step", "--csv"}) {
    EXPECT_NE(kReplayHelp.find(option), std::string_view::npos) << option;
  }
  for (const char* option : {"--config", "--for", "--json", "--top", "--no-lines", "--no-color", "--help"}) {
    EXPECT_NE(kRunHelp.find(option), std::string_view::npos) << option;
  }
  for (const char* option : {"--mix", "--size", "--rate", "--ports", "--cores", "--seconds", "--loss",
                             "--json", "--config", "--no-color", "--no-progress", "--help"}) {
    EXPECT_NE(kBenchHelp.find(option), std::string_view::npos) << option;
  }
  for (const char* option : {"--csv", "--y", "--x", "--step", "--nonneg", "--intercept", "--q", "--json",
                             "--no-color", "--help"}) {
    EXPECT_NE(kRegressHelp.find(option), std::string_view::npos) << option;
  }
  for (const std::string_view text :
       {kTaplineHelp, kReplayHelp, kRunHelp, kConfigHelp, kBenchHelp, kRegressHelp}) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      EXPECT_LE(end - at, 80U) << text.substr(at, end - at);
      at = end + 1;
    }
  }
}

// Runs the program through the shell, after `limits`: its exit status, with what both streams say in
// `output`.
int run_within(const std::string& limits, const std::string& arguments, std::string& output) {
  const std::string command = "exec 2>&1; " + limits + "; \"$TAPLINE\" " + arguments;
  std::FILE* pipe = popen(command.c_str(), "r");
  output.clear();
  for (int c; (c = std::fgetc(pipe)) != EOF;) output += static_cast<char>(c);
  const int status = pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int run(const std::string& arguments, std::string& output) {
  return run_within(":", arguments, output);
}

const std::string kCapture = "\"$TAPLINE_SOURCE_ROOT/tests/fixtures/d_sessions/zeek_wikipedia.pcap\" ";

TEST(Program, ExitStatusTellsWrongUsageFromDone) {
  std::string output;
  EXPECT_EQ(run("--version", output), kExitDone) << output;
  EXPECT_EQ(run("replay --help", output), kExitDone);
  EXPECT_EQ(output, kReplayHelp);
  EXPECT_EQ(run("", output), kExitUsage);
  EXPECT_EQ(run("replay", output), kExitUsage);
  EXPECT_EQ(output, "tapline: no capture file was given, nor a log\ntry 'tapline replay --help'\n");
}

TEST(Program, AFullDiskIsOneSentenceAndFailure) {
  std::string output;
  EXPECT_EQ(run("replay --help >/dev/full", output), kExitFailed);
  EXPECT_EQ(output, "tapline: cannot write to standard output: No space left on device\n");
}

TEST(Program, AFileAtItsSizeLimitIsOneSentenceAndFailure) {
  const std::string file = testing::TempDir() + "command_line_test.out";
  std::string output;
  EXPECT_EQ(run_within("ulimit -f 0", "replay --help >" + file, output), kExitFailed);
  EXPECT_EQ(output, "tapline: cannot write to standard output: File too large\n");
}

TEST(Program, MoreCapturesAreOpenAtOnceThanTheSoftLimitAllows) {
  std::string captures;
  for (int i = 0; i < 40; ++i) captures += kCapture;
  std::string output;
  EXPECT_EQ(run_within("ulimit -S -n 20", "replay " + captures + ">/dev/null", output), kExitDone);
  EXPECT_EQ(output, "");
}

#if !TAPLINE_SANITIZED
TEST(Program, MemoryThatIsUsedUpIsOneSentenceAndFailure) {
  std::string output;
  // The tables fit, and little else.
  EXPECT_EQ(run_within("ulimit -v 235000", "replay " + kCapture + ">/dev/null", output), kExitFailed);
  EXPECT_EQ(output,
            "tapline: memory is used up; smaller tables ([memory] in the configuration), fewer --workers or "
            "--shards, or a higher limit (ulimit -v) would help\n");
}
#endif

TEST(Program, TheNameOfACaptureIsSafeToPrint) {
  std::string output;
  EXPECT_EQ(run("replay \"$(printf '/\\033[31m\\nx')\" >/dev/null", output), kExitFailed);
  EXPECT_TRUE(output.starts_with("tapline: /?[31m?x: at byte 0: ")) << output;
}

TEST(Program, AReaderThatGoesAwayEndsItQuietly) {
  std::string output;
  const std::string tapline = std::getenv("TAPLINE");
  // The pipe's reader is gone before the program starts.
  EXPECT_EQ(run("--version >/dev/null; { sleep 0.2; " + tapline + " replay --help; echo status $? >&2; } | :",
                output),
            kExitDone);
  EXPECT_EQ(output, "status 0\n");
}

BenchOptions bench_options(const Words& words) {
  const Command command = parse_command_line(words);
  const auto* wrong = std::get_if<WrongUsage>(&command);
  EXPECT_EQ(wrong, nullptr) << wrong->sentence;
  return wrong ? BenchOptions{} : std::get<BenchOptions>(command);
}

TEST(BenchCommandLine, WithoutOptionsTheDefaultsHold) {
  const BenchOptions options = bench_options({"bench"});
  EXPECT_EQ(options.config, Config{});
  EXPECT_EQ(options.mix, dataplane::traffic::Mix::kCoreMix);
  EXPECT_EQ(options.size, 64U);
  EXPECT_FALSE(options.rate);
  EXPECT_TRUE(options.workers.empty());
  EXPECT_EQ(options.trial_ns, 2'000'000'000);
  EXPECT_EQ(options.tolerated_loss, 0);
  EXPECT_FALSE(options.cabled);
  EXPECT_TRUE(options.progress);
}

TEST(BenchCommandLine, EveryOptionIsRead) {
  const std::string file = testing::TempDir() + "command_line_bench_test.toml";
  std::ofstream(file) << "[memory]\nring_events = 512\n";
  const BenchOptions options =
      bench_options({"bench",   "--mix",    "64B",        "--size", "128",           "--rate",    "2.5M",
                     "--cores", "3",        "--seconds",  "500ms",  "--loss",        "0.1",       "--ports",
                     "a,b",     "--config", file.c_str(), "--json", "--no-progress", "--no-color"});
  EXPECT_EQ(options.mix, dataplane::traffic::Mix::kPlain);
  EXPECT_EQ(options.size, 128U);
  EXPECT_EQ(options.rate, 2.5e6);
  EXPECT_EQ(options.workers, (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(bench_options({"bench", "--cores", "1,3-4"}).workers, (std::vector<std::uint64_t>{1, 3, 4}));
  EXPECT_EQ(options.trial_ns, 500'000'000);
  EXPECT_DOUBLE_EQ(options.tolerated_loss, 0.001);
  EXPECT_EQ(options.cabled, (std::pair<std::string, std::string>{"a", "b"}));
  EXPECT_EQ(options.config.memory.ring_events, 512U);
  EXPECT_TRUE(options.json);
  EXPECT_FALSE(options.progress);
  EXPECT_FALSE(options.color);
  std::remove(file.c_str());
}

TEST(BenchCommandLine, WhatMakesNoSenseIsRefusedWithWhatWouldMakeIt) {
  const auto first_line = [](const Words& words) {
    const std::string sentence = refusal(words);
    return sentence.substr(0, sentence.find('\n'));
  };
  EXPECT_EQ(first_line({"bench", "--mix", "core-mixx"}),
            "tapline: there is no mix 'core-mixx', only 64B, imix, core-mix, dns-only, syn-flood, "
            "dns-flood-random-clients; did you mean core-mix?");
  EXPECT_EQ(first_line({"bench", "--rate", "fast"}),
            "tapline: --rate takes frames per second such as 5M, from 1 to 1G, not 'fast'");
  EXPECT_EQ(first_line({"bench", "--rate", "0"}),
            "tapline: --rate takes frames per second such as 5M, from 1 to 1G, not '0'");
  EXPECT_EQ(first_line({"bench", "--rate", "nan"}),
            "tapline: --rate takes frames per second such as 5M, from 1 to 1G, not 'nan'");
  EXPECT_EQ(first_line({"bench", "--cores", "0"}),
            "tapline: --cores takes numbers of workers such as 1,2,4, each from 1 to 64, not '0'");
  EXPECT_EQ(first_line({"bench", "--cores", ""}),
            "tapline: --cores takes numbers of workers such as 1,2,4, each from 1 to 64, not ''");
  EXPECT_EQ(first_line({"bench", "--seconds", "0"}),
            "tapline: --seconds takes a time from 100 ms to 3600 s, not '0'");
  EXPECT_EQ(first_line({"bench", "--loss", "51"}),
            "tapline: --loss takes a share in percent, from 0 to 50, not '51'");
  EXPECT_EQ(first_line({"bench", "--size", "128"}),
            "tapline: --size goes with --mix 64B only: the other mixes have sizes of their own");
  EXPECT_EQ(first_line({"bench", "--mix", "64B", "--size", "63"}),
            "tapline: --size takes a whole number from 64 to 1518, not '63'");
  for (const char* ports : {"a", "a,", ",b", "a,b,c", "a,a", ""}) {
    EXPECT_TRUE(first_line({"bench", "--ports", ports}).starts_with("tapline: --ports takes two ports"))
        << ports;
  }
  EXPECT_EQ(first_line({"bench", "--ports", "a,b", "--cores", "1,2"}),
            "tapline: --cores takes one number of workers with --ports");
  EXPECT_EQ(first_line({"bench", "now"}), "tapline: 'tapline bench' does not know what to do with 'now'");
}

}  // namespace
}  // namespace mgmt
