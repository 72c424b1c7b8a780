#include "dataplane/capture_file.h"

#include <string_view>

#include "dataplane/decompress.h"
#include "dataplane/pcap_format.h"
#include "dataplane/pcapng_format.h"

namespace dataplane {
namespace {

constexpr std::size_t kMagicBytes = 4;

// A stream that is no capture: it holds no frame, only the reason.
class NoCapture final : public CaptureFormat {
 public:
  explicit NoCapture(const ByteWindow& window) {
    if (window.size() == 0 && window.fault().empty())
      fail(0, "the file is empty");
    else if (window.size() < kMagicBytes)
      ended(window, 0, "file header");
    else
      fail(0, unknown(window.begin()));
  }

  std::size_t receive(ByteWindow&, std::span<wire::Frame>, std::uint64_t) override { return 0; }

 private:
  static std::string unknown(const std::uint8_t* magic) {
    const std::string_view head(reinterpret_cast<const char*>(magic), kMagicBytes);
    if (head ==
        "\xFD"
        "7zX")
      return "the file is packed with xz; unpack it first, or pack it with gzip or zstd";
    if (head.starts_with("BZh"))
      return "the file is packed with bzip2; unpack it first, or pack it with gzip or zstd";
    return "the file is no capture: it begins neither like pcap nor like pcapng";
  }
};

std::unique_ptr<CaptureFormat> recognise(ByteWindow& window) {
  if (!window.fill(kMagicBytes)) return std::make_unique<NoCapture>(window);
  if (ByteOrder{}.u32(window.begin()) == kPcapngMagic) return std::make_unique<PcapngFormat>();
  if (const auto variant = pcap_variant(window.begin()))
    return std::make_unique<PcapFormat>(window, *variant);
  return std::make_unique<NoCapture>(window);
}

}  // namespace

CaptureFile::CaptureFile(std::unique_ptr<ByteSource> stored)
    : window_(decompressed(std::move(stored))), format_(recognise(window_)) {}

std::span<wire::Frame> CaptureFile::receive(std::uint64_t order) {
  return std::span(burst_).first(format_->receive(window_, burst_, order));
}

}  // namespace dataplane
