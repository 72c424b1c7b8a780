// A machine as /sys and /proc would show it, made of the files that a test names.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "mgmt/host_files.h"
#include "tests/support/scratch_files.h"

namespace tests {

class MadeUpHost {
 public:
  MadeUpHost& file(const std::string& path, const std::string& text) {
    const std::filesystem::path at = below(path);
    std::filesystem::create_directories(at.parent_path());
    std::ofstream(at) << text << '\n';
    return *this;
  }
  MadeUpHost& link(const std::string& path, const std::string& target) {
    const std::filesystem::path at = below(path);
    std::filesystem::create_directories(at.parent_path());
    std::filesystem::create_symlink(target, at);
    return *this;
  }
  MadeUpHost& folder(const std::string& path) {
    std::filesystem::create_directories(below(path));
    return *this;
  }

  // "0-3", all online.
  MadeUpHost& cores(const std::string& list) {
    return file("/sys/devices/system/cpu/present", list).file("/sys/devices/system/cpu/online", list);
  }
  MadeUpHost& cpu(const std::string& name, const std::string& text) {
    return file("/sys/devices/system/cpu/" + name, text);
  }
  MadeUpHost& pages(const std::string& node, const std::string& kib, const std::string& total,
                    const std::string& free) {
    const std::string at = "/sys/devices/system/node/" + node + "/hugepages/hugepages-" + kib + "kB/";
    return file(at + "nr_hugepages", total).file(at + "free_hugepages", free);
  }
  // An interface of the kernel that is up and has a carrier.
  MadeUpHost& interface(const std::string& name) {
    const std::string at = "/sys/class/net/" + name + "/";
    return file(at + "flags", "0x1003")
        .file(at + "carrier", "1")
        .file(at + "mtu", "1500")
        .file(at + "speed", "10000");
  }
  // A PCI device; bound to no driver if that is "".
  MadeUpHost& pci(const std::string& address, const std::string& driver,
                  const std::string& vendor = "0x8086") {
    const std::string at = "/sys/bus/pci/devices/" + address;
    file(at + "/vendor", vendor);
    return driver.empty() ? *this : link(at + "/driver", "../../../../bus/pci/drivers/" + driver);
  }

  mgmt::HostFiles files() const { return mgmt::HostFiles(scratch_->path("")); }

 private:
  std::filesystem::path below(const std::string& path) const { return scratch_->path(path.substr(1)); }

  std::unique_ptr<ScratchDirectory> scratch_ = std::make_unique<ScratchDirectory>();
};

}  // namespace tests
