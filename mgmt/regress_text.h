// A regression for people and for programs.
#pragma once

#include <string>

#include "mgmt/regress.h"
#include "mgmt/text_style.h"

namespace mgmt {

// The normal equations, the coefficients, a scatter plot, and the residuals: the largest if they are many.
std::string regress_text(const RegressAnswer& answer, const TextStyle& style);

// One object and a final newline. What is not known is null.
std::string regress_json(const RegressAnswer& answer);

}  // namespace mgmt
