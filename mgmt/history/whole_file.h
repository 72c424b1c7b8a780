// Small files of the state folder, that are there as a whole or as they were before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mgmt {

// All of `text` or, if that fails, what was there before. Throws HistoryError.
void write_whole(const std::string& file, const std::string& text);

// Nothing if there is none. Throws HistoryError if it cannot be read, or has more than `most` octets.
std::optional<std::string> read_whole(const std::string& file, std::uintmax_t most);

// As it is named in a sentence.
std::string state_file_text(const std::string& file);

}  // namespace mgmt
