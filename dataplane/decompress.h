// Compressed streams, recognised by their first bytes so that names and pipes do not matter.
#pragma once

#include <memory>

#include "dataplane/byte_source.h"

namespace dataplane {

// The bytes that `stored` holds: unpacked if it is gzip (RFC 1952) or zstd (RFC 8878), else as they are.
// Several members or frames in a row are one stream. Memory is bounded, whatever the stream says: 128 MiB for
// the window of zstd, its own default limit.
std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> stored);

}  // namespace dataplane
