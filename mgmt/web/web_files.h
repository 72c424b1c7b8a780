// The dashboard: files that are part of the program, for a browser.
#pragma once

#include <optional>
#include <string_view>

#include "mgmt/api/api_request.h"

namespace mgmt {

// The file at `path`; "/" is the page. None: there is no such file. They tell nothing of the network: who may
// not ask the API sees an empty page.
std::optional<ApiAnswer> web_answer(std::string_view path);

}  // namespace mgmt
