// Completion in bash, as somebody who presses Tab sees it.
#include <gtest/gtest.h>

#include "tests/support/captures.h"
#include "tests/support/program.h"

namespace tests {
namespace {

class Completion : public testing::Test {
 protected:
  // What is offered for the last word of `line`.
  std::string offered(const std::string& line) const {
    const std::string script = "source '" + (source_root() / "mgmt/completion/tapline.bash").string() +
                               "'; read -ra COMP_WORDS <<<'" + line + "'; [[ '" + line +
                               "' == *' ' ]] && COMP_WORDS+=(''); COMP_WORDS[0]='" + tapline() +
                               "'; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tapline; echo \"${COMPREPLY[*]}\"";
    Process({"bash", "-c", script}, scratch_.path("out"), scratch_.path("err")).wait();
    EXPECT_EQ(contents_of(scratch_.path("err")), "");
    return contents_of(scratch_.path("out"));
  }

  ScratchDirectory scratch_;
};

TEST_F(Completion, OffersCommands) {
  const std::string all = offered("tapline ");
  for (const char* command : {"replay", "run", "status", "top", "findings", "doctor", "help"})
    EXPECT_NE(all.find(command), std::string::npos) << command;
  EXPECT_EQ(offered("tapline fin"), "findings\n");
}

TEST_F(Completion, OffersWhatACommandTakes) {
  EXPECT_EQ(offered("tapline top cl"), "clients\n");
  EXPECT_EQ(offered("tapline top smtp"), "smtp-clients\n");
  EXPECT_EQ(offered("tapline show pai"), "pairing\n");
  EXPECT_EQ(offered("tapline config che"), "check\n");
  EXPECT_EQ(offered("tapline patterns te"), "test\n");
  EXPECT_EQ(offered("tapline findings a"), "ack\n");
  EXPECT_EQ(offered("tapline fleet "), "init status\n");
  EXPECT_EQ(offered("tapline capture e"), "extract\n");
  EXPECT_EQ(offered("tapline capture st"), "start status stop\n");
}

TEST_F(Completion, OffersOptionsAndTheirValues) {
  EXPECT_EQ(offered("tapline findings --o"), "--open\n");
  EXPECT_EQ(offered("tapline history --fl"), "--fleet\n");
  EXPECT_EQ(offered("tapline fleet --pr"), "--print\n");
  EXPECT_EQ(offered("tapline replay --corr"), "--correlate\n");
  EXPECT_EQ(offered("tapline replay --correlate ad"), "address\n");
  EXPECT_EQ(offered("tapline series mx --step "), "1s 1m 1h 1d\n");
}

}  // namespace
}  // namespace tests
