#include "kernels/winograd.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/thread_pool.h"
#include "conv_reference.h"
#include "random_data.h"
#include "test.h"

namespace tw::test {

static ConvShape shape_of(std::int64_t batch, std::int64_t height, std::int64_t width,
                          std::int64_t pad, std::int64_t in, std::int64_t out) {
  ConvShape s{.batch = batch, .in = {1, height, width}, .out = {1, height, width}};
  s.kernel = {1, 3, 3}, s.pad = {0, pad, pad};
  s.out[1] += 2 * pad - 2, s.out[2] += 2 * pad - 2;
  s.in_channels = in, s.out_channels = out;
  return s;
}

static std::vector<float> run_winograd(const ConvShape& s, int side, const std::vector<float>& x,
                                       const std::vector<float>& w, BlockEpilogue<float> epilogue,
                                       int threads) {
  std::vector<float> packed(winograd_packed_size(s, side)), y(s.rows() * s.out_channels, 77.0f);
  const std::int64_t half = s.in_channels / 2;
  winograd_pack(s, side, w.data(), 0, half, packed.data());
  winograd_pack(s, side, w.data(), half, s.in_channels - half, packed.data());
  const WinogradPlan plan = winograd_plan(s, side);
  std::vector<float> scratch(plan.scratch * threads, NAN);
  const ConvOperands<float> operands{x.data(), packed.data(), y.data(), epilogue};
  parallel_for(plan.tasks, threads, nullptr, [&](std::int64_t task, int worker) {
    winograd_task(plan, operands, task, scratch.data() + worker * plan.scratch);
  });
  return y;
}

static double root_mean_square(const std::vector<double>& values) {
  double sum = 0;
  for (double v : values) sum += v * v;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

// The rule by which an algorithm is let in: the worst error against float64.
constexpr double kWorstError = 4e-5;

static void check_winograd(const ConvShape& s) {
  auto x = random_values<float>(s.batch * s.in_pixels() * s.in_channels, 1);
  const auto w = random_values<float>(9 * s.in_channels * s.out_channels, 2);
  const auto bias = random_values<float>(s.out_channels, 3);
  const ConvReference plain = conv_reference<float>(s, x, w, {});
  const ConvReference biased = conv_reference(s, x, w, bias);
  const double bound = kWorstError * root_mean_square(plain.y);
  for (int side : {2, 4}) {
    const auto y = run_winograd(s, side, x, w, {}, 1);
    const BlockEpilogue<float> e{.bias = bias.data(), .clamp = true, .low = 0, .high = 2};
    const auto z = run_winograd(s, side, x, w, e, 2);
    for (std::size_t i = 0; i < y.size(); ++i) {
      EXPECT_NEAR(static_cast<double>(y[i]), plain.y[i], bound);
      EXPECT_NEAR(static_cast<double>(z[i]), std::clamp(biased.y[i], 0.0, 2.0), bound);
    }
  }
}

TEST("winograd: sizes, pads and batches") {
  for (std::int64_t pad : {0, 1, 2}) {
    for (std::int64_t size : {1, 2, 3, 4, 5, 6, 7, 9, 12, 19}) {
      if (size + 2 * pad < 3) continue;
      check_winograd(shape_of(1, size, size, pad, 5, 7));
      if (2 * pad >= 2) check_winograd(shape_of(2, size, 21 - size, pad, 18, 20));
    }
  }
  ConvShape uneven = shape_of(1, 10, 11, 0, 4, 6);
  uneven.pad = {0, 0, 1}, uneven.out = {1, 9, 12};
  check_winograd(uneven);
}

TEST("winograd: channels") {
  for (std::int64_t in : {1, 3, 8, 16, 17, 33, 64, 200}) {
    for (std::int64_t out : {1, 4, 8, 15, 16, 24, 31, 64, 70, 136}) {
      check_winograd(shape_of(1, 8, 9, 1, in, out));
    }
  }
}

TEST("winograd: many channels") {
  check_winograd(shape_of(1, 14, 14, 1, 256, 96));
  check_winograd(shape_of(1, 7, 7, 1, 512, 64));
  check_winograd(shape_of(1, 3, 5, 1, 2304, 9));
}

TEST("winograd: large values far from zero") {
  const ConvShape s = shape_of(1, 20, 20, 1, 64, 32);
  auto x = random_values<float>(s.batch * s.in_pixels() * s.in_channels, 1);
  const auto w = random_values<float>(9 * s.in_channels * s.out_channels, 2);
  for (float& v : x) v = std::max(0.0f, v) * std::exp(3 * v);
  const ConvReference expected = conv_reference<float>(s, x, w, {});
  const double bound = kWorstError * root_mean_square(expected.y);
  for (int side : {2, 4}) {
    const auto y = run_winograd(s, side, x, w, {}, 1);
    for (std::size_t i = 0; i < y.size(); ++i) {
      EXPECT_NEAR(static_cast<double>(y[i]), expected.y[i], bound);
    }
  }
}

TEST("winograd: the same bits for any thread count and batch; programs see each element once") {
  const ConvShape s = shape_of(3, 30, 27, 1, 40, 72);
  const auto x = random_values<float>(s.batch * s.in_pixels() * s.in_channels, 1);
  const auto w = random_values<float>(9 * s.in_channels * s.out_channels, 2);
  BlockEpilogue<float> add_row;
  add_row.program = [](const void*, float* y, std::int64_t stride, std::int64_t row,
                       std::int64_t rows, std::int64_t column, std::int64_t columns) {
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c) y[r * stride + c] += 100 * (row + r) + column + c;
    }
  };
  for (int side : {2, 4}) {
    const auto one = run_winograd(s, side, x, w, {}, 1);
    EXPECT(one == run_winograd(s, side, x, w, {}, 2));
    ConvShape single = s;
    single.batch = 1;
    const auto first = run_winograd(single, side, x, w, {}, 1);
    EXPECT(std::equal(first.begin(), first.end(), one.begin()));
    const auto placed = run_winograd(s, side, x, w, add_row, 2);
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(one.size()); ++i) {
      EXPECT(placed[i] == one[i] + (100 * (i / 72) + i % 72));
    }
  }
}

TEST("winograd: fits 3 x 3 taps side by side only") {
  ConvShape s = shape_of(1, 8, 8, 1, 4, 4);
  EXPECT(winograd_fits(s));
  s.stride = {1, 2, 1};
  EXPECT(!winograd_fits(s));
  s.stride = {1, 1, 1}, s.dilation = {1, 1, 2};
  EXPECT(!winograd_fits(s));
  s.dilation = {1, 1, 1}, s.groups = 2;
  EXPECT(!winograd_fits(s));
  s.groups = 1, s.kernel = {1, 3, 1};
  EXPECT(!winograd_fits(s));
}

}  // namespace tw::test
