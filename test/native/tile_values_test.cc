#include <cmath>
#include <limits>
#include <vector>

#include "tile_runs.h"

namespace tw {
namespace {

using namespace test;
using tile::Builder;
using tile::Domain;
using tile::Storage;
using tile::Value;

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

}  // namespace
}  // namespace tw
