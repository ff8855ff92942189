#include "base/crc32c.h"

#include <array>

namespace tw {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // reflected
constexpr int kSlices = 8;

using Tables = std::array<std::array<std::uint32_t, 256>, kSlices>;

// tables[k][byte]: what a byte adds that k others follow.
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (int k = 1; k < kSlices; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 255];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

}  // namespace

std::uint32_t crc32c(const void* data, std::size_t bytes) noexcept {
  const auto* p = static_cast<const unsigned char*>(data);
  std::uint32_t crc = 0xffffffff;
  for (; bytes >= kSlices; bytes -= kSlices, p += kSlices) {
    std::uint32_t sum = 0;
    for (int i = 0; i < 4; ++i) {
      sum ^= kTables[7 - i][((crc >> (8 * i)) ^ p[i]) & 255] ^ kTables[3 - i][p[4 + i]];
    }
    crc = sum;
  }
  for (; bytes > 0; --bytes, ++p) crc = kTables[0][(crc ^ *p) & 255] ^ (crc >> 8);
  return ~crc;
}

}  // namespace tw
