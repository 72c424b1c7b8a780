// GET /api/v1/openapi.json: what the API answers (OpenAPI 3.0).
#pragma once

#include <string_view>

#include "mgmt/embedded_file.h"

namespace mgmt {

inline std::string_view openapi_document() {
  return api_files().front().contents;
}

}  // namespace mgmt
