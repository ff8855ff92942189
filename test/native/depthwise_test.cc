#include "kernels/depthwise.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "conv_reference.h"
#include "random_data.h"
#include "test.h"

namespace tw::test {

static std::vector<ConvShape> depthwise_shapes() {
  std::vector<ConvShape> shapes;
  for (std::int64_t channels : {1, 3, 16, 37}) {
    for (std::int64_t kernel : {1, 3, 5}) {
      for (std::int64_t stride : {1, 2}) {
        for (std::int64_t dilation : {1, 2}) {
          ConvShape s{.batch = 2, .in = {1, 10, 21}, .kernel = {1, kernel, kernel}};
          s.stride = {1, stride, stride}, s.dilation = {1, dilation, dilation};
          s.pad = {0, kernel / 2, kernel / 2 * dilation};
          const std::int64_t reach = (kernel - 1) * dilation + 1;
          s.out = {1, (10 + 2 * s.pad[1] - reach) / stride + 1,
                   (21 + 2 * s.pad[2] - reach) / stride + 1};
          s.in_channels = s.out_channels = s.groups = channels;
          shapes.push_back(s);
        }
      }
    }
  }
  ConvShape deep{.batch = 1, .in = {4, 5, 6}, .out = {3, 5, 6}, .kernel = {2, 3, 3}};
  deep.pad = {0, 1, 1}, deep.in_channels = deep.out_channels = deep.groups = 20;
  shapes.push_back(deep);
  return shapes;
}

TEST("depthwise: forward with bias and clamp") {
  for (const ConvShape& s : depthwise_shapes()) {
    const std::int64_t c = s.in_channels, lines = s.batch * s.out[0] * s.out[1];
    const auto x = random_values<float>(s.batch * s.in_pixels() * c, 1);
    const auto w = random_values<float>(s.taps() * c, 2), bias = random_values<float>(c, 3);
    const ConvReference expected = conv_reference(s, x, w, bias);
    std::vector<float> y(s.rows() * c, 77.0f);
    const BlockEpilogue<float> e{.bias = bias.data(), .clamp = true, .low = 0, .high = 1};
    depthwise(s, x.data(), w.data(), e, 0, lines / 2, y.data());
    depthwise(s, x.data(), w.data(), e, lines / 2, lines - lines / 2, y.data());
    for (std::size_t i = 0; i < y.size(); ++i) {
      EXPECT_NEAR(static_cast<double>(y[i]), std::clamp(expected.y[i], 0.0, 1.0),
                  5e-7 * expected.size[i]);
    }
  }
}

static ConvShape square(std::int64_t height, std::int64_t width, std::int64_t channels,
                        std::int64_t kernel, std::int64_t stride, std::int64_t pad) {
  ConvShape s{.batch = 2, .in = {1, height, width}, .kernel = {1, kernel, kernel}};
  s.stride = {1, stride, stride}, s.pad = {0, pad, pad};
  s.out = {1, (height + 2 * pad - kernel) / stride + 1, (width + 2 * pad - kernel) / stride + 1};
  s.in_channels = s.out_channels = s.groups = channels;
  return s;
}

template <class T>
static void check_square(const ConvShape& s) {
  const std::int64_t c = s.in_channels, lines = s.batch * s.out[1];
  const auto x = random_values<T>(s.batch * s.in_pixels() * c, 1);
  const auto w = random_values<T>(s.taps() * c, 2);
  const ConvReference expected = conv_reference(s, x, w, {});
  std::vector<T> whole(s.rows() * c), parts(s.rows() * c);
  depthwise(s, x.data(), w.data(), BlockEpilogue<T>{}, 0, lines, whole.data());
  for (std::int64_t line = 0; line < lines; line += 3) {
    const std::int64_t count = std::min<std::int64_t>(3, lines - line);
    depthwise(s, x.data(), w.data(), BlockEpilogue<T>{}, line, count, parts.data());
  }
  EXPECT(whole == parts);
  const double unit = 4 * std::numeric_limits<T>::epsilon();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(whole[i]), expected.y[i], unit * expected.size[i]);
  }
}

TEST("depthwise: square kernels at every width, pad and number of channels; splits change no bit") {
  for (std::int64_t kernel : {3, 5}) {
    for (std::int64_t stride : {1, 2}) {
      for (std::int64_t width = kernel; width < kernel + 12; ++width) {
        for (std::int64_t pad : {0, 1, 2, 4}) {
          check_square<float>(square(kernel + width % 3, width, 5 + width, kernel, stride, pad));
        }
      }
      for (std::int64_t channels : {8, 24, 250, 500}) {
        check_square<float>(square(6, 9, channels, kernel, stride, kernel / 2));
        check_square<double>(square(5, 8, channels, kernel, stride, kernel / 2));
      }
    }
  }
}

TEST("depthwise: gradients") {
  for (const ConvShape& s : depthwise_shapes()) {
    const std::int64_t c = s.in_channels, lines = s.batch * s.in[0] * s.in[1];
    const auto x = random_values<double>(s.batch * s.in_pixels() * c, 1);
    const auto w = random_values<double>(s.taps() * c, 2);
    const auto dy = random_values<double>(s.rows() * c, 3);
    std::vector<double> dx(x.size()), dw(w.size()), got_dx(x.size(), 7.0), got_dw(w.size(), 7.0);
    each_tap(s, [&](std::int64_t row, std::int64_t pixel, std::int64_t tap) {
      for (int j = 0; j < c; ++j) {
        dx[pixel * c + j] += dy[row * c + j] * w[tap * c + j];
        dw[tap * c + j] += dy[row * c + j] * x[pixel * c + j];
      }
    });
    depthwise_input_grad(s, dy.data(), w.data(), 0, 3, got_dx.data());
    depthwise_input_grad(s, dy.data(), w.data(), 3, lines - 3, got_dx.data());
    depthwise_filter_grad(s, x.data(), dy.data(), 0, c / 2, got_dw.data());
    depthwise_filter_grad(s, x.data(), dy.data(), c / 2, c - c / 2, got_dw.data());
    for (std::size_t i = 0; i < dx.size(); ++i) EXPECT_NEAR(got_dx[i], dx[i], 1e-12);
    for (std::size_t i = 0; i < dw.size(); ++i) EXPECT_NEAR(got_dw[i], dw[i], 1e-11);
  }
}

}  // namespace tw::test
