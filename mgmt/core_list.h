// Lists of processors as the kernel writes them: "2-5,8".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mgmt {

// In the order written; nothing if it is no such list or names a processor above `most`. "" is the empty
// list.
std::optional<std::vector<std::uint64_t>> parse_core_list(std::string_view text, std::uint64_t most);

std::string core_list_text(std::span<const std::uint64_t> cores);

}  // namespace mgmt
