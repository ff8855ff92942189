#include <utility>

#include "kernels/copy_loops.h"

#define KERNEL_FILE "kernels/transpose.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"

namespace tw::KERNEL_ISA {

// The even (kHigh = 0) or odd halves of each 16 bytes of a and b, taken in turn: one unpack
// instruction.
template <int kHigh, class V, std::size_t... I>
static VEC_FN V interleave(V a, V b, std::index_sequence<I...>) noexcept {
  constexpr std::size_t kPer = 16 / sizeof(Lane<V>), kAll = sizeof...(I);
  return __builtin_shufflevector(
      a, b, (I / kPer * kPer + kHigh * kPer / 2 + I % kPer / 2 + (I % 2) * kAll)...);
}
template <int kHigh, class V>
static VEC_FN V interleave(V a, V b) noexcept {
  return interleave<kHigh>(a, b, std::make_index_sequence<kLanesOf<V>>());
}

// Transposes the kP x kP elements in each 16 bytes of kP vectors.
template <int kStage = 1, class V, int kP>
static VEC_FN void transpose_lanes(V (&v)[kP]) noexcept {
  if constexpr (kStage < kP) {
    V t[kP];
#pragma GCC unroll 16
    for (int i = 0; i < kP / 2; ++i) {
      t[2 * i] = interleave<0>(v[i], v[i + kP / 2]);
      t[2 * i + 1] = interleave<1>(v[i], v[i + kP / 2]);
    }
    transpose_lanes<2 * kStage>(t);
#pragma GCC unroll 16
    for (int i = 0; i < kP; ++i) v[i] = t[i];
  }
}

template <class V, class Half, std::size_t... I>
static VEC_FN V joined(Half a, Half b, std::index_sequence<I...>) noexcept {
  return __builtin_shufflevector(a, b, I...);
}

// A vector of 16 bytes from each of the rows 0, row_step, ... from p on.
template <class V>
static VEC_FN V load_rows(const char* p, std::int64_t row_step) noexcept {
  if constexpr (sizeof(V) == 16) {
    V v;
    __builtin_memcpy(&v, p, 16);
    return v;
  } else {
    using Half = VecBytes<Lane<V>, sizeof(V) / 2>;
    return joined<V>(load_rows<Half>(p, row_step),
                     load_rows<Half>(p + sizeof(V) / 32 * row_step, row_step),
                     std::make_index_sequence<kLanesOf<V>>());
  }
}

// The even (kOdd = 0) or odd 16 byte lanes of a and b, one after the other.
template <int kOdd, class V, std::size_t... I>
static VEC_FN V alternate_lanes(V a, V b, std::index_sequence<I...>) noexcept {
  constexpr std::size_t kPer = 16 / sizeof(Lane<V>);
  return __builtin_shufflevector(a, b, (I / kPer * 2 * kPer + kOdd * kPer + I % kPer)...);
}
template <int kOdd, class V>
static VEC_FN V alternate_lanes(V a, V b) noexcept {
  return alternate_lanes<kOdd>(a, b, std::make_index_sequence<kLanesOf<V>>());
}

// Transposes the kL lanes of 16 bytes of kL vectors.
template <int kStage = 1, class V, int kL>
static VEC_FN void swap_lanes(V (&v)[kL]) noexcept {
  if constexpr (kStage < kL) {
    V t[kL];
#pragma GCC unroll 4
    for (int i = 0; i < kL / 2; ++i) {
      t[i] = alternate_lanes<0>(v[2 * i], v[2 * i + 1]);
      t[i + kL / 2] = alternate_lanes<1>(v[2 * i], v[2 * i + 1]);
    }
    swap_lanes<2 * kStage>(t);
#pragma GCC unroll 4
    for (int i = 0; i < kL; ++i) v[i] = t[i];
  }
}

struct CachedStore {
  template <class V>
  static VEC_FN void apply(char* p, V v) noexcept { __builtin_memcpy(p, &v, sizeof(V)); }
};
struct StreamStore {
  template <class V>
  static VEC_FN void apply(char* p, V v) noexcept {
    if (sizeof(V) == KERNEL_BYTES && (reinterpret_cast<std::uintptr_t>(p) & (sizeof(V) - 1)) == 0) {
      store_stream(reinterpret_cast<Lane<V>*>(p), v);
    } else {
      CachedStore::apply(p, v);
    }
  }
};

// kRows rows of the source, kColumns of each, become kColumns vectors of the target. Elements of 4
// bytes and more: each row is read by one whole vector, because rows that lie a power of two apart
// would push each other out of the cache before the rest of a line is asked for.
template <class T, int kBytes, class Store>
struct Block {
  using V = VecBytes<T, kBytes>;
  static constexpr int kP = 16 / int(sizeof(T)), kL = kBytes / 16;
  static constexpr int kRows = kP * kL;
  static constexpr bool kSquare = sizeof(T) >= 4;
  static constexpr int kColumns = kSquare ? kRows : kP;

  static VEC_FN void apply(char* to, std::int64_t to_step, const char* from,
                           std::int64_t from_step) noexcept {
    if constexpr (kSquare) {
      square(to, to_step, from, from_step);
    } else {
      strip(to, to_step, from, from_step, kP);
    }
  }

  // 16 bytes of each row, of which the first `columns` elements are kept.
  static VEC_FN void strip(char* to, std::int64_t to_step, const char* from,
                           std::int64_t from_step, std::int64_t columns) noexcept {
    V v[kP];
#pragma GCC unroll 16
    for (int r = 0; r < kP; ++r) v[r] = load_rows<V>(from + r * from_step, kP * from_step);
    transpose_lanes(v);
#pragma GCC unroll 16
    for (int c = 0; c < kP; ++c) {
      if (c < columns) Store::apply(to + c * to_step, v[c]);
    }
  }

  static VEC_FN void square(char* to, std::int64_t to_step, const char* from,
                            std::int64_t from_step) noexcept {
    V v[kP][kL];
#pragma GCC unroll 16
    for (int r = 0; r < kP; ++r) {
#pragma GCC unroll 16
      for (int l = 0; l < kL; ++l) {
        __builtin_memcpy(&v[r][l], from + (l * kP + r) * from_step, sizeof(V));
      }
      swap_lanes(v[r]);
    }
#pragma GCC unroll 16
    for (int l = 0; l < kL; ++l) {
      V w[kP];
#pragma GCC unroll 16
      for (int r = 0; r < kP; ++r) w[r] = v[r][l];
      transpose_lanes(w);
#pragma GCC unroll 16
      for (int c = 0; c < kP; ++c) Store::apply(to + (l * kP + c) * to_step, w[c]);
    }
  }
};

static CopyAxis shifted(const CopyAxis& axis, std::int64_t first) noexcept {
  return {axis.size - first, axis.to, axis.from};
}

template <class T>
static void by_elements(char* to, const char* from, const CopyAxis& outer,
                        const CopyAxis& inner) noexcept {
  for (std::int64_t i = 0; i < outer.size; ++i) {
    char* row = to + i * outer.to;
    const char* column = from + i * outer.from;
    for (std::int64_t k = 0; k < inner.size; ++k) {
      __builtin_memcpy(row + k * inner.to, column + k * inner.from, sizeof(T));
    }
  }
}

// Blocks of 64 x 64 bytes, so that whole cache lines are read and written. The last ones are moved
// back to fit, and overlap. Blocks follow the source's rows, as streams that the hardware
// prefetches.
template <class T, class B>
static void by_blocks(char* to, const char* from, const CopyAxis& outer,
                      const CopyAxis& inner) noexcept {
  constexpr std::int64_t kSide = 64 / sizeof(T), kBytes = sizeof(T);
  const std::int64_t columns = outer.size, rows = inner.size;
  for (std::int64_t k0 = 0; k0 < rows; k0 += kSide) {
    const std::int64_t k1 = k0 + kSide < rows ? k0 + kSide : rows;
    for (std::int64_t i = 0; i < columns; i += B::kColumns) {
      const std::int64_t ii = i + B::kColumns <= columns ? i : columns - B::kColumns;
      for (std::int64_t k = k0; k < k1; k += B::kRows) {
        const std::int64_t kk = k + B::kRows <= rows ? k : rows - B::kRows;
        B::apply(to + ii * outer.to + kk * kBytes, outer.to, from + ii * kBytes + kk * inner.from,
                 inner.from);
      }
    }
  }
}

// Fewer columns than 16 bytes hold (pixels to planes): reads run over into the next row.
template <class T>
static void few_columns(char* to, const char* from, const CopyAxis& outer,
                        const CopyAxis& inner) noexcept {
  using B = Block<T, KERNEL_BYTES, CachedStore>;
  constexpr std::int64_t kBytes = sizeof(T);
  const std::int64_t end = (inner.size - 1) * inner.from + outer.size * kBytes;
  std::int64_t k = 0;
  for (; k + B::kRows <= inner.size && (k + B::kRows - 1) * inner.from + 16 <= end; k += B::kRows) {
    B::strip(to + k * kBytes, outer.to, from + k * inner.from, inner.from, outer.size);
  }
  by_elements<T>(to + k * kBytes, from + k * inner.from, outer, shifted(inner, k));
}

// Fewer rows than 16 bytes hold (planes to pixels), pixels without gaps: what a store writes beyond
// its pixel is overwritten by the next.
template <class T>
static void few_rows(char* to, const char* from, const CopyAxis& outer,
                     const CopyAxis& inner) noexcept {
  using V = VecBytes<T, 16>;
  constexpr int kP = 16 / int(sizeof(T));
  const std::int64_t end = outer.size * outer.to;
  std::int64_t i = 0;
  for (; i + kP <= outer.size && (i + kP - 1) * outer.to + 16 <= end; i += kP) {
    V v[kP];
#pragma GCC unroll 16
    for (int r = 0; r < kP; ++r) {
      const std::int64_t row = r < inner.size ? r : 0;
      __builtin_memcpy(&v[r], from + i * std::int64_t(sizeof(T)) + row * inner.from, 16);
    }
    transpose_lanes(v);
#pragma GCC unroll 16
    for (int c = 0; c < kP; ++c) CachedStore::apply(to + (i + c) * outer.to, v[c]);
  }
  by_elements<T>(to + i * outer.to, from + i * outer.from, shifted(outer, i), inner);
}

template <class T, class Store>
static void transpose(char* to, const char* from, const CopyAxis& outer,
                      const CopyAxis& inner) noexcept {
  using Wide = Block<T, KERNEL_BYTES, Store>;
  using Narrow = Block<T, 16, CachedStore>;
  constexpr std::int64_t kP = 16 / sizeof(T);
  if (outer.size >= Wide::kColumns && inner.size >= Wide::kRows) {
    by_blocks<T, Wide>(to, from, outer, inner);
    stream_fence();
  } else if (outer.size >= kP && inner.size >= kP) {
    by_blocks<T, Narrow>(to, from, outer, inner);
  } else if (outer.size < kP && inner.from >= outer.size * std::int64_t(sizeof(T))) {
    few_columns<T>(to, from, outer, inner);
  } else if (inner.size < kP && outer.to == inner.size * std::int64_t(sizeof(T))) {
    few_rows<T>(to, from, outer, inner);
  } else {
    by_elements<T>(to, from, outer, inner);
  }
}

template <class Store>
static CopyLoop transpose_of(std::int64_t bytes) noexcept {
  switch (bytes) {
    case 1: return transpose<std::uint8_t, Store>;
    case 2: return transpose<std::uint16_t, Store>;
    case 4: return transpose<std::uint32_t, Store>;
    case 8: return transpose<std::uint64_t, Store>;
    default: return by_elements<VecBytes<std::uint64_t, 16>>;
  }
}
static CopyLoop transposed(std::int64_t bytes, bool stream) noexcept {
  return stream ? transpose_of<StreamStore>(bytes) : transpose_of<CachedStore>(bytes);
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

CopyLoop copy_transposed(std::int64_t element_bytes, bool stream) noexcept {
  return KERNEL_SELECT(transposed)(element_bytes, stream);
}

}  // namespace tw
#endif
