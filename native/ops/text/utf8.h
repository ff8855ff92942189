#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tw {

// The code points of UTF-8; a byte that is none stands for itself.
std::vector<char32_t> code_points(std::string_view text);
void append_utf8(std::string& text, char32_t c);
// Cases of ASCII, Latin-1, Greek and Cyrillic letters; all else stays.
char32_t lower_case(char32_t c);
char32_t upper_case(char32_t c);

}  // namespace tw
