#include "dataplane/kernel_interface.h"

#include <filesystem>
#include <fstream>

namespace dataplane {
namespace {

constexpr int kArphrdEther = 1;  // if_arp.h
constexpr int kArphrdLoopback = 772;
constexpr std::size_t kMostNameOctets = 15;  // IFNAMSIZ - 1

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= kMostNameOctets && name != "." && name != ".." &&
         name.find_first_of(std::string("/\0", 2)) == std::string::npos;
}

template <class Value>
Value value_in(const std::filesystem::path& file, Value otherwise) {
  Value value{};
  return std::ifstream(file) >> value ? value : otherwise;
}

}  // namespace

KernelInterface kernel_interface(const std::string& name) {
  KernelInterface interface;
  if (!is_name(name)) return interface;
  const std::filesystem::path folder = std::filesystem::path("/sys/class/net") / name;
  std::error_code none;
  interface.exists = std::filesystem::exists(folder, none);
  if (!interface.exists) return interface;
  const int type = value_in(folder / "type", 0);
  interface.ethernet = type == kArphrdEther || type == kArphrdLoopback;
  const auto state = value_in(folder / "operstate", std::string("down"));
  interface.up = state == "up" || state == "unknown";  // The loopback and tunnels do not know.
  const auto mbps = value_in(folder / "speed", std::int64_t{0});
  interface.mbps = mbps > 0 && mbps < INT32_MAX ? static_cast<std::uint32_t>(mbps) : 0;
  return interface;
}

}  // namespace dataplane
