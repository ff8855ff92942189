#include "base/file_range.h"

#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace tw {

void read_file_range(const std::string& path, std::uint64_t offset, void* to, std::size_t bytes) {
  std::ifstream file;
  // Without a buffer the bytes go to their place in one step.
  file.rdbuf()->pubsetbuf(nullptr, 0);
  file.open(std::filesystem::path(std::u8string(path.begin(), path.end())), std::ios::binary);
  check(file.is_open(), Code::kUnavailable, "the file '", path, "' cannot be opened");
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(static_cast<char*>(to), static_cast<std::streamsize>(bytes));
  check(static_cast<std::size_t>(file.gcount()) == bytes, Code::kDataLoss, "the file has ",
        file.gcount(), " of ", bytes, " bytes from byte ", offset, " on");
}

}  // namespace tw
