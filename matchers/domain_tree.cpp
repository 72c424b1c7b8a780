#include "matchers/domain_tree.h"

#include "matchers/labels.h"

namespace matchers {
namespace {

constexpr std::size_t kFirstSlots = 16;

}  // namespace

DomainTree::DomainTree() : slots_(kFirstSlots), mask_(kFirstSlots - 1), entries_(1) {}

void DomainTree::mark(std::span<const std::uint8_t> wire_name, Marks marks) {
  const Labels labels(wire_name);
  Node node = kRoot;
  for (std::size_t i = 0; i < labels.count(); ++i) {
    const Node below = child(node, labels.from_right(i));
    node = below != kNone ? below : add_child(node, labels.from_right(i));
  }
  entries_[node].marks |= marks;
}

DomainTree::Node DomainTree::add_child(Node parent, std::span<const std::uint8_t> label) {
  const Node node = static_cast<Node>(entries_.size());
  entries_.push_back({.parent = parent,
                      .label_at = static_cast<std::uint32_t>(label_octets_.size()),
                      .label_octets = static_cast<std::uint8_t>(label.size()),
                      .marks = 0});
  label_octets_.insert(label_octets_.end(), label.begin(), label.end());
  if (2 * entries_.size() > slots_.size()) {
    grow();
  } else {
    place(node);
  }
  return node;
}

void DomainTree::place(Node node) {
  const Entry& entry = entries_[node];
  const std::uint64_t hash =
      label_hash(entry.parent, std::span(label_octets_).subspan(entry.label_at, entry.label_octets));
  std::size_t slot = hash & mask_;
  while (slots_[slot].node != kNone) slot = (slot + 1) & mask_;
  slots_[slot] = {.tag = tag_of(hash), .node = node};
}

void DomainTree::grow() {
  slots_.assign(2 * slots_.size(), Slot{});
  mask_ = slots_.size() - 1;
  for (Node node = 1; node < entries_.size(); ++node) place(node);
}

}  // namespace matchers
