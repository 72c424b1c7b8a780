#include "mgmt/terminal.h"

#include <clocale>
#include <cstdlib>
#include <string_view>

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "mgmt/text_style.h"

namespace mgmt {

bool is_terminal(int descriptor) noexcept {
  return isatty(descriptor) == 1;
}

std::size_t terminal_columns(int descriptor) noexcept {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kTextColumns;
  return size.ws_col;
}

bool shows_color(int descriptor) noexcept {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool refused = no_color && *no_color != '\0';
  const bool dumb = !term || std::string_view(term) == "dumb";
  return !refused && !dumb && is_terminal(descriptor);
}

bool locale_is_utf8() noexcept {
  std::setlocale(LC_CTYPE, "");
  return std::string_view(nl_langinfo(CODESET)) == "UTF-8";
}

}  // namespace mgmt
