#include "mgmt/file_mistakes.h"

#include <fmt/format.h>

#include "mgmt/config.h"
#include "mgmt/text_style.h"

namespace mgmt {

FileMistakes::FileMistakes(std::string_view file, std::size_t most)
    : file_(printable(file, kPathColumns, TextStyle{})), most_(most) {}

void FileMistakes::add(std::size_t line, std::string_view sentence) {
  if (++count_ > most_) return;
  text_ += fmt::format("{}{}:{}: {}", text_.empty() ? "" : "\n", file_, line, sentence);
}

void FileMistakes::complain() const {
  if (count_ == 0) return;
  if (count_ <= most_) throw ConfigError(text_);
  throw ConfigError(fmt::format("{}\n{}: and {} more", text_, file_, count_ - most_));
}

}  // namespace mgmt
