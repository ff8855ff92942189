#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>

namespace tw {

// Reads a file from some byte on. `path` is UTF-8. kUnavailable when the file cannot be opened,
// kDataLoss when it ends before.
class FileRange {
 public:
  FileRange(const std::string& path, std::uint64_t offset);
  // The next bytes.
  void read(void* to, std::size_t bytes);

 private:
  std::ifstream file_;
  std::uint64_t at_;
};

// Reads from an open file what the system holds in memory, without waiting for a disk. Gives how
// many bytes; 0 where there are none, or where the system cannot tell.
std::size_t read_cached(int file, std::uint64_t offset, void* to, std::size_t bytes) noexcept;

}  // namespace tw
