// Writes the history on a thread of its own: whoever hands it a minute never waits for a disk.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "mgmt/history/record.h"
#include "mgmt/history/store.h"

namespace mgmt {

struct HistoryWriterSettings {
  HistorySettings store;
  std::size_t most_waiting = 120;  // minutes; of more the oldest are given up, and a gap says so
  std::chrono::milliseconds retry{2'000};
};

// What it has done so far.
struct HistoryProgress {
  std::uint64_t written = 0;  // minutes
  std::uint64_t waiting = 0;
  std::uint64_t given_up = 0;
  bool failing = false;  // the last attempt did
};

class HistoryWriter {
 public:
  using Say =
      std::function<void(const std::string& sentence)>;  // called by its thread and in the constructor

  // Throws HistoryError as HistoryStore does. A disk that is full is said and tried again.
  HistoryWriter(HistoryWriterSettings settings, Say say);
  ~HistoryWriter();  // gives up what is not written yet
  HistoryWriter(const HistoryWriter&) = delete;
  HistoryWriter& operator=(const HistoryWriter&) = delete;

  // In the order of time, each later than the one before. Of findings the newest state of each.
  void put(HistoryMinute minute, std::vector<HistoryFinding> findings);

  // Nothing more comes. Returns once all is written and the run has ended in order, or false after
  // `patience`.
  bool finish(std::chrono::milliseconds patience);

  HistoryProgress progress() const;

 private:
  static constexpr std::size_t kMostFindings = 4096;  // waiting; those with the least ids are given up
  static constexpr std::size_t kMostAtOnce = 16;      // minutes in a transaction

  void open();
  void run();
  void take();
  bool attempt(bool last);
  void write_taken();
  void succeeded();
  void failed(const std::string& reason);
  void give_up_oldest();

  const HistoryWriterSettings settings_;
  const Say say_;
  std::optional<HistoryStore> store_;  // of the thread, once it runs

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<HistoryMinute> waiting_;
  std::map<std::uint64_t, HistoryFinding> findings_;  // by id
  std::vector<HistoryGap> gaps_;                      // each behind the one before, none touching
  bool finishing_ = false;
  bool stopping_ = false;
  bool done_ = false;
  std::size_t in_hand_ = 0;  // minutes that the thread took and has not written yet
  HistoryProgress progress_;

  // Of the thread: what it is about to write.
  std::vector<HistoryMinute> taken_;
  std::map<std::uint64_t, HistoryFinding> taken_findings_;
  std::vector<HistoryGap> taken_gaps_;
  std::uint64_t given_up_then_ = 0;  // when writing began to fail

  std::jthread thread_;
};

}  // namespace mgmt
