#include "tensor/slab.h"

#include <cstdint>
#include <cstring>
#include <vector>

#include "tensor/allocator.h"
#include "test.h"

namespace tw::test {
namespace {

std::uintptr_t place_of(const BufferRef& block) {
  return reinterpret_cast<std::uintptr_t>(block->data());
}

TEST("blocks of a slab lie side by side and do not overlap") {
  std::vector<BufferRef> blocks;
  const std::size_t sizes[] = {100, 64 << 10, (1 << 20) + 4, 1 << 20, 3 << 20, 300'000};
  for (int round = 0; round < 12; ++round) {
    for (const std::size_t bytes : sizes) {
      blocks.push_back(allocate_beside(bytes));
      EXPECT(place_of(blocks.back()) % kAlignment == 0u);
      EXPECT(blocks.back()->bytes() >= bytes);
      std::memset(blocks.back()->data(), static_cast<int>(blocks.size()), blocks.back()->bytes());
    }
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto* const bytes = static_cast<const unsigned char*>(blocks[i]->data());
    EXPECT(int{bytes[0]} == static_cast<int>(i + 1));
    EXPECT(int{bytes[blocks[i]->bytes() - 1]} == static_cast<int>(i + 1));
  }
  const BufferRef first = allocate_beside(1 << 10), second = allocate_beside(1 << 10);
  EXPECT(place_of(second) - place_of(first) == std::uintptr_t{1} << 10);
}

TEST("the memory of a slab goes back with its last block") {
  const std::size_t before = heap_allocator().stats().live_bytes;
  {
    std::vector<BufferRef> blocks;
    for (int i = 0; i < 40; ++i) blocks.push_back(allocate_beside(1 << 20));
    EXPECT(heap_allocator().stats().live_bytes >= before + (std::size_t{40} << 20));
    blocks.erase(blocks.begin(), blocks.begin() + 39);
    const BufferRef beside = allocate_beside(1 << 20);
    EXPECT(place_of(beside) - place_of(blocks.back()) == std::uintptr_t{1} << 20);
    EXPECT(heap_allocator().stats().live_bytes == before + (std::size_t{16} << 20));
  }
  EXPECT(heap_allocator().stats().live_bytes == before);
}

}  // namespace
}  // namespace tw::test
