// libpcap as the second opinion on real captures: the same frames, times, lengths and bytes.
#include <filesystem>
#include <map>

#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include "tests/support/captures.h"
#include "tests/support/frame_copy.h"

namespace {

const std::filesystem::path kCaptures = tests::captures();

// libpcap reads one snap length a file; these interfaces differ in it, which is no fault of the file.
const std::map<std::string, std::string> kRefusedByLibpcap = {
    {"pcpp_dns_over_tcp.pcapng",
     "an interface has a snapshot length 262144 different from the snapshot length of the first interface"},
    {"pcpp_gre.pcapng",
     "an interface has a snapshot length 65535 different from the snapshot length of the first interface"},
};

struct LibpcapRead {
  std::vector<tests::FrameCopy> frames;
  std::string error;
  int data_link = 0;
};

LibpcapRead read_with_libpcap(const std::string& path) {
  LibpcapRead read;
  char error[PCAP_ERRBUF_SIZE] = "";
  pcap_t* const capture =
      pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, error);
  if (capture == nullptr) {
    read.error = error;
    return read;
  }
  read.data_link = pcap_datalink(capture);
  pcap_pkthdr* header;
  const u_char* bytes;
  int status;
  while ((status = pcap_next_ex(capture, &header, &bytes)) == 1) {
    const std::int64_t time_ns = std::int64_t{header->ts.tv_sec} * 1'000'000'000 + header->ts.tv_usec;
    read.frames.push_back({time_ns, header->len, {}, {bytes, bytes + header->caplen}});
  }
  if (status == PCAP_ERROR) read.error = pcap_geterr(capture);
  pcap_close(capture);
  return read;
}

std::vector<std::filesystem::path> captures() {
  std::vector<std::filesystem::path> paths;
  if (!std::filesystem::exists(kCaptures)) return paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kCaptures))
    if (entry.path().extension() == ".pcap" || entry.path().extension() == ".pcapng")
      paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

void expect_same(const tests::FileRead& ours, const LibpcapRead& theirs) {
  ASSERT_GE(ours.frames.size(), theirs.frames.size());
  for (std::size_t i = 0; i < theirs.frames.size(); ++i) {
    tests::FrameCopy frame = ours.frames[i];
    if (theirs.data_link == DLT_EN10MB) {
      ASSERT_EQ(frame.link, wire::LinkType::kEthernet);
    }
    frame.link = theirs.frames[i].link;  // libpcap has numbers of its own for some.
    ASSERT_EQ(frame, theirs.frames[i]) << "frame " << i + 1;
  }
}

TEST(CaptureLibpcap, EveryRealCaptureIsReadAsLibpcapReadsIt) {
  const auto paths = captures();
  if (paths.empty()) GTEST_SKIP() << kCaptures << " is not there";
  for (const auto& path : paths) {
    SCOPED_TRACE(path);
    std::atomic<std::uint64_t> progress = 0;
    const auto ours = tests::read_capture(std::make_unique<dataplane::FileSource>(path, progress));
    const auto theirs = read_with_libpcap(path);
    ASSERT_FALSE(ours.fault) << ours.fault->reason;
    expect_same(ours, theirs);
    const auto refused = kRefusedByLibpcap.find(path.filename());
    if (refused == kRefusedByLibpcap.end()) {
      EXPECT_EQ(theirs.error, "");
      EXPECT_EQ(ours.frames.size(), theirs.frames.size());
    } else {
      EXPECT_EQ(theirs.error, refused->second);
      EXPECT_GT(ours.frames.size(), theirs.frames.size());
    }
  }
}

}  // namespace
