// The name that someone who mistyped another one may have meant.
#pragma once

#include <span>
#include <string_view>

namespace mgmt {

// The candidate fewest edits away from `name`, if they are few for its length; else "".
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace mgmt
