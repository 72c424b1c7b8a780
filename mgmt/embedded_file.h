// Files that are part of the program; scripts/embed writes the sources that hold them.
#pragma once

#include <span>
#include <string_view>

namespace mgmt {

struct EmbeddedFile {
  std::string_view name;
  std::string_view contents;  // for the life of the program
};

std::span<const EmbeddedFile> api_files();  // openapi.json
std::span<const EmbeddedFile> web_files();  // the dashboard

}  // namespace mgmt
