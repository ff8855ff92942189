#include "kernels/tile_table.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/tile_convert.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"

namespace tw::KERNEL_ISA {

struct TileHalf { uint16_t bits; };
struct TileBFloat { uint16_t bits; };
struct TileBool { uint8_t value; };

VEC_FN float decoded(TileHalf x) noexcept {
  return from_float16(splat<VecN<uint16_t, kLanes<float>>>(x.bits))[0];
}
VEC_FN float decoded(TileBFloat x) noexcept {
  return __builtin_bit_cast(float, uint32_t(x.bits) << 16);
}
VEC_FN uint8_t decoded(TileBool x) noexcept { return x.value != 0; }
template <class S>
VEC_FN S decoded(S x) noexcept { return x; }

// A C cast, but float to a narrow integer goes by int32, and nothing is undefined: what does not
// fit gives what the hardware gives.
template <class To, class From>
VEC_FN To cast_to(From x) noexcept {
  if constexpr (kIsFloat<From> && sizeof(To) < 4) return To(int32_t(x));
  return To(x);
}

// As many elements as one vector of T.
template <class T, class S>
VEC_FN Vec<T> load_block(const S* p) noexcept {
  if constexpr (std::is_same_v<S, TileHalf> || std::is_same_v<S, TileBFloat>) {
    using Bits = VecN<uint16_t, kLanes<float>>;
    if constexpr (std::is_same_v<T, float>) {
      const Bits bits = load<Bits>(&p->bits);
      if constexpr (std::is_same_v<S, TileHalf>) return from_float16(bits);
      return bits_as<float>(convert<uint32_t>(bits) << 16);
    } else {
      Vec<T> v;
      for (int i = 0; i < kLanes<T>; ++i) v[i] = cast_to<T>(decoded(p[i]));
      return v;
    }
  } else if constexpr (std::is_same_v<S, TileBool>) {
    using Bytes = VecN<uint8_t, kLanes<T>>;
    return convert<T>((load<Bytes>(&p->value) != 0) & 1);
  } else {
    return load_as<Vec<T>>(p);
  }
}
template <class T, class S>
VEC_FN void store_block(S* p, Vec<T> v) noexcept {
  if constexpr (std::is_same_v<S, TileHalf> || std::is_same_v<S, TileBFloat>) {
    const VecN<float, kLanes<T>> f = convert<float>(v);
    if constexpr (kLanes<T> == kLanes<float>) {
      if constexpr (std::is_same_v<S, TileHalf>) store_float16(&p->bits, f);
      else store_bfloat16(&p->bits, f);
    } else {
      Vec<float> wide{};
      uint16_t bits[kLanes<float>];
      __builtin_memcpy(&wide, &f, sizeof(f));
      if constexpr (std::is_same_v<S, TileHalf>) store_float16(bits, wide);
      else store_bfloat16(bits, wide);
      __builtin_memcpy(p, bits, sizeof(uint16_t) * kLanes<T>);
    }
  } else if constexpr (std::is_same_v<S, TileBool>) {
    const VecN<uint8_t, kLanes<T>> ones = convert<uint8_t>((v != T(0)) & 1);
    store(&p->value, ones);
  } else if constexpr (kIsFloat<T> && !kIsFloat<S> && sizeof(S) < 4) {
    store_as<S>(p, convert<int32_t>(v));
  } else {
    store_as<S>(p, v);
  }
}

template <class T, class S>
static void tile_load(void* to, const void* from, int64_t n) noexcept {
  constexpr int64_t L = kLanes<T>;
  T* t = static_cast<T*>(to);
  const S* s = static_cast<const S*>(from);
  int64_t i = 0;
  for (; i + L <= n; i += L) store(t + i, load_block<T>(s + i));
  if (i < n) {
    S last[L] = {};
    __builtin_memcpy(last, s + i, size_t(n - i) * sizeof(S));
    store_partial(t + i, load_block<T>(last), n - i);
  }
}
template <class T, class S>
static void tile_fill(void* to, const void* from, int64_t n) noexcept {
  const Vec<T> v = splat<Vec<T>>(cast_to<T>(decoded(*static_cast<const S*>(from))));
  for (int64_t i = 0; i < n; i += kLanes<T>) store(static_cast<T*>(to) + i, v);
}
template <class T, class S>
static void tile_store(void* to, const void* from, int64_t n) noexcept {
  constexpr int64_t L = kLanes<T>;
  S* s = static_cast<S*>(to);
  const T* t = static_cast<const T*>(from);
  int64_t i = 0;
  for (; i + L <= n; i += L) store_block<T>(s + i, load<Vec<T>>(t + i));
  if (i < n) {
    S last[L];
    store_block<T>(last, load_partial<Vec<T>>(t + i, n - i));
    __builtin_memcpy(s + i, last, size_t(n - i) * sizeof(S));
  }
}

struct TileConversions {
  TileConvertFn load[kStorageCount];
  TileFillFn fill[kStorageCount];
  TileConvertFn store[kStorageCount];
};
template <class T, class S>
static constexpr void add_storage(TileConversions& c, tile::Storage storage) noexcept {
  c.load[int(storage)] = tile_load<T, S>;
  c.fill[int(storage)] = tile_fill<T, S>;
  c.store[int(storage)] = tile_store<T, S>;
}
template <class T>
static constexpr TileConversions conversions_of() noexcept {
  using tile::Storage;
  TileConversions c{};
  add_storage<T, float>(c, Storage::kFloat32);
  add_storage<T, double>(c, Storage::kFloat64);
  add_storage<T, TileHalf>(c, Storage::kFloat16);
  add_storage<T, TileBFloat>(c, Storage::kBFloat16);
  add_storage<T, int8_t>(c, Storage::kInt8);
  add_storage<T, int16_t>(c, Storage::kInt16);
  add_storage<T, int32_t>(c, Storage::kInt32);
  add_storage<T, int64_t>(c, Storage::kInt64);
  add_storage<T, uint8_t>(c, Storage::kUint8);
  add_storage<T, uint16_t>(c, Storage::kUint16);
  add_storage<T, uint32_t>(c, Storage::kUint32);
  add_storage<T, uint64_t>(c, Storage::kUint64);
  add_storage<T, TileBool>(c, Storage::kBool);
  return c;
}

template <class T>
static TileDomainTable table_of() noexcept {
  static constexpr TileConversions kTable = conversions_of<T>();
  return {nullptr, kTable.load, kTable.fill, kTable.store};
}
static TileDomainTable conversions(tile::Domain domain) noexcept {
  switch (domain) {
    case tile::Domain::kF32: return table_of<float>();
    case tile::Domain::kF64: return table_of<double>();
    case tile::Domain::kI32: return table_of<int32_t>();
    case tile::Domain::kI64: return table_of<int64_t>();
    case tile::Domain::kU32: return table_of<uint32_t>();
    case tile::Domain::kU64: break;
  }
  return table_of<uint64_t>();
}

static void stream(void* to, const void* from, int64_t bytes) noexcept {
  using V = Vec<uint8_t>;
  auto* t = static_cast<uint8_t*>(to);
  const auto* f = static_cast<const uint8_t*>(from);
  const int64_t head = int64_t(-reinterpret_cast<uintptr_t>(t) & (KERNEL_BYTES - 1));
  if (head >= bytes) {
    std::memcpy(t, f, size_t(bytes));
    return;
  }
  std::memcpy(t, f, size_t(head));
  int64_t i = head;
  for (; i + KERNEL_BYTES <= bytes; i += KERNEL_BYTES) store_stream(t + i, load<V>(f + i));
  std::memcpy(t + i, f + i, size_t(bytes - i));
}
static void fence() noexcept { stream_fence(); }
static int vector_bytes() noexcept { return KERNEL_BYTES; }

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

int tile_vector_bytes() noexcept { return KERNEL_SELECT(vector_bytes)(); }
TileDomainTable tile_conversions(tile::Domain domain) noexcept {
  return KERNEL_SELECT(conversions)(domain);
}
void tile_stream(void* to, const void* from, std::int64_t bytes) noexcept {
  KERNEL_SELECT(stream)(to, from, bytes);
}
void tile_stream_end() noexcept { KERNEL_SELECT(fence)(); }

}  // namespace tw
#endif
