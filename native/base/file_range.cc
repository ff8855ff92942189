#include "base/file_range.h"

#ifdef __linux__
#include <sys/uio.h>
#endif

#include <filesystem>

#include "base/error.h"

namespace tw {

FileRange::FileRange(const std::string& path, std::uint64_t offset) : at_(offset) {
  // Without a buffer the bytes go to their place in one step.
  file_.rdbuf()->pubsetbuf(nullptr, 0);
  file_.open(std::filesystem::path(std::u8string(path.begin(), path.end())), std::ios::binary);
  check(file_.is_open(), Code::kUnavailable, "the file '", path, "' cannot be opened");
  file_.seekg(static_cast<std::streamoff>(offset));
}

void FileRange::read(void* to, std::size_t bytes) {
  file_.read(static_cast<char*>(to), static_cast<std::streamsize>(bytes));
  check(static_cast<std::size_t>(file_.gcount()) == bytes, Code::kDataLoss, "the file has ",
        file_.gcount(), " of ", bytes, " bytes from byte ", at_, " on");
  at_ += bytes;
}

std::size_t read_cached([[maybe_unused]] int file, [[maybe_unused]] std::uint64_t offset,
                        [[maybe_unused]] void* to, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__linux__) && defined(RWF_NOWAIT)
  const iovec part{to, bytes};
  const ssize_t got = preadv2(file, &part, 1, static_cast<off_t>(offset), RWF_NOWAIT);
  return got > 0 ? static_cast<std::size_t>(got) : 0;
#else
  return 0;
#endif
}

}  // namespace tw
