// Syslog over TCP, cut into messages.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dataplane/syslog_framing.h"

namespace tests {
namespace {

using dataplane::kMaxLineOctets;
using Messages = std::vector<std::string>;

struct Read {
  Messages messages;
  bool cut = false;  // the stream ended within a message
};

Read read_stream(std::string_view stream, std::size_t at_a_time) {
  dataplane::SyslogFraming framing;
  Read read;
  while (!stream.empty()) {
    const std::span<char> room = framing.room();
    if (room.empty()) {
      ADD_FAILURE() << "no room";
      return read;
    }
    const std::size_t octets = std::min({at_a_time, room.size(), stream.size()});
    std::copy_n(stream.begin(), octets, room.begin());
    framing.added(octets);
    stream.remove_prefix(octets);
    while (const auto message = framing.next()) read.messages.emplace_back(*message);
  }
  if (const auto message = framing.last()) read.messages.emplace_back(*message);
  read.cut = framing.within_message();
  return read;
}

Messages messages_of(std::string_view stream) {
  return read_stream(stream, 100'000).messages;
}

std::string counted(const std::string& message) {
  return std::to_string(message.size()) + " " + message;
}

TEST(SyslogFraming, LinesEndWithLf) {
  EXPECT_EQ(messages_of("<13>one\n<13>two\r\nthree\n"), (Messages{"<13>one", "<13>two", "three"}));
}

TEST(SyslogFraming, CountedMessagesMayHoldLineEnds) {
  EXPECT_EQ(messages_of("7 <13>one8 <13>t\nwo"), (Messages{"<13>one", "<13>t\nwo"}));
}

TEST(SyslogFraming, ASenderMayMixThem) {
  EXPECT_EQ(messages_of("7 <13>one<13>two\n9 <13>three\n\n<13>four\n"),
            (Messages{"<13>one", "<13>two", "<13>three", "<13>four"}));
  EXPECT_EQ(messages_of(std::string("8 <13>five\0\0\n<13>six\n", 21)), (Messages{"<13>five", "<13>six"}));
}

TEST(SyslogFraming, WhatIsNoCountBelongsToALine) {
  for (const std::string line :
       {"0 <13>one", "007 <13>one", "99999999999 <13>one", "7<13>one", "7  <13>one", "7 one", "-7 <13>one",
        "2002-02-11T10:00:00Z mx", "1036368000", "12345678 <13>"})
    EXPECT_EQ(messages_of(line + "\n<13>next\n"), (Messages{line, "<13>next"})) << line;
}

TEST(SyslogFraming, WhatIsTooLongIsCutAndTheNextMessageIsFound) {
  const std::string most = "<13>" + std::string(kMaxLineOctets - 4, 'x');
  const std::string cut = most + "x";
  for (const std::size_t more : {1, 2, 3, 20'000, 1'000'000}) {
    const std::string longer = most + std::string(more, 'x');
    EXPECT_EQ(messages_of(longer + "\n<13>next\n"), (Messages{cut, "<13>next"})) << more;
    EXPECT_EQ(messages_of(counted(longer) + "<13>next\n"), (Messages{cut, "<13>next"})) << more;
  }
  EXPECT_EQ(messages_of(most + "\r\n" + counted(most) + "<13>next\n"), (Messages{most, most, "<13>next"}));
}

TEST(SyslogFraming, AStreamMayEndWithoutALineEnd) {
  const Read line = read_stream("<13>one\n<13>two", 100);
  EXPECT_EQ(line.messages, (Messages{"<13>one", "<13>two"}));
  EXPECT_FALSE(line.cut);
}

TEST(SyslogFraming, HalfACountedMessageIsNone) {
  for (const char* const stream : {"7 <13>on", "7 ", "7", "9999999 <13>one"}) {
    const Read read = read_stream(stream, 100);
    EXPECT_EQ(read.messages, Messages{}) << stream;
    EXPECT_TRUE(read.cut) << stream;
  }
}

TEST(SyslogFraming, GapsAreNoMessages) {
  const Read read = read_stream(std::string("\n\n\r\n\0\0\n", 7), 100);
  EXPECT_EQ(read.messages, Messages{});
  EXPECT_FALSE(read.cut);
}

TEST(SyslogFraming, MessagesAreTheSameHoweverTheOctetsCome) {
  std::mt19937 random(6587);
  std::string stream;
  Messages expected;
  for (int i = 0; i < 400; ++i) {
    const std::size_t length = i % 40 == 39 ? 8'000 + random() % 400 : random() % 90;
    std::string message = "<13>" + std::string(length, static_cast<char>('a' + i % 26));
    stream += i % 3 == 0 ? counted(message) : message + (i % 3 == 1 ? "\n" : "\r\n");
    if (message.size() > kMaxLineOctets) message.resize(kMaxLineOctets + 1);
    expected.push_back(message);
  }
  for (const std::size_t at_a_time : {1, 7, 1'448, 8'193, 65'536})
    EXPECT_EQ(read_stream(stream, at_a_time).messages, expected) << at_a_time;
}

}  // namespace
}  // namespace tests
