// Domain names as a tree: the root, the top-level labels below it, and so on; each with marks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "matchers/label_hash.h"

namespace matchers {

// Where a child is found is one hash for all nodes, so a step down costs the same in any tree. Built once;
// from then on any number of threads may look, which allocates nothing.
class DomainTree {
 public:
  using Node = std::uint32_t;
  using Marks = std::uint8_t;  // bits, their meaning is the owner's
  static constexpr Node kRoot = 0;
  static constexpr Node kNone = ~Node{0};

  DomainTree();

  // Marks the node of a name in wire form, adding those that are missing on the way.
  void mark(std::span<const std::uint8_t> wire_name, Marks marks);

  // `label` is lower-cased, without its length octet. kNone if there is no such child.
  Node child(Node parent, std::span<const std::uint8_t> label) const noexcept {
    const std::uint64_t hash = label_hash(parent, label);
    for (std::size_t slot = hash & mask_;; slot = (slot + 1) & mask_) {
      const Slot& here = slots_[slot];
      if (here.node == kNone) return kNone;
      if (here.tag == tag_of(hash) && is_child(here.node, parent, label)) return here.node;
    }
  }

  Marks marks(Node node) const noexcept { return entries_[node].marks; }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    Node node = kNone;
  };
  struct Entry {
    Node parent = kNone;
    std::uint32_t label_at = 0;
    std::uint8_t label_octets = 0;
    Marks marks = 0;
  };

  static std::uint32_t tag_of(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash >> 32); }
  bool is_child(Node node, Node parent, std::span<const std::uint8_t> label) const noexcept {
    const Entry& entry = entries_[node];
    return entry.parent == parent && entry.label_octets == label.size() &&
           std::memcmp(label_octets_.data() + entry.label_at, label.data(), label.size()) == 0;
  }
  Node add_child(Node parent, std::span<const std::uint8_t> label);
  void place(Node node);
  void grow();

  std::vector<Slot> slots_;  // a power of two, at most half of them taken
  std::size_t mask_;
  std::vector<Entry> entries_;
  std::vector<std::uint8_t> label_octets_;
};

}  // namespace matchers
