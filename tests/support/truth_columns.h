// The columns of truth.tsv, as tapline's events give them (the script that made the file says what each
// means).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "dataplane/event.h"
#include "wire/tunnel.h"

namespace tests {

using Columns = std::map<std::string, std::uint64_t>;

class TruthColumns {
 public:
  void add(const dataplane::Event& event) {
    switch (event.kind) {
      case dataplane::EventKind::kQuery:
        query(event);
        break;
      case dataplane::EventKind::kResponse:
        response(event);
        break;
      case dataplane::EventKind::kResolution:
        resolution(event);
        break;
      case dataplane::EventKind::kConnect:
        if ((event.flags & dataplane::kQuic) == 0) connect(event, "syn");
        break;
      case dataplane::EventKind::kAccept:
        if ((event.flags & dataplane::kQuic) == 0) connect(event, "synack");
        break;
      default:
        break;
    }
  }

  // Of all columns, the named one; 0 if nothing was counted.
  std::uint64_t operator[](const std::string& name) const {
    if (name == "bad_dns") return bad_frames_.size();
    const auto found = columns_.find(name);
    return found == columns_.end() ? 0 : found->second;
  }

 private:
  static std::string transport(const dataplane::Event& event) {
    return (event.flags & dataplane::kOverTcp) != 0 ? "tcp" : "udp";
  }

  void message(const dataplane::Event& event) {
    const bool v6 = !event.client.is_v4();
    columns_["v6_dns"] += v6;
    columns_["tun_dns"] += (event.tunnels & wire::kIpTunnels) != 0;
    columns_["l2_dns"] += (event.tunnels & wire::kLinkTunnels) != 0;
    columns_["rr_short"] += (event.flags & dataplane::kRecordsMissing) != 0;
    if ((event.flags & dataplane::kMalformed) != 0) bad_frames_.insert(event.order);
  }

  void query(const dataplane::Event& event) {
    message(event);
    ++columns_[transport(event) + "_q"];
    static const std::map<unsigned, std::string> kNames = {
        {1, "q_a"}, {28, "q_aaaa"}, {12, "q_ptr"}, {15, "q_mx"}};
    const auto name = kNames.find(event.detail.dns.qtype);
    if ((event.flags & dataplane::kNoQuestion) != 0) {
      ++columns_["q_none"];
    } else {
      ++columns_[name == kNames.end() ? "q_other" : name->second];
    }
  }

  void response(const dataplane::Event& event) {
    message(event);
    ++columns_[transport(event) + "_r"];
    columns_[transport(event) + "_nx"] += (event.detail.dns.rcode & 0xF) == 3;
    columns_["r_tc"] += (event.flags & dataplane::kTruncatedFlag) != 0;
    columns_[transport(event) + "_r_a"] += (event.flags & dataplane::kHasA) != 0;
    columns_[transport(event) + "_r_aaaa"] += (event.flags & dataplane::kHasAaaa) != 0;
  }

  void resolution(const dataplane::Event& event) {
    ++columns_[transport(event) + ((event.flags & dataplane::kHasA) != 0 ? "_a_rr" : "_aaaa_rr")];
  }

  void connect(const dataplane::Event& event, const std::string& name) {
    ++columns_[name];
    columns_["tun_" + name] += (event.tunnels & wire::kIpTunnels) != 0;
    if (name != "syn") return;
    columns_["v6_syn"] += !event.client.is_v4();
    columns_["l2_syn"] += (event.tunnels & wire::kLinkTunnels) != 0;
  }

  Columns columns_;
  std::set<std::uint64_t> bad_frames_;
};

}  // namespace tests
