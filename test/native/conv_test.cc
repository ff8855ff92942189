#include "kernels/conv.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "base/thread_pool.h"
#include "conv_reference.h"
#include "random_data.h"
#include "test.h"

namespace tw::test {

template <class T>
static std::vector<T> run_conv(const ConvShape& s, const std::vector<T>& x,
                               const std::vector<T>& w, BlockEpilogue<T> epilogue, int threads) {
  std::vector<T> packed(conv_packed_size<T>(s)), y(s.rows() * s.out_channels, T(77));
  conv_pack(s, w.data(), packed.data());
  const ConvPlan plan = conv_plan<T>(s);
  std::vector<T> scratch(plan.scratch * threads);
  const ConvOperands<T> operands{x.data(), packed.data(), y.data(), epilogue};
  parallel_for(plan.tasks, threads, nullptr, [&](std::int64_t task, int worker) {
    conv_task(plan, operands, task, scratch.data() + worker * plan.scratch);
  });
  return y;
}

template <class T>
static void check_conv(const ConvShape& s) {
  const auto x = random_values<T>(s.batch * s.in_pixels() * s.in_channels, 1);
  const auto w = random_values<T>(s.taps() * s.group_in() * s.out_channels, 2);
  const auto bias = random_values<T>(s.out_channels, 3);
  const double unit = std::numeric_limits<T>::epsilon() * 4;
  const ConvReference plain = conv_reference<T>(s, x, w, {}), biased = conv_reference(s, x, w, bias);
  const auto y = run_conv<T>(s, x, w, {}, 1);
  const auto z = run_conv<T>(s, x, w, {.bias = bias.data(), .clamp = true, .low = 0, .high = 2}, 2);
  for (std::size_t i = 0; i < y.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(y[i]), plain.y[i], unit * plain.size[i]);
    EXPECT_NEAR(static_cast<double>(z[i]), std::clamp(biased.y[i], 0.0, 2.0),
                unit * biased.size[i]);
  }
}

// Output sizes of explicit padding, the same before and after.
static ConvShape shaped(ConvShape s) {
  for (int d = 0; d < 3; ++d) {
    const std::int64_t reach = (s.kernel[d] - 1) * s.dilation[d] + 1;
    s.out[d] = (s.in[d] + 2 * s.pad[d] - reach) / s.stride[d] + 1;
  }
  return s;
}

TEST("conv: kernels, strides, dilations and pads in 1-D and 2-D") {
  for (std::int64_t kernel : {1, 2, 3, 5}) {
    for (std::int64_t stride : {1, 2, 3}) {
      for (std::int64_t dilation : {1, 2}) {
        for (std::int64_t pad : {0, 1, 2}) {
          ConvShape s{.batch = 2, .in = {1, 9, 11}, .kernel = {1, kernel, kernel}};
          s.stride = {1, stride, stride}, s.dilation = {1, dilation, dilation};
          s.pad = {0, pad, pad}, s.in_channels = 5, s.out_channels = 7;
          check_conv<float>(shaped(s));
          s.in = {1, 1, 23}, s.kernel[1] = 1, s.pad[1] = 0;
          check_conv<float>(shaped(s));
        }
      }
    }
  }
}

TEST("conv: 3-D") {
  ConvShape s{.batch = 2, .in = {5, 6, 7}, .kernel = {3, 2, 3}};
  s.stride = {2, 1, 2}, s.pad = {1, 0, 1}, s.dilation = {1, 2, 1};
  s.in_channels = 3, s.out_channels = 9;
  check_conv<float>(shaped(s));
  s.in_channels = 80;
  check_conv<float>(shaped(s));
  check_conv<double>(shaped(s));
}

TEST("conv: groups") {
  for (std::int64_t groups : {2, 3, 6}) {
    ConvShape s{.in = {1, 8, 8}, .kernel = {1, 3, 3}, .pad = {0, 1, 1}};
    s.in_channels = 12, s.out_channels = 6 * groups, s.groups = groups;
    check_conv<float>(shaped(s));
  }
}

TEST("conv: many channels, deep rows, the stem") {
  ConvShape s{.in = {1, 14, 14}, .kernel = {1, 3, 3}, .pad = {0, 1, 1}};
  s.in_channels = 300, s.out_channels = 130;
  check_conv<float>(shaped(s));
  s.in = {1, 4, 3}, s.in_channels = 2500, s.out_channels = 17;
  check_conv<float>(shaped(s));
  ConvShape stem{.batch = 2, .in = {1, 30, 31}, .kernel = {1, 7, 7}, .stride = {1, 2, 2}};
  stem.pad = {0, 3, 3}, stem.in_channels = 3, stem.out_channels = 64;
  check_conv<float>(shaped(stem));
  check_conv<double>(shaped(stem));
}

TEST("conv: few channels, small images and large ones, few outputs and many") {
  for (std::int64_t lines : {7, 66}) {
    for (std::int64_t kernel : {3, 5}) {
      for (std::int64_t stride : {1, 2}) {
        ConvShape s{.batch = 2, .in = {1, lines, 29}, .kernel = {1, kernel, kernel}};
        s.stride = {1, stride, stride}, s.pad = {0, 1, 1};
        for (std::int64_t channels : {1, 3, 8}) {
          for (std::int64_t outputs : {5, 8, 16, 24, 40, 70}) {
            s.in_channels = channels, s.out_channels = outputs;
            check_conv<float>(shaped(s));
          }
        }
        check_conv<double>(shaped(s));
      }
    }
  }
}

TEST("conv: windows wider than the input, and far padding") {
  ConvShape s{.in = {1, 2, 3}, .kernel = {1, 5, 7}, .pad = {0, 4, 6}};
  s.in_channels = 2, s.out_channels = 3;
  check_conv<float>(shaped(s));
  s.in_channels = 40;
  check_conv<float>(shaped(s));
  s.kernel = {1, 31, 29}, s.pad = {0, 16, 16}, s.in = {1, 20, 22}, s.in_channels = 7;
  check_conv<float>(shaped(s));
}

TEST("conv: the same bits for any thread count; programs see each element once") {
  ConvShape s{.batch = 3, .in = {1, 28, 28}, .kernel = {1, 3, 3}, .pad = {0, 1, 1}};
  s.in_channels = 40, s.out_channels = 72;
  s = shaped(s);
  const auto x = random_values<float>(s.batch * s.in_pixels() * s.in_channels, 1);
  const auto w = random_values<float>(s.taps() * s.group_in() * s.out_channels, 2);
  const auto one = run_conv<float>(s, x, w, {}, 1);
  EXPECT(one == run_conv<float>(s, x, w, {}, 2));
  BlockEpilogue<float> add_row;
  add_row.program = [](const void*, float* y, std::int64_t stride, std::int64_t row,
                       std::int64_t rows, std::int64_t column, std::int64_t columns) {
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c) y[r * stride + c] += 100 * (row + r) + column + c;
    }
  };
  const auto placed = run_conv<float>(s, x, w, add_row, 2);
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(one.size()); ++i) {
    EXPECT(placed[i] == one[i] + (100 * (i / 72) + i % 72));
  }
}

}  // namespace tw::test
