#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dataplane/capture_reader.h"
#include "tests/support/capture_builder.h"
#include "tests/support/frame_copy.h"
#include "tests/support/scratch_files.h"

namespace {

using dataplane::CaptureReader;
using tests::FileBytes;
using tests::payload;
using tests::Pcap;
using tests::Pcapng;
using tests::ScratchDirectory;

// The payloads in the order that the reader gives them, each followed by a space; checks numbers and bursts.
std::string story(CaptureReader& reader) {
  std::string text;
  std::uint64_t order = 0;
  for (auto burst = reader.receive(); !burst.empty(); burst = reader.receive()) {
    EXPECT_LE(burst.size(), dataplane::kBurstFrames);
    for (const wire::Frame& frame : burst) {
      EXPECT_EQ(frame.order, ++order);
      text.append(frame.bytes, frame.bytes + frame.length).append(" ");
    }
  }
  EXPECT_TRUE(reader.receive().empty()) << "the end is the end for ever";
  return text;
}

std::string story(const std::vector<std::string>& paths) {
  CaptureReader reader(paths);
  std::string text = story(reader);
  EXPECT_TRUE(reader.errors().empty()) << reader.errors().front().reason;
  return text;
}

class CaptureReaderTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const FileBytes& bytes) { return directory_.write(name, bytes); }
  ScratchDirectory directory_;
};

// Standard input from somewhere else, while it lives.
class StandardInput {
 public:
  explicit StandardInput(int descriptor) : saved_(::dup(STDIN_FILENO)) {
    ::dup2(descriptor, STDIN_FILENO);
    ::close(descriptor);
  }
  ~StandardInput() {
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
};

// A descriptor from which `bytes` can be read, three at a time.
int slow_pipe(const FileBytes& bytes, std::jthread& writer) {
  std::array<int, 2> ends;
  EXPECT_EQ(::pipe(ends.data()), 0);
  writer = std::jthread([bytes, out = ends[1]] {
    for (std::size_t at = 0; at < bytes.size(); at += 3)
      EXPECT_GT(::write(out, bytes.data() + at, std::min<std::size_t>(3, bytes.size() - at)), 0);
    ::close(out);
  });
  return ends[0];
}

TEST_F(CaptureReaderTest, SeveralFilesOfAnyFormatAreOneStreamInTimeOrder) {
  const auto a = write(
      "a", Pcap().frame(1, 0, payload("a1")).frame(4, 0, payload("a4")).frame(6, 0, payload("a6")).bytes());
  const auto b = write("b", Pcapng()
                                .section()
                                .interface(1)
                                .packet(0, 2'000'000, payload("b2"))
                                .packet(0, 5'000'000, payload("b5"))
                                .bytes());
  const auto c = write("c", tests::gzip(Pcap().frame(3, 0, payload("c3")).bytes()));
  EXPECT_EQ(story({a, b, c}), "a1 b2 c3 a4 b5 a6 ");
  EXPECT_EQ(story({c, b, a}), "a1 b2 c3 a4 b5 a6 ");
}

TEST_F(CaptureReaderTest, FramesOfOneTimeComeInTheOrderOfTheCommandLine) {
  const auto a = write(
      "a", Pcap().frame(1, 0, payload("a1")).frame(1, 0, payload("a2")).frame(2, 0, payload("a3")).bytes());
  const auto b = write("b", Pcap().frame(1, 0, payload("b1")).frame(2, 0, payload("b2")).bytes());
  EXPECT_EQ(story({a, b}), "a1 a2 b1 a3 b2 ");
  EXPECT_EQ(story({b, a}), "b1 a1 a2 b2 a3 ");
}

TEST_F(CaptureReaderTest, AFileWhoseTimesGoBackKeepsItsOwnOrder) {
  const auto a = write(
      "a", Pcap().frame(5, 0, payload("a5")).frame(1, 0, payload("a1")).frame(7, 0, payload("a7")).bytes());
  const auto b = write("b", Pcap().frame(4, 0, payload("b4")).frame(6, 0, payload("b6")).bytes());
  EXPECT_EQ(story({a}), "a5 a1 a7 ");
  EXPECT_EQ(story({a, b}), "b4 a5 a1 b6 a7 ");
}

TEST_F(CaptureReaderTest, LongFilesAreMergedOverManyBurstsAndBlocks) {
  std::vector<Pcap> files(3);
  std::string expected;
  std::uint32_t state = 1;
  for (std::uint32_t second = 0; second < 30'000; ++second) {
    state = state * 1664525 + 1013904223;
    const std::string text = std::to_string(second) + std::string(state >> 25, '.');
    files[(state >> 16) % files.size()].frame(second, 0, payload(text));
    expected += text + " ";
  }
  std::vector<std::string> paths;
  for (const Pcap& file : files) {
    ASSERT_GT(file.bytes().size(), dataplane::kWindowBlockBytes);
    paths.push_back(write(std::to_string(paths.size()), file.bytes()));
  }
  EXPECT_EQ(story(paths), expected);
}

TEST_F(CaptureReaderTest, MoreFilesThanDescriptorsCanBeReadIfTheyFollowEachOther) {
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few{32, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  std::vector<std::string> paths;
  std::string expected;
  for (std::uint32_t i = 0; i < 200; ++i) {
    paths.push_back(
        write("rotated" + std::to_string(i), Pcap().frame(i, 0, payload(std::to_string(i))).bytes()));
    expected += std::to_string(i) + " ";
  }
  EXPECT_EQ(story(paths), expected);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_F(CaptureReaderTest, WhatCannotBeReadIsAnErrorAndTheOtherFilesGoOn) {
  auto cut = Pcap().frame(1, 0, payload("a1")).frame(3, 0, payload("a3")).bytes();
  cut.pop_back();
  const auto a = write("a", cut);
  const auto b = write("b", Pcap().frame(2, 0, payload("b2")).frame(4, 0, payload("b4")).bytes());
  const auto empty = write("empty", {});
  ::mkdir(directory_.path("folder").c_str(), 0700);
  CaptureReader reader({a, directory_.path("missing"), b, empty, directory_.path("folder")});
  EXPECT_EQ(story(reader), "a1 b2 b4 ");

  std::vector<std::string> lines;
  for (const auto& error : reader.errors())
    lines.push_back(std::filesystem::path(error.path).filename().string() + " " +
                    std::to_string(error.offset) + " " + error.reason);
  EXPECT_EQ(lines,
            (std::vector<std::string>{"missing 0 cannot be opened: No such file or directory",
                                      "empty 0 the file is empty", "folder 0 cannot be read: Is a directory",
                                      "a 42 the file ends inside this record, 17 bytes after its start"}));
}

TEST_F(CaptureReaderTest, AFileWithoutFramesIsNoError) {
  EXPECT_EQ(story({write("a", Pcap().bytes())}), "");
  EXPECT_EQ(story({write("b", Pcapng().section().bytes())}), "");
}

TEST_F(CaptureReaderTest, NoFilesAreNoFrames) {
  EXPECT_EQ(story(std::vector<std::string>{}), "");
}

TEST_F(CaptureReaderTest, StandardInputMayBeASlowPipeOfPackedBytes) {
  const auto capture = Pcap()
                           .frame(1, 0, payload("one"))
                           .frame(2, 0, FileBytes(3000, 'x'))
                           .frame(3, 0, payload("three"))
                           .bytes();
  for (const FileBytes& bytes : {capture, tests::gzip(capture), tests::zstd(capture)}) {
    std::jthread writer;
    const StandardInput input(slow_pipe(bytes, writer));
    CaptureReader reader({"-"});
    EXPECT_EQ(story(reader), "one " + std::string(3000, 'x') + " three ");
    EXPECT_TRUE(reader.errors().empty());
    EXPECT_EQ(reader.bytes_total(), 0U);
    EXPECT_EQ(reader.bytes_consumed(), bytes.size());
  }
}

TEST_F(CaptureReaderTest, StandardInputIsMergedWithFiles) {
  const auto a = write("a", Pcap().frame(1, 0, payload("a1")).frame(3, 0, payload("a3")).bytes());
  const auto b = write("b", Pcap().frame(2, 0, payload("b2")).bytes());
  const StandardInput input(::open(b.c_str(), O_RDONLY));
  EXPECT_EQ(story({a, "-"}), "a1 b2 a3 ");
}

TEST_F(CaptureReaderTest, AFrameFromAPipeIsGivenOutBeforeTheNextOneIsWritten) {
  std::array<int, 2> ends;
  ASSERT_EQ(::pipe(ends.data()), 0);
  const StandardInput input(ends[0]);
  const auto write_all = [&](const FileBytes& bytes) {
    ASSERT_EQ(::write(ends[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  };
  write_all(Pcap().frame(1, 0, payload("first")).bytes());
  CaptureReader reader({"-"});
  EXPECT_EQ(reader.receive().size(), 1U);  // Would wait for ever if it wanted a whole block.
  ::close(ends[1]);
  EXPECT_TRUE(reader.receive().empty());
}

TEST_F(CaptureReaderTest, ANamedPipeIsReadOnce) {
  const std::string path = directory_.path("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const auto bytes = Pcap().frame(2, 0, payload("f2")).bytes();
  const std::jthread writer([&] {
    const int out = ::open(path.c_str(), O_WRONLY);
    EXPECT_EQ(::write(out, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    ::close(out);
  });
  const auto a = write("a", Pcap().frame(1, 0, payload("a1")).frame(3, 0, payload("a3")).bytes());
  EXPECT_EQ(story({path, a}), "a1 f2 a3 ");
}

TEST_F(CaptureReaderTest, ProgressEndsAtTheSizeOfTheStoredFiles) {
  const auto capture = Pcap().frame(1, 0, FileBytes(2'000, 'x')).bytes();
  const auto packed = tests::zstd(capture);
  const std::vector<std::string> paths{write("a", capture), write("b", packed)};
  CaptureReader reader(paths);
  EXPECT_EQ(reader.bytes_total(), capture.size() + packed.size());
  story(reader);
  EXPECT_EQ(reader.bytes_consumed(), reader.bytes_total());
}

TEST(CaptureFile, CutAtAnyByteItGivesAPrefixAndAtMostOneFault) {
  const auto pcap =
      Pcap().frame(1, 0, payload("abc")).frame(2, 0, {}).frame(3, 0, FileBytes(50, 'x')).bytes();
  const auto pcapng = Pcapng()
                          .section()
                          .interface(1)
                          .packet(0, 1, payload("abc"))
                          .block(5, FileBytes(20, 1))
                          .simple_packet(4, payload("abcd"))
                          .section()
                          .interface(1)
                          .packet(0, 2, payload("x"))
                          .bytes();
  for (const FileBytes& plain : {pcap, pcapng}) {
    const auto whole = tests::read_capture(plain).frames;
    ASSERT_EQ(whole.size(), 3U);
    for (const FileBytes& stored : {plain, tests::gzip(plain), tests::zstd(plain)}) {
      for (std::size_t length = 0; length < stored.size(); ++length) {
        const auto read = tests::read_capture(std::span(stored).first(length));
        ASSERT_LE(read.frames.size(), whole.size());
        ASSERT_TRUE(std::equal(read.frames.begin(), read.frames.end(), whole.begin())) << length;
        ASSERT_TRUE(read.fault || read.frames.size() < whole.size()) << length;
      }
    }
  }
}

}  // namespace
