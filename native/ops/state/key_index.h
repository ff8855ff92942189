#pragma once

#include <bit>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <type_traits>

namespace tw {

// Places of keys in an array, found by hashing with open addressing. The slots are an array of the
// caller, so that an index can be kept in a tensor.
constexpr std::int64_t kNoPlace = -1;

// At least twice as many as keys, a power of two.
constexpr std::int64_t slots_for(std::int64_t keys) noexcept {
  return static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(2 * keys + 2)));
}

template <class K>
class KeyIndex {
 public:
  // slots.size() is a power of two, more than there are keys; all kNoPlace at first.
  KeyIndex(std::span<std::int64_t> slots, const K* keys) : slots_(slots), keys_(keys) {}

  // The place of an equal key, or kNoPlace. NaN equals NaN, zeros of both signs are equal.
  std::int64_t find(const K& key) const { return slots_[slot_of(key)]; }
  // Notes that keys[place] is there; gives the place of an equal key that was there before it.
  std::int64_t add(std::int64_t place) {
    std::int64_t& slot = slots_[slot_of(keys_[place])];
    if (slot != kNoPlace) return slot;
    slot = place;
    return kNoPlace;
  }

 private:
  static bool equal(const K& a, const K& b) {
    if constexpr (std::is_floating_point_v<K>) {
      if (a != a) return b != b;
    }
    return a == b;
  }

  static std::uint64_t hash(const K& key) {
    std::uint64_t bits;
    if constexpr (std::is_floating_point_v<K>) {
      const double wide = key != key ? 0.5 : static_cast<double>(key) + 0.0;
      bits = std::bit_cast<std::uint64_t>(wide == 0 ? 0.0 : wide);
    } else if constexpr (std::is_integral_v<K>) {
      bits = static_cast<std::uint64_t>(key);
    } else {
      bits = std::hash<K>()(key);
    }
    bits = (bits ^ (bits >> 32)) * 0x9e3779b97f4a7c15u;
    return bits ^ (bits >> 29);
  }

  // Of an equal key, else the free one where it belongs.
  std::size_t slot_of(const K& key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = static_cast<std::size_t>(hash(key)) & mask;
    while (slots_[at] != kNoPlace && !equal(keys_[slots_[at]], key)) at = (at + 1) & mask;
    return at;
  }

  const std::span<std::int64_t> slots_;
  const K* const keys_;
};

}  // namespace tw
