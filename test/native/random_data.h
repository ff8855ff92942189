#pragma once

#include <cstdint>
#include <vector>

namespace tw::test {

// Values in [-1, 1) that depend on the seed alone.
template <class T>
std::vector<T> random_values(std::int64_t count, std::uint32_t seed) {
  std::vector<T> values(static_cast<std::size_t>(count));
  std::uint32_t state = seed * 2654435761u + 1;
  for (T& v : values) {
    state = state * 1664525u + 1013904223u;
    v = static_cast<T>((state >> 8) / 8388608.0 - 1.0);
  }
  return values;
}

}  // namespace tw::test
