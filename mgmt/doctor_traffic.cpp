#include "mgmt/doctor_traffic.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "mgmt/number_text.h"
#include "mgmt/shell_text.h"

namespace mgmt {
namespace {

using dataplane::EventKind;
using wire::Verdict;

// Chance explains more than a few of these.
constexpr std::uint64_t kEnoughMessages = 20;
constexpr std::uint64_t kEnoughFrames = 1000;
// Nearly every query is answered, and most SYNs are, even on a bad day.
constexpr double kOneSided = 0.1;
// Hosts do not send the same IP packet twice, so a healthy mirror shows none.
constexpr double kManyCopies = 0.01;
// Of healthy DNS well below 1 % ends early.
constexpr double kManyCut = 0.05;
// Thousands of flows spread to within a few percent. So far off take a few heavy ones, or a fault.
constexpr double kManyTimesEven = 2.0;
constexpr double kPartOfEven = 0.25;
// Enough to load one queue noticeably.
constexpr double kMuchTunnelled = 0.1;

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::uint64_t messages(const dataplane::Ledger& ledger) {
  return ledger[EventKind::kQuery] + ledger[EventKind::kResponse];
}

std::string in_seconds(const TrafficSeen& seen) {
  return fmt::format("in {:.3g} s", seen.seconds);
}

bool has_interface(dataplane::PortDriver driver) {
  return driver == dataplane::PortDriver::kAfPacket || driver == dataplane::PortDriver::kAfXdp;
}

Diagnosis judge_silence(const TrafficSeen& seen, const TrafficExpected& expected) {
  return Check("traffic", expected.name)
      .fail(fmt::format("no frame {}", in_seconds(seen)),
            "Is the mirror session on, with sources and this port as its destination? Compare with what the "
            "switch says it sends.",
            has_interface(expected.driver) ? fmt::format("tcpdump -c 10 -ni {}", shell_word(expected.name))
                                           : "");
}

Diagnosis judge_rate(const TrafficSeen& seen, const TrafficExpected& expected) {
  const Check check("traffic", expected.name);
  const std::uint64_t frames = seen.ledger.frames;
  const std::string found = fmt::format("{} frames {}", grouped(frames), in_seconds(seen));
  if (seen.lost == 0) return check.ok(found);
  return check.warn(fmt::format("{}, and {} lost by the port", found, grouped(seen.lost)),
                    "The workers are too slow for the rate, or their bursts too long for the queues: more "
                    "'queues', each with a core, or more 'rx_descriptors'.");
}

Diagnosis judge_queues(const TrafficSeen& seen, const TrafficExpected& expected) {
  const Check check("queues", expected.name);
  const std::uint64_t all =
      std::accumulate(seen.queue_frames.begin(), seen.queue_frames.end(), std::uint64_t{0});
  std::string shares;
  for (const std::uint64_t frames : seen.queue_frames)
    shares += fmt::format("{}{}", shares.empty() ? "" : ", ", share(frames, all));
  const std::string found = fmt::format("{} queues with {}", seen.queue_frames.size(), shares);
  if (all < kEnoughFrames) return check.ok(found + ": too few frames to tell");
  const auto [least, most] = std::ranges::minmax(seen.queue_frames);
  const double even = static_cast<double>(all) / static_cast<double>(seen.queue_frames.size());
  const bool uneven =
      static_cast<double>(most) > kManyTimesEven * even || static_cast<double>(least) < kPartOfEven * even;
  if (!uneven) return check.ok(found);
  return check.warn(
      found,
      "A few heavy flows, or frames that the NIC does not tell apart (a tunnel, MPLS): the busiest "
      "worker decides what the port holds.");
}

Diagnosis judge_copies(const TrafficSeen& seen, const TrafficExpected& expected) {
  const Check check("duplicates", expected.name);
  const std::uint64_t copies = seen.ledger[Verdict::kDuplicate];
  const std::string found = fmt::format("{} of the frames came twice", share(copies, seen.ledger.frames));
  if (copies < kEnoughMessages || ratio(copies, seen.ledger.frames) < kManyCopies)
    return check.ok("none to speak of");
  if (expected.dedup) return check.ok(found + "; decode.dedup drops the copies");
  return check.warn(
      found,
      "The mirror copies frames where they come in and again where they go out, so all is counted twice. "
      "Mirror what the ports receive (rx) if all ports are mirrored, or both directions of the uplink "
      "alone; or set dedup = \"2ms\" in [decode].");
}

Diagnosis judge_length(const TrafficSeen& seen, const TrafficExpected& expected) {
  const Check check("length", expected.name);
  const dataplane::Ledger& ledger = seen.ledger;
  const std::uint64_t cut = ledger[Verdict::kDnsCut] + ledger[Verdict::kDnsShort] +
                            ledger.dns_faults[static_cast<std::size_t>(wire::DnsFault::kEndsEarly)];
  const std::uint64_t all = messages(ledger) + ledger[Verdict::kDnsShort];
  const bool messages_cut = cut >= kEnoughMessages && ratio(cut, all) >= kManyCut;
  const std::uint64_t headers_cut = ledger[Verdict::kTruncated];
  if (messages_cut || (headers_cut >= kEnoughMessages && ratio(headers_cut, ledger.frames) >= kManyCut)) {
    return check.fail(
        messages_cut ? fmt::format("{} of the DNS messages end early", share(cut, all))
                     : fmt::format("{} of the frames end in a header", share(headers_cut, ledger.frames)),
        "The mirror or a packet broker slices frames (snap length, truncation): have it send them "
        "whole.");
  }
  return check.ok("frames are whole");
}

Diagnosis judge_dns(const TrafficSeen& seen, const TrafficExpected& expected) {
  const Check check("dns", expected.name);
  if (const std::uint64_t all = messages(seen.ledger); all > 0)
    return check.ok(fmt::format("{} messages {}", grouped(all), in_seconds(seen)));
  const std::string found = fmt::format("no DNS message among {} frames", grouped(seen.ledger.frames));
  const std::string advice =
      "Is the path between clients and their resolver mirrored, and does no filter at the mirror drop port "
      "53? "
      "DNS over TLS, HTTPS or QUIC cannot be read.";
  return seen.ledger.frames < kEnoughFrames ? check.warn(found, advice) : check.fail(found, advice);
}

Diagnosis judge_vlans(const TrafficSeen& seen, const TrafficExpected& expected) {
  const Check check("vlans", expected.name);
  constexpr std::size_t kVlanPlace = 0;
  static_assert(wire::kVlan == 1 << kVlanPlace);
  const std::uint64_t tagged = seen.tunnelled[kVlanPlace];
  if (tagged > 0) return check.ok(fmt::format("{} carry a VLAN tag", share(tagged, seen.events)));
  if (!expected.vlans) return check.ok("no VLAN tags");
  if (seen.events == 0) return check.ok("nothing to tell by: no DNS message and no connection");
  return check.fail(
      "no VLAN tag, though expect_vlans is set",
      "The mirror sends frames untagged (many switches want 'encapsulation replicate' or a trunk "
      "as its destination), or something on the way takes the tags off.",
      expected.driver == dataplane::PortDriver::kAfXdp
          ? fmt::format("ethtool -K {} rx-vlan-offload off", shell_word(expected.name))
          : "");
}

Diagnosis judge_tunnels(const TrafficSeen& seen, const TrafficExpected& expected) {
  const Check check("tunnels", expected.name);
  std::string found;
  std::uint64_t most = 0;
  for (std::size_t place = 0; place < seen.tunnelled.size(); ++place) {
    const std::uint64_t count = seen.tunnelled[place];
    if (count == 0 || ((wire::kIpTunnels | wire::kMpls | wire::kPppoe) >> place & 1) == 0) continue;
    found += fmt::format("{}{} {}", found.empty() ? "" : ", ", wire::kTunnelNames[place],
                         share(count, seen.events));
    most = std::max(most, count);
  }
  if (found.empty()) return check.ok("none");
  const bool piles_up = seen.queue_frames.size() > 1 && expected.spreads && !expected.spreads_inner;
  if (piles_up && ratio(most, seen.events) >= kMuchTunnelled) {
    return check.warn(
        found,
        "The NIC does not look inside, so all of a tunnel goes to one queue: end the tunnel before "
        "the tap, or mirror behind it.");
  }
  return check.ok(found);
}

Diagnosis judge_pair(const Check& check, std::string_view name, std::string_view other_name,
                     std::uint64_t count, std::uint64_t other, bool fails) {
  const std::string found = fmt::format("{} {}, {} {}", grouped(count), name, grouped(other), other_name);
  const std::uint64_t less = std::min(count, other);
  const std::uint64_t more = std::max(count, other);
  if (more < kEnoughMessages) return check.ok(found + ": too few to tell");
  if (ratio(less, more) >= kOneSided) return check.ok(found);
  const std::string advice =
      "The mirror shows one direction. Its session needs both: what the uplink receives and sends (rx and "
      "tx), or what all ports receive; a tap needs both fibres.";
  return fails ? check.fail(found, advice) : check.warn(found, advice + " A scan or a flood looks the same.");
}

}  // namespace

TrafficSeen& TrafficSeen::operator+=(const TrafficSeen& other) {
  seconds = std::max(seconds, other.seconds);
  ledger += other.ledger;
  queue_frames.insert(queue_frames.end(), other.queue_frames.begin(), other.queue_frames.end());
  lost += other.lost;
  events += other.events;
  for (std::size_t i = 0; i < tunnelled.size(); ++i) tunnelled[i] += other.tunnelled[i];
  return *this;
}

Diagnoses judge_traffic(const TrafficSeen& seen, const TrafficExpected& expected) {
  if (seen.ledger.frames == 0 && seen.lost == 0) return {judge_silence(seen, expected)};
  Diagnoses diagnoses = {judge_rate(seen, expected)};
  if (seen.queue_frames.size() > 1 && expected.spreads) diagnoses.push_back(judge_queues(seen, expected));
  for (const auto judge : {judge_copies, judge_length, judge_dns, judge_vlans, judge_tunnels})
    diagnoses.push_back(judge(seen, expected));
  return diagnoses;
}

Diagnoses judge_directions(const TrafficSeen& seen, const std::string& subject) {
  const dataplane::Ledger& ledger = seen.ledger;
  return {judge_pair(Check("dns directions", subject), "DNS queries", "responses", ledger[EventKind::kQuery],
                     ledger[EventKind::kResponse], true),
          judge_pair(Check("tcp directions", subject), "SYN", "SYN+ACK", ledger[Verdict::kSyn],
                     ledger[Verdict::kSynAck], false)};
}

}  // namespace mgmt
