#pragma once

#include <cstddef>
#include <cstdint>

namespace tw {

// The CRC-32C (Castagnoli) of bytes.
std::uint32_t crc32c(const void* data, std::size_t bytes) noexcept;

}  // namespace tw
