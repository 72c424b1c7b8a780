// A second reading of a DNS message, as plain as the RFCs: octet by octet, recursive, allocating, throwing.
#pragma once

#include <cctype>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/dns_builder.h"
#include "wire/dns_message.h"

namespace tests {

struct NaiveFault {
  wire::DnsFault fault;
};

struct NaiveName {
  Octets octets;
  std::size_t end = 0;
  bool compressed = false;
};

struct NaiveAnswer {
  unsigned type, ttl;
  std::size_t offset, length;
  Octets target;  // of the types that have one
};

struct NaiveMessage {
  wire::DnsFault fault = wire::DnsFault::kNone;
  Octets qname;
  unsigned qtype = 0, qclass = 0, rcode = 0, udp_size = 0;
  bool has_question = false;
  bool edns = false;
  std::size_t records_read = 0;
  std::vector<NaiveAnswer> answers;
};

class NaiveReader {
 public:
  explicit NaiveReader(const Octets& message) : message_(message) {}

  NaiveMessage read() {
    note([&] { read_message(); });
    return result_;
  }

 private:
  using Fault = wire::DnsFault;

  // Does a step; keeps the first fault of all.
  template <class Step>
  void note(Step&& step) {
    Fault fault = Fault::kNone;
    try {
      step();
    } catch (const NaiveFault& caught) {
      fault = caught.fault;
    } catch (const std::out_of_range&) {
      fault = Fault::kEndsEarly;
    }
    if (result_.fault == Fault::kNone) result_.fault = fault;
  }

  // A faulty name still ends somewhere, if its labels show where.
  NaiveName name_if_sound(std::size_t at) {
    NaiveName found;
    note([&] { found = name(at); });
    if (found.end == 0) found.end = end_of_name(at);
    return found;
  }

  std::size_t end_of_name(std::size_t at) const {
    for (; message_.at(at) != 0; at += message_.at(at) + 1u) {
      if (message_.at(at) >= 0xC0) return message_.at(u16(at) - 0xC000u), at + 2;
      if (message_.at(at) >= 0x40) throw NaiveFault{Fault::kBadLabel};
    }
    return at + 1;
  }

  unsigned u16(std::size_t at) const { return message_.at(at) * 256u + message_.at(at + 1); }

  NaiveName name(std::size_t at, std::size_t octets_before = 0, int pointers_before = 0) const {
    NaiveName name;
    const std::size_t start = at;
    for (;;) {
      const unsigned length = message_.at(at);
      if (octets_before + name.octets.size() >= 255) throw NaiveFault{Fault::kLongName};
      if (length >= 0xC0) return pointed(name, start, at, octets_before, pointers_before);
      if (length >= 0x40) throw NaiveFault{Fault::kBadLabel};
      name.octets.push_back(static_cast<std::uint8_t>(length));
      ++at;
      if (length == 0) break;
      for (unsigned octet = 0; octet < length; ++octet, ++at)
        name.octets.push_back(static_cast<std::uint8_t>(std::tolower(message_.at(at))));
    }
    name.end = at;
    return name;
  }

  NaiveName pointed(NaiveName name_so_far, std::size_t start, std::size_t at, std::size_t octets_before,
                    int pointers_before) const {
    const std::size_t target = u16(at) - 0xC000;
    if (target >= start || pointers_before == 127) throw NaiveFault{Fault::kBadPointer};
    const NaiveName rest = name(target, octets_before + name_so_far.octets.size(), pointers_before + 1);
    return {name_so_far.octets + rest.octets, at + 2, true};
  }

  void read_message() {
    if (message_.size() < 12) throw NaiveFault{Fault::kShortHeader};
    result_.rcode = message_[3] % 16;
    std::size_t at = 12;
    for (unsigned question = 0; question < u16(4); ++question) at = read_question(at, question == 0);
    const unsigned answers = u16(6), authority = u16(8), additional = u16(10);
    for (unsigned i = 0; i < answers; ++i) at = read_record(at, true, false);
    for (unsigned i = 0; i < authority; ++i) at = read_record(at, false, false);
    for (unsigned i = 0; i < additional; ++i) at = read_record(at, false, true);
  }

  std::size_t read_question(std::size_t at, bool first) {
    const NaiveName asked = name_if_sound(at);
    const unsigned type = u16(asked.end), qclass = u16(asked.end + 2);
    if (first && message_[2] / 8 % 16 != 5) {
      result_.has_question = true;
      result_.qname = asked.octets;
      result_.qtype = type;
      result_.qclass = qclass;
    }
    return asked.end + 4;
  }

  std::size_t read_record(std::size_t at, bool in_answer, bool in_additional) {
    at = name_if_sound(at).end;
    NaiveAnswer record{u16(at), u16(at + 4) * 65536u + u16(at + 6), at + 10, u16(at + 8), {}};
    const unsigned rclass = u16(at + 2);
    const std::size_t end = record.offset + record.length;
    if (end > message_.size()) throw NaiveFault{Fault::kEndsEarly};
    ++result_.records_read;
    const bool is_update = message_[2] / 8 % 16 == 5;
    if (is_update && record.length == 0 && record.type != 41) return end;
    bool sound = false;
    note([&] {
      check(record);
      sound = true;
    });
    if (!sound) return end;
    const unsigned type = record.type;
    if (in_answer &&
        (type == 1 || type == 28 || type == 5 || type == 12 || type == 15 || type == 64 || type == 65))
      result_.answers.push_back(record);
    if (in_additional && type == 41 && !result_.edns) {
      result_.edns = true;
      result_.udp_size = rclass;
      result_.rcode += (record.ttl >> 24) * 16;
    }
    return end;
  }

  static void require(bool right) {
    if (!right) throw NaiveFault{Fault::kBadRdata};
  }

  void check(NaiveAnswer& record) const {
    const std::size_t end = record.offset + record.length;
    const unsigned type = record.type;
    if (type == 1) require(record.length == 4);
    if (type == 28) require(record.length == 16);
    if (type == 2 || type == 5 || type == 12) target_at(record, record.offset);
    if (type == 15) target_at(record, record.offset + 2);
    if (type == 41) {
      std::size_t at = record.offset;
      while (at < end) {
        require(end - at >= 4);
        at += 4 + u16(at + 2);
        require(at <= end);
      }
    }
    if (type == 64 || type == 65) check_service(record, end);
  }

  NaiveName target_at(NaiveAnswer& record, std::size_t at) const {
    NaiveName target;
    try {
      target = name(at);
    } catch (const std::out_of_range&) {
      throw NaiveFault{Fault::kBadRdata};
    }
    require(target.end <= record.offset + record.length);
    record.target = target.octets;
    return target;
  }

  void check_service(NaiveAnswer& record, std::size_t end) const {
    const NaiveName target = target_at(record, record.offset + 2);
    require(!target.compressed);
    std::size_t at = target.end;
    for (long last = -1; at < end;) {
      require(end - at >= 4);
      const long key = u16(at);
      const std::size_t size = u16(at + 2);
      at += 4;
      require(key > last && size <= end - at);
      if (key == 0) require(size > 0 && size % 2 == 0);
      if (key == 1) check_alpn(at, size);
      if (key == 2) require(size == 0);
      if (key == 3) require(size == 2);
      if (key == 4) require(size > 0 && size % 4 == 0);
      if (key == 6) require(size > 0 && size % 16 == 0);
      last = key;
      at += size;
    }
  }

  void check_alpn(std::size_t at, std::size_t size) const {
    require(size > 0);
    const std::size_t end = at + size;
    while (at < end) {
      require(message_.at(at) > 0);
      at += 1u + message_.at(at);
    }
    require(at == end);
  }

  const Octets& message_;
  NaiveMessage result_;
};

inline NaiveMessage read_naively(const Octets& message) {
  return NaiveReader(message).read();
}

}  // namespace tests
