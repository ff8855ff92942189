#pragma once

#include <vector>

#include "kernels/tile_program.h"
#include "test.h"

namespace tw::test {

inline TileSpace flat(std::int64_t n) { return {1, {n}}; }

template <class T>
std::vector<T> ramp(std::size_t n, double start, double step) {
  std::vector<T> v(n);
  for (std::size_t i = 0; i < n; ++i) v[i] = static_cast<T>(start + step * static_cast<double>(i));
  return v;
}

// y = f(x) over contiguous elements.
template <class T>
std::vector<T> unary(tile::Opcode op, tile::Storage storage, const std::vector<T>& x, double i0 = 0,
                     double i1 = 0) {
  tile::Builder b(tile::domain_of(storage));
  b.add_output(b.emit(op, b.add_input(storage), {}, {}, i0, i1), storage);
  std::vector<T> y(x.size());
  const TileInput in = {x.data(), {1}};
  void* out = y.data();
  const auto n = static_cast<std::int64_t>(x.size());
  EXPECT(run_tile_program(*b.finish(), flat(n), &in, &out, 0, n, false));
  return y;
}
template <class T>
std::vector<T> binary(tile::Opcode op, tile::Storage storage, std::vector<T> x, std::vector<T> z,
                      bool* ok = nullptr) {
  tile::Builder b(tile::domain_of(storage));
  const tile::Value p = b.add_input(storage), q = b.add_input(storage);
  b.add_output(b.emit(op, p, q), storage);
  std::vector<T> y(x.size());
  const TileInput in[] = {{x.data(), {1}}, {z.data(), {1}}};
  void* out = y.data();
  const auto n = static_cast<std::int64_t>(x.size());
  const bool fine = run_tile_program(*b.finish(), flat(n), in, &out, 0, n, false);
  if (ok != nullptr) *ok = fine;
  return y;
}

}  // namespace tw::test
