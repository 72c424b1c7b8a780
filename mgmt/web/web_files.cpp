#include "mgmt/web/web_files.h"

#include <algorithm>
#include <array>
#include <string>

#include "mgmt/embedded_file.h"

namespace mgmt {
namespace {

struct ContentType {
  std::string_view ending;
  const char* type;
};
constexpr std::array<ContentType, 4> kTypes = {{{".html", "text/html; charset=utf-8"},
                                                {".css", "text/css; charset=utf-8"},
                                                {".js", "text/javascript; charset=utf-8"},
                                                {".svg", "image/svg+xml"}}};

const char* type_of(std::string_view name) {
  const auto found =
      std::ranges::find_if(kTypes, [&](const ContentType& type) { return name.ends_with(type.ending); });
  return found == kTypes.end() ? "application/octet-stream" : found->type;
}

}  // namespace

std::optional<ApiAnswer> web_answer(std::string_view path) {
  if (!path.starts_with('/')) return std::nullopt;
  const std::string_view name = path == "/" ? "index.html" : path.substr(1);
  const auto file = std::ranges::find(web_files(), name, &EmbeddedFile::name);
  if (file == web_files().end()) return std::nullopt;
  return ApiAnswer{200, type_of(name), std::string(file->contents)};
}

}  // namespace mgmt
