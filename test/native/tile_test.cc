#include "kernels/tile_program.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "test.h"

namespace tw {
namespace {

using tile::Builder;
using tile::Domain;
using tile::ProgramRef;
using tile::Storage;
using tile::Value;

TileSpace flat(std::int64_t n) { return {1, {n}}; }

template <class T>
std::vector<T> ramp(std::size_t n, double start, double step) {
  std::vector<T> v(n);
  for (std::size_t i = 0; i < n; ++i) v[i] = static_cast<T>(start + step * static_cast<double>(i));
  return v;
}

// y = f(x) over contiguous elements.
template <class T>
std::vector<T> unary(tile::Opcode op, Storage storage, const std::vector<T>& x, double i0 = 0,
                     double i1 = 0) {
  Builder b(tile::domain_of(storage));
  b.add_output(b.emit(op, b.add_input(storage), {}, {}, i0, i1), storage);
  std::vector<T> y(x.size());
  const TileInput in = {x.data(), {1}};
  void* out = y.data();
  const auto n = static_cast<std::int64_t>(x.size());
  EXPECT(run_tile_program(*b.finish(), flat(n), &in, &out, 0, n, false));
  return y;
}
template <class T>
std::vector<T> binary(tile::Opcode op, Storage storage, std::vector<T> x, std::vector<T> z,
                      bool* ok = nullptr) {
  Builder b(tile::domain_of(storage));
  const Value p = b.add_input(storage), q = b.add_input(storage);
  b.add_output(b.emit(op, p, q), storage);
  std::vector<T> y(x.size());
  const TileInput in[] = {{x.data(), {1}}, {z.data(), {1}}};
  void* out = y.data();
  const auto n = static_cast<std::int64_t>(x.size());
  const bool fine = run_tile_program(*b.finish(), flat(n), in, &out, 0, n, false);
  if (ok != nullptr) *ok = fine;
  return y;
}

TEST("tile: a chain over every length around the vector and the tile") {
  for (std::size_t n : {0, 1, 3, 15, 16, 17, 63, 255, 256, 511, 512, 513, 1030, 5000}) {
    const auto x = ramp<float>(n, -2, 0.01), z = ramp<float>(n, 1, 0.5);
    Builder b(Domain::kF32);
    const Value p = b.add_input(Storage::kFloat32), q = b.add_input(Storage::kFloat32);
    const Value sum = b.emit(tile::kAdd, p, b.constant(3));
    b.add_output(b.emit(tile::kMul, b.emit(tile::kRelu, sum), q), Storage::kFloat32);
    std::vector<float> y(n + 1, 77.0f);
    const TileInput in[] = {{x.data(), {1}}, {z.data(), {1}}};
    void* out = y.data();
    const auto count = static_cast<std::int64_t>(n);
    EXPECT(run_tile_program(*b.finish(), flat(count), in, &out, 0, count, n == 5000));
    for (std::size_t i = 0; i < n; ++i) EXPECT(y[i] == std::max(x[i] + 3, 0.0f) * z[i]);
    EXPECT(y[n] == 77.0f);
  }
}

// Broadcasts of two operands, against an odometer.
void check_broadcast(const std::vector<std::int64_t>& dims, const std::vector<bool>& a_has,
                     const std::vector<bool>& b_has) {
  const int rank = static_cast<int>(dims.size());
  TileSpace space{rank, {}};
  TileInput in[3] = {};
  std::int64_t sizes[2] = {1, 1}, total = 1;
  for (int d = rank - 1; d >= 0; --d) {
    const auto at = static_cast<std::size_t>(d);
    space.dims[d] = dims[at];
    const bool has[2] = {a_has[at], b_has[at]};
    for (int k = 0; k < 2; ++k) {
      in[k].strides[d] = has[k] ? sizes[k] : 0;
      if (has[k]) sizes[k] *= dims[at];
    }
    in[2].strides[d] = total;
    total *= dims[at];
  }
  const auto a = ramp<float>(static_cast<std::size_t>(sizes[0]), 1, 1);
  const auto b = ramp<double>(static_cast<std::size_t>(sizes[1]), 0.5, 2);
  const auto c = ramp<float>(static_cast<std::size_t>(total), 0, 3);
  in[0].data = a.data(), in[1].data = b.data(), in[2].data = c.data();
  const TileInput unmerged[2] = {in[0], in[1]};
  const TileSpace whole = space;
  merge_dims(space, in, 3);
  Builder builder(Domain::kF32);
  const Value p = builder.add_input(Storage::kFloat32), q = builder.add_input(Storage::kFloat64);
  const Value r = builder.add_input(Storage::kFloat32);
  const Value difference = builder.emit(tile::kSub, p, q);
  builder.add_output(builder.emit(tile::kAdd, difference, r), Storage::kFloat32);
  std::vector<float> y(static_cast<std::size_t>(total));
  void* out = y.data();
  const ProgramRef program = builder.finish();
  // In three pieces, which begin in the middle of rows.
  const std::int64_t cuts[] = {0, total / 3, total / 3 + (total > 0), total};
  for (int i = 0; i < 3; ++i) {
    EXPECT(run_tile_program(*program, space, in, &out, cuts[i], cuts[i + 1], false));
  }
  for (std::int64_t i = 0; i < total; ++i) {
    std::int64_t rest = i, ia = 0, ib = 0;
    for (int d = rank - 1; d >= 0; --d) {
      ia += rest % whole.dims[d] * unmerged[0].strides[d];
      ib += rest % whole.dims[d] * unmerged[1].strides[d];
      rest /= whole.dims[d];
    }
    const float difference =
        a[static_cast<std::size_t>(ia)] - static_cast<float>(b[static_cast<std::size_t>(ib)]);
    const float expected = difference + c[static_cast<std::size_t>(i)];
    EXPECT(y[static_cast<std::size_t>(i)] == expected);
  }
}

TEST("tile: broadcast operands") {
  const bool T = true, F = false;
  check_broadcast({40, 700}, {T, T}, {F, T});
  check_broadcast({40, 700}, {T, F}, {F, T});
  check_broadcast({900, 3}, {T, T}, {F, T});
  check_broadcast({900, 3}, {T, F}, {F, T});
  check_broadcast({5, 7, 11, 13}, {T, F, T, F}, {F, T, F, T});
  check_broadcast({2, 64, 49}, {T, T, T}, {F, T, F});
  check_broadcast({2, 1, 3, 1}, {T, F, T, T}, {T, T, F, F});
  check_broadcast({1, 1}, {F, F}, {T, T});
  check_broadcast({4, 0, 3}, {T, T, T}, {F, T, F});
  check_broadcast({6, 300}, {F, F}, {T, T});
}

TEST("tile: merging dims of broadcast operands") {
  TileSpace space{4, {2, 3, 4, 5}};
  TileInput in[2] = {{nullptr, {60, 20, 5, 1}}, {nullptr, {0, 0, 5, 1}}};
  merge_dims(space, in, 2);
  EXPECT(space.rank == 2 && space.dims[0] == 6 && space.dims[1] == 20);
  EXPECT(in[1].strides[0] == 0 && in[1].strides[1] == 1 && in[0].strides[0] == 20);
}

TEST("tile: outputs over their inputs") {
  auto x = ramp<float>(1500, -3, 0.01);
  const auto before = x;
  Builder b(Domain::kF32);
  const Value p = b.add_input(Storage::kFloat32);
  const Value square = b.emit(tile::kSquare, p);
  b.add_output(square, Storage::kFloat32);
  b.add_output(b.emit(tile::kAdd, square, p), Storage::kFloat32);
  std::vector<float> second(x.size());
  const TileInput in = {x.data(), {1}};
  void* out[] = {x.data(), second.data()};
  EXPECT(run_tile_program(*b.finish(), flat(1500), &in, out, 0, 1500, false));
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT(x[i] == before[i] * before[i] && second[i] == x[i] + before[i]);
  }
}

TEST("tile: inputs and constants as outputs, one value twice") {
  const auto x = ramp<std::int32_t>(100, -50, 1);
  Builder b(Domain::kI32);
  const Value p = b.add_input(Storage::kInt32), n = b.emit(tile::kNeg, p);
  b.add_output(p, Storage::kInt8);
  b.add_output(b.constant_integer(7), Storage::kInt32);
  b.add_output(n, Storage::kInt32);
  b.add_output(n, Storage::kBool);
  std::vector<std::int8_t> y0(100);
  std::vector<std::int32_t> y1(100), y2(100);
  std::vector<std::uint8_t> y3(100);
  const TileInput in = {x.data(), {1}};
  void* out[] = {y0.data(), y1.data(), y2.data(), y3.data()};
  EXPECT(run_tile_program(*b.finish(), flat(100), &in, out, 0, 100, false));
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT(y0[i] == x[i] && y1[i] == 7 && y2[i] == -x[i] && y3[i] == (x[i] != 0));
  }
}

TEST("tile: registers are reused, and too many live values are refused") {
  Builder chain(Domain::kF32);
  Value v = chain.add_input(Storage::kFloat32);
  for (int i = 0; i < 1000; ++i) v = chain.emit(tile::kAdd, v, chain.constant(i));
  chain.emit(tile::kExp, v);  // dead
  chain.add_output(v, Storage::kFloat32);
  const ProgramRef program = chain.finish();
  EXPECT(program->registers <= 2 && program->code.size() == 1001);
  Builder wide(Domain::kF32);
  std::vector<Value> live;
  for (int i = 0; i < 20; ++i) {
    live.push_back(wide.emit(tile::kNeg, wide.add_input(Storage::kFloat32)));
  }
  Value sum = live[0];
  for (int i = 1; i < 20; ++i) sum = wide.emit(tile::kAdd, sum, live[static_cast<std::size_t>(i)]);
  wide.add_output(sum, Storage::kFloat32);
  EXPECT(wide.finish() == nullptr);
}

TEST("tile: integer division, wrapping and its failures") {
  using I = std::int32_t;
  const I least = std::numeric_limits<I>::min();
  const std::vector<I> a = {7, -7, 7, -7, least, 5, 9, -9, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  std::vector<I> b = {2, 2, -2, -2, -1, 5, 4, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  bool ok = false;
  const auto q = binary(tile::kDiv, Storage::kInt32, a, b, &ok);
  EXPECT(ok && q[0] == 3 && q[1] == -3 && q[2] == -3 && q[3] == 3 && q[4] == least);
  const auto f = binary(tile::kFloorDiv, Storage::kInt32, a, b, &ok);
  EXPECT(ok && f[0] == 3 && f[1] == -4 && f[2] == -4 && f[3] == 3 && f[4] == least);
  const auto m = binary(tile::kFloorMod, Storage::kInt32, a, b, &ok);
  EXPECT(ok && m[0] == 1 && m[1] == 1 && m[2] == -1 && m[3] == -1 && m[4] == 0);
  const auto r = binary(tile::kMod, Storage::kInt32, a, b, &ok);
  EXPECT(ok && r[1] == -1 && r[2] == 1);
  b[16] = 0;
  for (tile::Opcode op : {tile::kDiv, tile::kFloorDiv, tile::kMod, tile::kFloorMod}) {
    EXPECT(binary(op, Storage::kInt32, a, b, &ok)[16] == 0 && !ok);
  }
  const std::vector<std::uint64_t> u = {~std::uint64_t(0), 10}, v = {3, 4};
  EXPECT(binary(tile::kDiv, Storage::kUint64, u, v)[0] == ~std::uint64_t(0) / 3);
  EXPECT(binary(tile::kPow, Storage::kInt64, std::vector<std::int64_t>{-3, 2},
                std::vector<std::int64_t>{3, 62})[1] == std::int64_t(1) << 62);
  binary(tile::kPow, Storage::kInt32, std::vector<I>{2}, std::vector<I>{-1}, &ok);
  EXPECT(!ok);
  binary(tile::kShiftLeft, Storage::kInt32, std::vector<I>{2}, std::vector<I>{32}, &ok);
  EXPECT(!ok);
  const std::vector<I> eight = {-8}, one = {1};
  EXPECT(binary(tile::kShiftRight, Storage::kInt32, eight, one)[0] == -4);
}

TEST("tile: narrow integers wrap") {
  const std::vector<std::int8_t> x = {100, -100, 127}, z = {100, -100, 1};
  EXPECT((binary(tile::kAdd, Storage::kInt8, x, z) == std::vector<std::int8_t>{-56, 56, -128}));
  const std::vector<std::uint8_t> u = {200, 3}, v = {100, 5};
  EXPECT((binary(tile::kSub, Storage::kUint8, u, v) == std::vector<std::uint8_t>{100, 254}));
  EXPECT((unary(tile::kNeg, Storage::kInt16, std::vector<std::int16_t>{-32768, 5}) ==
          std::vector<std::int16_t>{-32768, -5}));
}

TEST("tile: floats let NaN through") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> x = {nan, -1, 0.5f, 9};
  for (tile::Opcode op : {tile::kRelu, tile::kRelu6, tile::kSign, tile::kGelu, tile::kSilu,
                          tile::kHardSwish, tile::kMish, tile::kElu, tile::kSelu,
                          tile::kSoftplus}) {
    const auto y = unary(op, Storage::kFloat32, x, 1.0);
    EXPECT(std::isnan(y[0]) && !std::isnan(y[1]) && !std::isnan(y[3]));
  }
  const auto clipped = unary(tile::kClipTo, Storage::kFloat32, x, 0, 1);
  EXPECT(std::isnan(clipped[0]) && clipped[1] == 0 && clipped[2] == 0.5f && clipped[3] == 1);
  const std::vector<float> ones(4, 1.0f);
  EXPECT(std::isnan(binary(tile::kMax, Storage::kFloat32, x, ones)[0]));
  EXPECT(std::isnan(binary(tile::kMin, Storage::kFloat32, ones, x)[0]));
  const auto leaky = unary(tile::kLeakyRelu, Storage::kFloat32, x, 0.25);
  EXPECT(std::isnan(leaky[0]) && leaky[1] == -0.25f && leaky[3] == 9);
}

TEST("tile: selection and comparison through bool storage") {
  const auto x = ramp<double>(70, -35, 1);
  Builder compare(Domain::kF64);
  const Value p = compare.add_input(Storage::kFloat64);
  compare.add_output(compare.emit(tile::kGt, p, compare.constant(0)), Storage::kBool);
  std::vector<std::uint8_t> mask(70);
  TileInput in[2] = {{x.data(), {1}}, {}};
  void* out = mask.data();
  EXPECT(run_tile_program(*compare.finish(), flat(70), in, &out, 0, 70, false));
  Builder choose(Domain::kF64);
  const Value q = choose.add_input(Storage::kFloat64), m = choose.add_input(Storage::kBool);
  choose.add_output(choose.emit(tile::kSelect, m, q, choose.constant(-1)), Storage::kFloat64);
  std::vector<double> y(70);
  in[1] = {mask.data(), {1}};
  out = y.data();
  EXPECT(run_tile_program(*choose.finish(), flat(70), in, &out, 0, 70, false));
  for (std::size_t i = 0; i < 70; ++i) EXPECT(y[i] == (x[i] > 0 ? x[i] : -1));
}

// Every storage into every domain and back: small integers survive everywhere.
TEST("tile: conversions between all storages") {
  const std::vector<float> ints = {0, 1, 2, 3, 100, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
  const auto n = static_cast<std::int64_t>(ints.size());
  for (int from = 1; from <= 13; ++from) {
    for (int to = 1; to <= 13; ++to) {
      for (int d = 0; d < tile::kDomainCount; ++d) {
        const auto a = static_cast<Storage>(from), b = static_cast<Storage>(to);
        const auto copy = [&](Storage s, Storage t, Domain domain, const void* x, void* y) {
          Builder builder(domain);
          builder.add_output(builder.add_input(s), t);
          const TileInput in = {x, {1}};
          EXPECT(run_tile_program(*builder.finish(), flat(n), &in, &y, 0, n, false));
        };
        alignas(8) char first[8 * 18], second[8 * 18];
        std::vector<float> back(ints.size());
        copy(Storage::kFloat32, a, Domain::kF32, ints.data(), first);
        copy(a, b, static_cast<Domain>(d), first, second);
        copy(b, Storage::kFloat32, Domain::kF32, second, back.data());
        const bool boolean = a == Storage::kBool || b == Storage::kBool;
        for (std::size_t i = 0; i < ints.size(); ++i) {
          EXPECT(back[i] == (boolean ? static_cast<float>(ints[i] != 0) : ints[i]));
        }
      }
    }
  }
}

static void check_block(std::int64_t rows, std::int64_t columns, std::int64_t stride) {
  auto y = ramp<float>(static_cast<std::size_t>(rows * stride), -200, 1);
  const auto before = y;
  const auto bias = ramp<float>(static_cast<std::size_t>(columns), 0, 1);
  const auto per_row = ramp<float>(static_cast<std::size_t>(rows), 10, 10);
  const auto full = ramp<float>(static_cast<std::size_t>(rows * columns), 0, 2);
  const float scalar = 3;
  Builder b(Domain::kF32);
  const Value v = b.add_input(Storage::kFloat32);
  Value s = b.emit(tile::kAdd, v, b.add_input(Storage::kFloat32));
  s = b.emit(tile::kMul, s, b.add_input(Storage::kFloat32));
  s = b.emit(tile::kSub, s, b.add_input(Storage::kFloat32));
  s = b.emit(tile::kAdd, s, b.add_input(Storage::kFloat32));
  b.add_output(s, Storage::kFloat32);
  const TileBlockOperand operands[] = {
      {bias.data(), 0, 1}, {per_row.data(), 1, 0}, {&scalar, 0, 0}, {full.data(), columns, 1}};
  EXPECT(run_tile_block(*b.finish(), y.data(), stride, operands, rows, columns));
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < stride; ++c) {
      const auto i = static_cast<std::size_t>(r * stride + c);
      const auto rr = static_cast<std::size_t>(r), cc = static_cast<std::size_t>(c);
      if (c >= columns) { EXPECT(y[i] == before[i]); continue; }
      const float expected = (before[i] + bias[cc]) * per_row[rr] - 3 + full[i - rr * static_cast<std::size_t>(stride - columns)];
      EXPECT(y[i] == expected);
    }
  }
}

TEST("tile: an epilogue over a block with bias, rows, scalar and a full operand") {
  check_block(5, 70, 90);
  check_block(5, 70, 70);
  check_block(40, 24, 24);
  check_block(1, 8, 8);
  check_block(101, 7, 7);
}

TEST("tile: results do not depend on the split") {
  const auto x = ramp<float>(4097, -8, 0.004);
  Builder b(Domain::kF32);
  b.add_output(b.emit(tile::kTanh, b.add_input(Storage::kFloat32)), Storage::kFloat32);
  const ProgramRef program = b.finish();
  std::vector<float> whole(x.size()), pieces(x.size());
  const TileInput in = {x.data(), {1}};
  void* out = whole.data();
  run_tile_program(*program, flat(4097), &in, &out, 0, 4097, false);
  out = pieces.data();
  for (std::int64_t at = 0; at < 4097; at += 37) {
    const std::int64_t end = std::min<std::int64_t>(4097, at + 37);
    run_tile_program(*program, flat(4097), &in, &out, at, end, false);
  }
  EXPECT(std::memcmp(whole.data(), pieces.data(), whole.size() * sizeof(float)) == 0);
}

}  // namespace
}  // namespace tw
