#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tw {

// Reads a part of a file. `path` is UTF-8. kUnavailable when the file cannot be opened, kDataLoss
// when it ends before.
void read_file_range(const std::string& path, std::uint64_t offset, void* to, std::size_t bytes);

}  // namespace tw
