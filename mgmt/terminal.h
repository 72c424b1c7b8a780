// What the streams of this process lead to.
#pragma once

#include <cstddef>

namespace mgmt {

bool is_terminal(int descriptor) noexcept;

// Columns of the terminal right now, 80 if it does not say.
std::size_t terminal_columns(int descriptor) noexcept;

// A terminal that is not "dumb", and nobody has set NO_COLOR (no-color.org).
bool shows_color(int descriptor) noexcept;

// By LC_ALL, LC_CTYPE, LANG. Call before threads start: it sets the character type of the locale.
bool locale_is_utf8() noexcept;

}  // namespace mgmt
