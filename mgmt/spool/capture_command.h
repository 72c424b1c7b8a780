// `tapline capture extract`: the frames of a time and a host out of the spool.
#pragma once

#include <span>
#include <string>

#include "mgmt/spool/spool_slice.h"

namespace mgmt {

struct CaptureOptions {
  SliceQuery query;
  std::string key_file;  // of [privacy], by which the host is hidden in files that are; "": it is not
  std::string to;        // a file, or "-" for standard output
  bool json = false;
};

// Throws UsageError, ConfigError, CLI::CallForHelp.
CaptureOptions read_capture_words(std::span<const char* const> words);

// Returns the exit status. Throws SpoolError.
int capture_command(const CaptureOptions& options);

}  // namespace mgmt
