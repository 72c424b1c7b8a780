// `tapline run` keeps a history, and `tapline history` and `tapline regress --history` read it.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "mgmt/history/baselines_file.h"
#include "mgmt/history/store.h"
#include "tests/support/host_capture.h"
#include "tests/support/made_up_minutes.h"
#include "tests/support/privacy_key.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using nlohmann::json;

// Each ten seconds so many queries.
FileBytes ten_minutes(std::uint32_t start, std::uint32_t queries) {
  const Bytes query = frame_bytes(query_packet(host(10), host(53), "www.example.com"));
  Pcap pcap;
  for (std::uint32_t second = 0; second < 600; second += 10) {
    for (std::uint32_t i = 0; i < queries; ++i) pcap.frame(start + second, i, query);
  }
  return pcap.bytes();
}

// In all that does not depend on when it is asked for.
bool alike(const json& finding, const json& other) {
  for (const char* key : {"detector", "subject", "since", "score", "severity", "evidence", "advice"}) {
    if (finding[key] != other[key]) return false;
  }
  return true;
}

class LiveHistory : public testing::Test {
 protected:
  std::string state() const { return scratch_.path("state"); }

  void configure(const std::string& capture, const std::string& devargs = "",
                 const std::string& rest = "") const {
    std::ofstream(scratch_.path("tapline.toml"))
        << "[[port]]\nname = \"" << capture << "\"\ndriver = \"pcap\"\ndevargs = \"" << devargs
        << "\"\n[network]\ninternal = [\"10.0.0.0/16\"]\nlocal_domains = [\"campus.example\"]\n"
        << "[[mail_server]]\nname = \"mx\"\naddress = [\"10.0.0.25\"]\n[state]\nfolder = \"" << state()
        << "\"\n[history]\n"
        << rest;
  }
  std::vector<std::string> run_words() const {
    return {tapline(), "run", "--json", "--config", scratch_.path("tapline.toml")};
  }
  json run() const {
    Process process(run_words(), scratch_.path("run.json"), scratch_.path("run.err"));
    EXPECT_EQ(process.wait(), 0) << contents_of(scratch_.path("run.err"));
    return json::parse(contents_of(scratch_.path("run.json")), nullptr, false);
  }

  // Of the program with these words. What it writes to standard error comes behind.
  std::string answer(std::vector<std::string> words, int expected_status = 0) const {
    words.insert(words.begin(), tapline());
    Process process(words, scratch_.path("out"), scratch_.path("err"));
    EXPECT_EQ(process.wait(), expected_status) << contents_of(scratch_.path("err"));
    return contents_of(scratch_.path("out")) + contents_of(scratch_.path("err"));
  }
  json answer_json(std::vector<std::string> words) const {
    words.insert(words.end(), {"--json", "--state", state()});
    return json::parse(answer(std::move(words)), nullptr, false);
  }
  std::uint64_t sum(const std::vector<std::string>& what, const std::string& step, const char* column) const {
    std::vector<std::string> words = {"history", "query", "--step", step};
    words.insert(words.end(), what.begin(), what.end());
    std::uint64_t sum = 0;
    const json answer = answer_json(words);
    for (const json& row : answer["rows"]) sum += row[column].get<std::uint64_t>();
    return sum;
  }

  ScratchDirectory scratch_;
};

TEST_F(LiveHistory, ComesToWhatTheReportSays) {
  configure(scratch_.write("campus.pcap", attacked_campus().bytes()), "",
            "[detectors]\nstep = \"1s\"\nlearn = \"15s\"\nwindow = \"10s\"\n");
  const json report = run();
  for (const char* step : {"1m", "1h", "1d"}) {
    EXPECT_EQ(sum({"sensor"}, step, "frames"), report["ledger"]["frames"]);
    EXPECT_EQ(sum({"sensor"}, step, "bytes"), report["ledger"]["bytes"]);
    EXPECT_EQ(sum({"sensor"}, step, "queries"), report["dns"]["udp"]["queries"]);
    EXPECT_EQ(sum({"sensor"}, step, "nxdomain"), report["dns"]["rcodes"]["NXDOMAIN"]);
    EXPECT_EQ(sum({"sensor"}, step, "syns"), report["tcp"]["syn"]);
    EXPECT_EQ(sum({"sensor"}, step, "pairs"), report["pairing"]["pairs"]);
    EXPECT_EQ(sum({"host", "mx"}, step, "unresolved"), 1800U);
  }
  const json findings = answer_json({"history", "query", "findings"})["findings"];
  ASSERT_GE(findings.size(), 2U);
  ASSERT_EQ(findings.size(), report["findings"].size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const json& told = report["findings"][i];
    for (const char* key : {"detector", "severity", "evidence", "advice"})
      EXPECT_EQ(findings[i][key], told[key]);
    EXPECT_EQ(findings[i]["score"], told["score"]);
  }
  EXPECT_NE(answer({"history", "query", "findings", "--state", state()}).find("backscatter  10.0.0.25 (mx)"),
            std::string::npos);
}

// Whole minutes up to some moment are there, and the time from then until the next start is a gap. One that
// is done before it can be killed is like any other that has stopped.
TEST_F(LiveHistory, OfARunThatWasKilledWholeMinutesAreThereAndTheRestIsAGap) {
  constexpr std::uint32_t kKilled = 6, kMostRuns = 60;
  constexpr std::uint32_t kQueries = 10'000;
  constexpr std::uint64_t kCaptured = 591;  // seconds with the last query's
  constexpr auto kStart = static_cast<std::uint32_t>(kMidnight);
  std::vector<std::uint64_t> until;
  std::uint32_t killed = 0, start = kStart;
  for (; killed < kKilled && until.size() < kMostRuns; start += 3600) {
    configure(scratch_.write("campus.pcap", ten_minutes(start, kQueries)));
    Process process(run_words(), scratch_.path("run.json"), scratch_.path("run.err"));
    const auto newest = [&]() -> std::uint64_t {  // 0: none yet
      Process({tapline(), "history", "query", "--json", "--limit", "1", "--state", state()},
              scratch_.path("out"), scratch_.path("err"))
          .wait();
      const json answer = json::parse(contents_of(scratch_.path("out")), nullptr, false);
      return answer.is_object() && !answer["rows"].empty() ? answer["rows"][0]["begin"].get<std::uint64_t>()
                                                           : 0;
    };
    EXPECT_TRUE(eventually([&] { return newest() >= start || !process.running(); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(10 * (until.size() % kKilled)));
    process.signal(SIGKILL);
    const int status = process.wait();
    EXPECT_NE(answer({"history", "check", "--state", state()}).find("sound"), std::string::npos);
    until.push_back(std::min(newest() + 60, start + kCaptured));
    const bool done = until.back() == start + kCaptured;
    EXPECT_TRUE(status == 128 + SIGKILL || (status == 0 && done)) << contents_of(scratch_.path("run.err"));
    if (!done) ++killed;
  }
  ASSERT_EQ(killed, kKilled) << "too fast to be killed: " << contents_of(scratch_.path("run.err"));
  configure(scratch_.write("campus.pcap", ten_minutes(start, 1)));
  run();
  const json gaps = answer_json({"history", "query", "gaps"})["gaps"];
  ASSERT_EQ(gaps.size(), until.size());
  for (std::uint32_t i = 0; i < until.size(); ++i) {
    const std::uint64_t began = kStart + std::uint64_t{3600} * i;
    EXPECT_EQ(gaps[i]["begin"], until[i]);
    EXPECT_EQ(gaps[i]["end"], began + 3600);
    EXPECT_TRUE(gaps[i]["why"] == "killed" || until[i] == began + kCaptured) << gaps[i];
  }
  const json minutes = answer_json({"history", "query"});
  EXPECT_GE(minutes["rows"].size(), until.size() + 10);
  for (const json& row : minutes["rows"])
    EXPECT_EQ(row["queries"], row["begin"] < start ? 6 * kQueries : 6U) << row["time"];
  EXPECT_EQ(sum({"sensor"}, "1d", "queries"), sum({"sensor"}, "1m", "queries"));
}

TEST_F(LiveHistory, ASecondOneIsRefusedAndTheFirstGoesOn) {
  configure(scratch_.write("campus.pcap", ten_minutes(1'700'000'000, 5)), "infinite_rx=1");
  Process first(run_words(), scratch_.path("run.json"), scratch_.path("run.err"));
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(mgmt::history_file(state())); }));
  EXPECT_NE(answer({"run", "--config", scratch_.path("tapline.toml")}, 1)
                .find("another tapline writes the history"),
            std::string::npos);
  EXPECT_TRUE(first.running());
  first.signal(SIGTERM);
  EXPECT_EQ(first.wait(), 0);
}

// Ten minutes of one run and, an hour later, ten of the next.
TEST_F(LiveHistory, CurvesOfALaterRunBeginWithThoseOfAnEarlierOne) {
  constexpr auto kStart = static_cast<std::uint32_t>(kMidnight) + 30;
  const std::string socket = scratch_.path("tapline.sock"), doors = "[socket]\npath = \"" + socket + "\"\n";
  configure(scratch_.write("first.pcap", ten_minutes(kStart, 100)), "", doors);
  run();
  configure(scratch_.write("second.pcap", ten_minutes(kStart + 3600, 50)), "", doors);
  std::vector<std::string> words = run_words();
  words.emplace_back("--stay");
  Process second(words, scratch_.path("run.json"), scratch_.path("run.err"));
  const auto asked = [&](const std::string& what) {
    words = {tapline(), "series", "--json", "--socket", socket};
    std::istringstream more(what);
    words.insert(words.end(), std::istream_iterator<std::string>(more), {});
    Process(words, scratch_.path("out"), scratch_.path("err")).wait();
    return json::parse(contents_of(scratch_.path("out")), nullptr, false);
  };
  const auto ended = [&] {
    Process({tapline(), "status", "--json", "--socket", socket}, scratch_.path("out"), scratch_.path("err"))
        .wait();
    const json status = json::parse(contents_of(scratch_.path("out")), nullptr, false);
    return status.is_object() && status["capturing"] == false && status["counted_since"] == kMidnight;
  };
  ASSERT_TRUE(eventually(ended)) << contents_of(scratch_.path("out"))
                                 << contents_of(scratch_.path("run.err"));

  const json minutes = asked("--step 1m --fields queries")["rows"];
  ASSERT_EQ(minutes.size(), 71U);
  EXPECT_EQ(minutes[0], json::array({kMidnight, 300}));
  EXPECT_EQ(minutes[9], json::array({kMidnight + 540, 600}));
  EXPECT_EQ(minutes[10], json::array({kMidnight + 600, 300})) << "half of it was counted";
  EXPECT_EQ(minutes[11], json::array({kMidnight + 660, nullptr}));
  EXPECT_EQ(minutes[59], json::array({kMidnight + 3540, nullptr}));
  EXPECT_EQ(minutes[60], json::array({kMidnight + 3600, 150}));
  EXPECT_EQ(minutes[70], json::array({kMidnight + 4200, 150}));
  EXPECT_EQ(asked("--step 1h --fields queries")["rows"],
            json::parse("[[1795305600,6000],[1795309200,3000]]"));
  EXPECT_EQ(asked("--step 1d --fields queries")["rows"], json::parse("[[1795305600,9000]]"));
  const json busy = asked("10.0.0.10 --step 1d --fields queries")["rows"];
  ASSERT_EQ(busy.size(), 1U);
  EXPECT_GT(busy[0][1], 6000) << "of each run all but the minutes before it was among the busiest";
  EXPECT_EQ(asked("--step 1m --from 2026-11-22T01:00Z")["rows"].size(), 11U);
  EXPECT_EQ(asked("--step 1m --to 2026-11-22T00:05Z")["rows"].size(), 5U);
  EXPECT_EQ(asked("--step 1s --fields queries")["rows"].size(), 591U)
      << "of seconds only this run's are known";
  second.signal(SIGTERM);
  EXPECT_EQ(second.wait(), 0);
}

TEST_F(LiveHistory, ARunGoesOnFromWhatAnEarlierOneLearned) {
  const std::string rest = "[detectors]\nstep = \"1s\"\nlearn = \"15s\"\nwindow = \"10s\"\n";
  configure(scratch_.write("campus.pcap", attacked_campus().bytes()), "", rest);
  run();
  const std::string file = mgmt::baselines_file(state());
  const auto learned = mgmt::read_baselines({state()});
  ASSERT_TRUE(learned.has_value());
  EXPECT_GT(learned->steps, 30);
  EXPECT_TRUE(learned->numbers.contains("backscatter unresolved"));
  EXPECT_FALSE(learned->hosts.empty());
  std::ofstream(file) << "{\"version\": 7}";
  run();
  EXPECT_NE(contents_of(scratch_.path("run.err"))
                .find("another version of tapline wrote it. They are kept in " + file +
                      ".before. What is usual is "
                      "learned anew"),
            std::string::npos)
      << contents_of(scratch_.path("run.err"));
  EXPECT_EQ(contents_of(file + ".before"), "{\"version\": 7}");
  EXPECT_TRUE(mgmt::read_baselines({state()}).has_value()) << "written anew";
}

TEST_F(LiveHistory, FindingsOfAnEarlierRunAreStillTold) {
  const std::string socket = scratch_.path("tapline.sock");
  const std::string rest =
      "[socket]\npath = \"" + socket + "\"\n[detectors]\nstep = \"1s\"\nlearn = \"15s\"\nwindow = \"10s\"\n";
  configure(scratch_.write("campus.pcap", attacked_campus().bytes()), "", rest);
  const json first = run()["findings"];
  ASSERT_GE(first.size(), 2U);
  std::vector<std::string> words = run_words();
  words.emplace_back("--stay");
  Process second(words, scratch_.path("run.json"), scratch_.path("run.err"));
  const auto told = [&] {
    Process({tapline(), "findings", "--json", "--socket", socket}, scratch_.path("out"), scratch_.path("err"))
        .wait();
    return json::parse(contents_of(scratch_.path("out")), nullptr, false);
  };
  json rows;  // newest first
  // Those of the run before and, once the capture has ended, the same again: until then a finding grows.
  const auto all_told = [&] {
    const json now = told();
    if (!now.is_object() || now["total"] != 2 * first.size()) return false;
    rows = now["rows"];
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!alike(rows[i], first[first.size() - 1 - i % first.size()])) return false;
    }
    return true;
  };
  ASSERT_TRUE(eventually(all_told)) << contents_of(scratch_.path("out"))
                                    << contents_of(scratch_.path("run.err"));
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i]["id"], rows.size() - i);
  EXPECT_FALSE(rows.back()["until"].is_null());
  Process ack({tapline(), "findings", "ack", "1", "--socket", socket}, scratch_.path("out"),
              scratch_.path("err"));
  EXPECT_EQ(ack.wait(), 0) << contents_of(scratch_.path("err"));
  second.signal(SIGTERM);
  EXPECT_EQ(second.wait(), 0);
  Process third(words, scratch_.path("run.json"), scratch_.path("run.err"));
  ASSERT_TRUE(eventually([&] {
    const json now = told();
    return now.is_object() && now["total"] == 3 * first.size();
  })) << contents_of(scratch_.path("run.err"));
  EXPECT_FALSE(told()["rows"].back()["acknowledged"].is_null()) << "as it was to the run before";
  third.signal(SIGTERM);
  EXPECT_EQ(third.wait(), 0);
}

TEST_F(LiveHistory, AnswersPeopleAndPrograms) {
  mgmt::HistorySettings settings;
  settings.folder = state();
  settings.names["mx"] = "10.1.0.25";
  {
    mgmt::HistoryStore store(settings);
    store.write({minutes_from(kMidnight, 10, 7), {}, {}});
    store.write({{}, {}, std::vector<mgmt::HistoryGap>{{kMidnight + 600, kMidnight + 900, "unwritten"}}});
    store.end();
  }
  const std::string text = answer({"history", "query", "--state", state(), "--columns", "queries,syns",
                                   "--from", "2026-11-22T00:03:00Z", "--to", "2026-11-22T00:20Z"});
  EXPECT_NE(text.find("sensor by 1m"), std::string::npos) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 1 + 1 + 1 + 7 + 1 + 1) << text;
  EXPECT_NE(text.find("5 min 00 s without a record: could not be written"), std::string::npos) << text;
  EXPECT_EQ(answer({"history", "query", "mail", "mx", "--state", state(), "--columns", "smtp,dq", "--csv",
                    "--step", "1h"}),
            "time,begin,host,smtp,dq\r\n2026-11-22T00:00:00Z,1795305600,10.1.0.25,210,1470\r\n");
  EXPECT_NE(
      answer({"history", "query", "--state", state(), "--limit", "2"}).find("Only the newest 2 are shown"),
      std::string::npos);
  EXPECT_NE(
      answer({"history", "query", "--from", "-15m", "--state", state()}).find("Nothing is kept of that time"),
      std::string::npos);
  EXPECT_NE(answer({"history", "query", "--from", "soon"}, 2).find("--from takes a time such as -15m"),
            std::string::npos);
  EXPECT_NE(answer({"history", "query", "--step", "1s", "--state", state()}, 2).find("seconds are not kept"),
            std::string::npos);
  EXPECT_NE(answer({"history", "query", "--columns", "querys", "--state", state()}, 2)
                .find("did you mean queries?"),
            std::string::npos);
  EXPECT_NE(answer({"history", "query", "--state", scratch_.path("none")}, 1).find("There is no history yet"),
            std::string::npos);
}

TEST_F(LiveHistory, ExplainsTheQueriesOfAMailServer) {
  mgmt::HistorySettings settings;
  settings.folder = state();
  settings.names["mx"] = "10.1.0.25";
  {
    mgmt::HistoryStore store(settings);
    for (std::uint64_t i = 0; i < 20; ++i) {
      mgmt::HistoryMinute minute = minute_at(kMidnight + 60 * i, 0);
      aggregator::MailCounts counts;
      counts[aggregator::MailField::kConnects] = 10 + i * i % 7;
      counts[aggregator::MailField::kPop] = 5 + i % 3;
      counts[aggregator::MailField::kSeenA] =
          8 * counts[aggregator::MailField::kConnects] + counts[aggregator::MailField::kPop];
      minute.rows[2] = {{"10.1.0.25", {counts.of.begin(), counts.of.end()}}};
      store.write({{&minute, 1}, {}, {}});
    }
  }
  const std::vector<std::string> question = {"regress", "--history", "--y",    "dq",
                                             "--x",     "smtp,pop3", "--step", "1m"};
  const json fit = answer_json(question);
  ASSERT_TRUE(fit.is_object());
  EXPECT_NEAR(fit["coefficients"][0].get<double>(), 8, 1e-9) << fit;
  EXPECT_NEAR(fit["coefficients"][1].get<double>(), 1, 1e-9);
  std::vector<std::string> of_another = question;
  of_another.insert(of_another.end(), {"--host", "mx9", "--state", state()});
  EXPECT_NE(answer(of_another, 1).find("the history knows no mail server 'mx9'; there are 10.1.0.25"),
            std::string::npos);
  EXPECT_NE(answer({"regress", "--history", "--csv", "x", "--y", "dq", "--x", "smtp"}, 2)
                .find("--csv, logs and --history exclude each other"),
            std::string::npos);
}

// Whoever gets the disk gets no addresses; whoever has the key too asks as before.
TEST_F(LiveHistory, HiddenInTheFolderItIsShownToWhoHasTheKey) {
  const std::string key = scratch_.path("key");
  write_privacy_key(key);
  configure(scratch_.write("campus.pcap", attacked_campus().bytes()), "",
            "[detectors]\nstep = \"1s\"\nlearn = \"15s\"\nwindow = \"10s\"\n[privacy]\nkey_file = \"" + key +
                "\"\nsinks = [\"history\"]\n");
  const json report = run();
  const std::string mx = report["findings"][0]["subject"];
  for (const auto& entry : std::filesystem::directory_iterator(state())) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(contents_of(entry.path()).find(mx), std::string::npos) << entry.path();
  }
  const auto asked = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"--json", "--config", scratch_.path("tapline.toml")});
    return json::parse(answer(std::move(words)), nullptr, false);
  };
  for (const char* host : {"mx", mx.c_str()}) {
    const json rows = asked({"history", "query", "host", host, "--step", "1d"})["rows"];
    ASSERT_EQ(rows.size(), 1U) << host;
    EXPECT_EQ(rows[0]["unresolved"], 1800) << host;
  }
  const json findings = asked({"history", "query", "findings"})["findings"];
  ASSERT_EQ(findings.size(), report["findings"].size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    EXPECT_EQ(findings[i]["subject"], report["findings"][i]["subject"]);
    EXPECT_EQ(findings[i]["evidence"].size(), report["findings"][i]["evidence"].size());
  }
  EXPECT_EQ(answer_json({"history", "query", "findings"}).dump().find(mx), std::string::npos);
  const auto other_key_is_told = [&] {
    run();
    return contents_of(scratch_.path("run.err")).find("hidden by another key. They are kept in ") !=
           std::string::npos;
  };
  EXPECT_FALSE(other_key_is_told()) << contents_of(scratch_.path("run.err"));
  Process({tapline(), "privacy", "key"}, key, scratch_.path("err")).wait();
  EXPECT_TRUE(other_key_is_told()) << contents_of(scratch_.path("run.err"));
  std::filesystem::remove(key);
  EXPECT_NE(answer({"history", "query", "host", "mx", "--config", scratch_.path("tapline.toml")})
                .find("hosts that are hidden stay so: "),
            std::string::npos);
}

}  // namespace
}  // namespace tests
