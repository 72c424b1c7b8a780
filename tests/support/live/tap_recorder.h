// A second pair of eyes on the mirror port: what libpcap sees there, in a capture file.
#pragma once

#include <string>
#include <thread>

#include <pcap/pcap.h>

#include "tests/support/live/campus.h"

namespace tests {

// Records until destroyed; the file is complete then.
class TapRecorder {
 public:
  explicit TapRecorder(const std::string& file) {
    run_inside(campus::kSwitch, [this] { open(); });
    if (tap_ == nullptr) return;
    dump_ = pcap_dump_open(tap_, file.c_str());
    thread_ = std::thread([this] { pcap_loop(tap_, -1, pcap_dump, reinterpret_cast<u_char*>(dump_)); });
  }
  TapRecorder(const TapRecorder&) = delete;
  TapRecorder& operator=(const TapRecorder&) = delete;
  ~TapRecorder() {
    if (tap_ == nullptr) return;
    pcap_breakloop(tap_);
    thread_.join();
    pcap_dump_close(dump_);
    pcap_close(tap_);
  }

  bool records() const { return tap_ != nullptr; }

 private:
  void open() {
    char error[PCAP_ERRBUF_SIZE];
    tap_ = pcap_create(campus::kMirror, error);
    pcap_set_snaplen(tap_, 65'535);
    pcap_set_promisc(tap_, 1);
    pcap_set_timeout(tap_, 50);
    pcap_set_buffer_size(tap_, 32 << 20);
    if (pcap_activate(tap_) >= 0) return;
    pcap_close(tap_);
    tap_ = nullptr;
  }

  pcap_t* tap_ = nullptr;
  pcap_dumper_t* dump_ = nullptr;
  std::thread thread_;
};

}  // namespace tests
