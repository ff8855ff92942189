#pragma once

#include <cstdint>

#include "tile/program.h"

namespace tw {

// What the interpreter of tile programs calls, per instruction set and domain. Internal to kernels.

struct TileOperand {
  const char* data;
  std::int64_t step;  // bytes to the next vector; 0: one vector, repeated
};
struct TileArgs {
  char* dst;
  TileOperand in[3];
  std::int64_t n;  // elements
  double immediate[2];
  bool failed;  // set, never cleared
};
// Each element is read before it is written, so dst may be an operand's memory.
using TileFn = void (*)(TileArgs&) noexcept;
// Converts n contiguous elements from a storage to registers or back.
using TileConvertFn = void (*)(void* to, const void* from, std::int64_t n) noexcept;
// Sets n elements (in whole vectors: room for that must be there) to one converted element.
using TileFillFn = void (*)(void* to, const void* from, std::int64_t n) noexcept;

struct TileDomainTable {
  const TileFn* code;           // by opcode; null: not in this domain
  const TileConvertFn* load;    // by storage
  const TileFillFn* fill;       // by storage
  const TileConvertFn* store;   // by storage
};

constexpr int kStorageCount = 14;

// The tables of the instruction set in force.
int tile_vector_bytes() noexcept;
const TileFn* tile_code_f32() noexcept;
const TileFn* tile_code_f64() noexcept;
const TileFn* tile_code_int(tile::Domain domain) noexcept;
TileDomainTable tile_conversions(tile::Domain domain) noexcept;  // without code
// Copies around the caches; to is aligned to the element only.
void tile_stream(void* to, const void* from, std::int64_t bytes) noexcept;
// Makes streamed elements visible to other threads.
void tile_stream_end() noexcept;

}  // namespace tw
