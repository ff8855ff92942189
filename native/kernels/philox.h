#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace tw {

// Philox4x32-10: block number b of a stream is four words made of (key, stream, counter + b).
struct Philox {
  std::uint64_t key = 0, stream = 0, counter = 0;
};

// Words of blocks [first, first + blocks), four each, in their order.
void philox_words(const Philox& random, std::int64_t first, std::int64_t blocks,
                  std::uint32_t* out) noexcept;

// Elements come in groups of one block: 4 of up to 32 bits, 2 of 64 bits. All functions below
// write elements [first, first + n) of the sequence, first a multiple of 4, and give the same bits
// on every instruction set and for every split.

// Floating: [0, 1), in steps of the dtype's precision.
void random_uniform(const Philox& random, DType dtype, std::int64_t first, std::int64_t n,
                    void* out) noexcept;
// Floating: mean 0, deviation 1, by Box and Muller's method.
void random_normal(const Philox& random, DType dtype, std::int64_t first, std::int64_t n,
                   void* out) noexcept;
// As random_normal, drawing again while the size is 2 or more. Takes 256 blocks for each group.
void truncated_normal(const Philox& random, DType dtype, std::int64_t first, std::int64_t n,
                      void* out) noexcept;
// int32 and int64: low + word modulo (high - low).
void random_integers(const Philox& random, DType dtype, std::int64_t low, std::int64_t high,
                     std::int64_t first, std::int64_t n, void* out) noexcept;

}  // namespace tw
