#include <cstring>
#include <vector>

#include "tile_runs.h"

namespace tw {
namespace {

using namespace test;
using tile::Builder;
using tile::Domain;
using tile::ProgramRef;
using tile::Storage;
using tile::Value;

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
      const auto packed = i - rr * static_cast<std::size_t>(stride - columns);
      const float expected = (before[i] + bias[cc]) * per_row[rr] - 3 + full[packed];
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
