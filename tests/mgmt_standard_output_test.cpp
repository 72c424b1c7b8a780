#include <chrono>
#include <future>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "mgmt/standard_output.h"
#include "tests/support/non_blocking_pipe.h"

namespace mgmt {
namespace {

std::string read_to_the_end(int descriptor) {
  std::string text;
  std::string piece(1 << 16, '\0');
  for (ssize_t count; (count = ::read(descriptor, piece.data(), piece.size())) > 0;)
    text.append(piece, 0, static_cast<std::size_t>(count));
  return text;
}

TEST(StandardOutput, AReaderThatIsSlowGetsTheWholeTextAlsoIfThePipeDoesNotBlock) {
  const std::string text(1'000'000, 'x');  // A pipe holds 64 KiB.
  tests::NonBlockingPipe pipe(STDOUT_FILENO);
  auto received = std::async(std::launch::async, [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return read_to_the_end(pipe.other_end());
  });
  const bool written = write_standard_output(text);
  pipe.restore();
  EXPECT_TRUE(written);
  EXPECT_TRUE(received.get() == text);
}

}  // namespace
}  // namespace mgmt
