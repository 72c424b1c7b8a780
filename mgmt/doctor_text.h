// The diagnoses as people and as programs read them.
#pragma once

#include <span>
#include <string>

#include "mgmt/diagnosis.h"
#include "mgmt/text_style.h"

namespace mgmt {

// A heading for each subject and a line for each check; what is wrong is followed by the commands that mend
// it, each on a line of its own and as long as it is, to be copied.
std::string doctor_text(std::span<const Diagnosis> diagnoses, const TextStyle& style);

// An array of objects and a final newline.
std::string doctor_json(std::span<const Diagnosis> diagnoses);

}  // namespace mgmt
