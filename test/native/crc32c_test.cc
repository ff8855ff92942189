#include "base/crc32c.h"

#include <string>
#include <vector>

#include "test.h"

namespace tw {
namespace {

// The vectors of RFC 3720, B.4, and the check value of the catalogue of CRC algorithms.
TEST("crc32c: published values") {
  std::vector<unsigned char> bytes(32, 0);
  EXPECT(crc32c(bytes.data(), 32) == 0x8a9136aau);
  bytes.assign(32, 0xff);
  EXPECT(crc32c(bytes.data(), 32) == 0x62a8ab43u);
  for (int i = 0; i < 32; ++i) bytes[static_cast<std::size_t>(i)] = static_cast<unsigned char>(i);
  EXPECT(crc32c(bytes.data(), 32) == 0x46dd794eu);
  for (int i = 0; i < 32; ++i) bytes[static_cast<std::size_t>(i)] = static_cast<unsigned char>(31 - i);
  EXPECT(crc32c(bytes.data(), 32) == 0x113fdb5cu);
  const std::string digits = "123456789";
  EXPECT(crc32c(digits.data(), digits.size()) == 0xe3069283u);
  EXPECT(crc32c(nullptr, 0) == 0u);
}

}  // namespace
}  // namespace tw
