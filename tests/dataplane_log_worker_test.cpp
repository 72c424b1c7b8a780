// Logs as one stream of events.
#include <random>

#include <gtest/gtest.h>

#include "aggregator/name_slots.h"
#include "dataplane/log_worker.h"
#include "tests/support/capture_builder.h"
#include "tests/support/scratch_files.h"
#include "tests/support/worker_run.h"
#include "wire/network.h"

namespace tests {
namespace {

using dataplane::Event;
using dataplane::EventKind;
using dataplane::LogFile;
using dataplane::LogRole;
using dataplane::LogVerdict;

wire::Address ip(const char* text) {
  return *wire::address_from(text);
}

std::vector<std::string> lines_of(const std::string& text, std::size_t at_a_time) {
  // Hands out a few bytes a time, as a slow pipe does.
  class Dripping final : public dataplane::ByteSource {
   public:
    Dripping(std::string text, std::size_t bytes) : text_(std::move(text)), bytes_(bytes) {}
    std::size_t read(std::span<std::uint8_t> into) override {
      const std::size_t count = std::min({bytes_, into.size(), text_.size() - at_});
      std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_), count, into.begin());
      at_ += count;
      return count;
    }
    const std::string& fault() const override { return fault_; }

   private:
    std::string text_;
    std::size_t bytes_;
    std::size_t at_ = 0;
    std::string fault_;
  };
  dataplane::LogLines reader(std::make_unique<Dripping>(text, at_a_time));
  std::vector<std::string> lines;
  for (auto burst = reader.receive(); !burst.empty(); burst = reader.receive())
    lines.insert(lines.end(), burst.begin(), burst.end());
  EXPECT_TRUE(reader.receive().empty());
  return lines;
}

TEST(LogLines, AreTheSameHoweverTheBytesCome) {
  std::mt19937 random(3);
  std::string text;
  std::vector<std::string> expected;
  for (int i = 0; i < 300; ++i) {
    const std::size_t length = i % 50 == 49 ? 8'000 + random() % 1'000 : random() % 100;
    std::string line(length, static_cast<char>('a' + i % 26));
    text += line + (i % 3 == 0 ? "\r\n" : "\n");
    if (length > dataplane::kMaxLineOctets) line.resize(dataplane::kMaxLineOctets + 1);
    expected.push_back(line);
  }
  text += std::string(300'000, 'z') + "\nlast, without an end";
  expected.emplace_back(dataplane::kMaxLineOctets + 1, 'z');
  expected.emplace_back("last, without an end");
  for (const std::size_t bytes : {1'000'000, 8'192, 1'000, 7})
    EXPECT_EQ(lines_of(text, bytes), expected) << bytes;
}

TEST(LogLines, OfNothingAreNone) {
  EXPECT_TRUE(lines_of("", 100).empty());
  EXPECT_EQ(lines_of("\n", 100), std::vector<std::string>{""});
}

class LogWorkerTest : public testing::Test {
 protected:
  LogFile log(LogRole role, const std::string& name, const std::string& text) {
    const std::string path = directory_.write(name, FileBytes(text.begin(), text.end()));
    wire::LogClock clock(0);
    clock.begin_in(2026);
    return {role, role == LogRole::kMail ? ip("10.1.0.25") : ip("10.1.0.53"), path, clock};
  }

  // Each event as a word or two, by its second of the day.
  std::string story(const std::vector<LogFile>& files) {
    std::string text;
    aggregator::NameSlots slots;
    std::uint64_t order = 0;
    DrainInto drain([&](std::span<const Event> events) {
      for (const Event& event : events) {
        EXPECT_GE(event.order, order);
        order = event.order;
        if (event.kind == EventKind::kName) {
          slots.add(event);
          continue;
        }
        const auto name = slots.name_for(event.order);
        text += std::to_string(event.time_ns / 1'000'000'000 % 86'400) + " " + wire::to_text(event.client) +
                ">" + wire::to_text(event.peer) + " ";
        if (event.kind == EventKind::kMail) {
          text += std::string(wire::kMailFactKindNames[static_cast<std::size_t>(event.detail.mail.kind)]) +
                  " " + std::string(name.begin(), name.end());
        } else {
          EXPECT_EQ(event.kind, EventKind::kLogQuery);
          text += wire::to_text(name) + " " + std::to_string(event.detail.dns.qtype);
        }
        text += "\n";
      }
      slots.keep();
    });
    dataplane::EventRing ring(64);
    dataplane::Outlet outlet({&ring}, dataplane::Routing::kToFirst, drain);
    std::atomic<std::uint64_t> consumed = 0;
    dataplane::LogWorker worker(files, outlet, {}, 0, consumed);
    while (worker.poll_once()) drain.make_room(ring);
    drain.make_room(ring);
    ledger_ = worker.log_ledger();
    events_made_ = worker.ledger().events_made();
    errors_ = worker.errors();
    EXPECT_EQ(ledger_.sum_of_verdicts(), ledger_.lines);
    return text;
  }

  ScratchDirectory directory_;
  dataplane::LogLedger ledger_;
  std::uint64_t events_made_ = 0;
  std::vector<dataplane::LogError> errors_;
};

const char* const kMailLog =
    "Nov 22 00:00:01 mx postfix/smtpd[1]: connect from mail.example[192.0.2.7]\n"
    "Nov 22 00:00:05 mx postfix/smtp[2]: 4A: to=<a@Far.Example>, relay=none, delay=1, delays=0/0/1/0, "
    "dsn=4.4.1, "
    "status=deferred (connect to far.example[192.0.2.9]:25: Connection timed out)\n"
    "Nov 22 00:00:04 mx postfix/smtpd[1]: connect from unknown[192.0.2.8]\n"
    "Nov 22 00:00:06 mx kernel: nothing\n";
const char* const kQueryLog =
    "Nov 22 00:00:01 ns named[1]: client @0x7f 10.1.0.25#1234 (A.example): query: A.example IN MX + "
    "(10.1.0.53)\n"
    "Nov 22 00:00:03 ns named[1]: client @0x7f 10.1.0.25#1234 (b.example): query: b.example IN A + "
    "(10.1.0.53)\n";

TEST_F(LogWorkerTest, ComeTogetherByTimeAndNeverGoBack) {
  const auto text = story({log(LogRole::kMail, "mail", kMailLog), log(LogRole::kQuery, "query", kQueryLog)});
  EXPECT_EQ(text,
            "1 192.0.2.7>10.1.0.25 connect \n"
            "1 10.1.0.25>10.1.0.53 a.example 15\n"
            "3 10.1.0.25>10.1.0.53 b.example 1\n"
            "5 ::>10.1.0.25 deferred far.example\n"
            "4 192.0.2.8>10.1.0.25 connect \n");
  EXPECT_EQ(ledger_[LogVerdict::kMail], 3U);
  EXPECT_EQ(ledger_[LogVerdict::kQuery], 2U);
  EXPECT_EQ(ledger_[LogVerdict::kUnknown], 1U);
  EXPECT_EQ(ledger_.time_went_back, 1U);
}

TEST_F(LogWorkerTest, FactsOfTheOtherRoleAreNotCounted) {
  EXPECT_EQ(story({log(LogRole::kQuery, "mail", kMailLog)}), "");
  EXPECT_EQ(ledger_[LogVerdict::kOther], 3U);
  EXPECT_EQ(ledger_[LogVerdict::kMail], 0U);
}

TEST_F(LogWorkerTest, PackedOrNotTheySayTheSame) {
  const std::string plain = story({log(LogRole::kMail, "mail", kMailLog)});
  const std::string text = kMailLog;
  const FileBytes bytes(text.begin(), text.end());
  for (const FileBytes& packed : {gzip(bytes), zstd(bytes)})
    EXPECT_EQ(story({log(LogRole::kMail, "packed", std::string(packed.begin(), packed.end()))}), plain);
}

TEST_F(LogWorkerTest, WhatCannotBeReadIsSaidAndTheOthersAreRead) {
  LogFile missing = log(LogRole::kMail, "mail", kMailLog);
  missing.path = "/nonexistent/log";
  EXPECT_NE(story({missing, log(LogRole::kQuery, "query", kQueryLog)}), "");
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_EQ(errors_[0].path, "/nonexistent/log");
  EXPECT_NE(errors_[0].reason.find("No such file"), std::string::npos) << errors_[0].reason;
}

TEST_F(LogWorkerTest, AQueryForNoNameIsAQueryAllTheSame) {
  const auto text =
      story({log(LogRole::kQuery, "query",
                 "Nov 22 00:00:01 ns named[1]: client 10.1.0.25#1 (..): query: .. IN A + (10.1.0.53)\n")});
  EXPECT_EQ(ledger_.bad_names, 1U);
  EXPECT_EQ(events_made_, 1U) << text;
}

}  // namespace
}  // namespace tests
