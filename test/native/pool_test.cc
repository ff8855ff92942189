#include "kernels/pool.h"

#include <cmath>
#include <limits>
#include <vector>

#include "conv_reference.h"
#include "random_data.h"
#include "test.h"

namespace tw::test {

static std::vector<PoolShape> pool_shapes() {
  std::vector<PoolShape> shapes;
  for (std::int64_t channels : {1, 5, 16, 70}) {
    for (std::int64_t stride : {1, 2}) {
      for (std::int64_t dilation : {1, 2}) {
        PoolShape p;
        p.window.batch = 2, p.window.in = {1, 7, 8}, p.window.kernel = {1, 3, 2};
        p.window.stride = {1, stride, stride}, p.window.dilation = {1, dilation, 1};
        p.window.pad = {0, 1, 1}, p.pad_after = {0, 1, 0};
        p.window.out = {1, (9 - 2 * dilation - 1) / stride + 1, (9 - 2) / stride + 1};
        p.window.in_channels = channels;
        shapes.push_back(p);
        p.window.in[0] = 4, p.window.kernel[0] = 2, p.window.out[0] = 3;
        p.count_pads = true;
        shapes.push_back(p);
      }
    }
  }
  return shapes;
}

template <class T>
static std::vector<T> pooled(const PoolShape& p, const std::vector<T>& x, bool max) {
  std::vector<T> y(p.window.rows() * p.window.in_channels);
  const std::int64_t half = p.window.rows() / 2;
  for (std::int64_t row : {std::int64_t{0}, half}) {
    const std::int64_t count = row == 0 ? half : p.window.rows() - half;
    if (max) max_pool(p, x.data(), row, count, y.data());
    if constexpr (std::is_floating_point_v<T>) {
      if (!max) avg_pool(p, x.data(), row, count, y.data());
    }
  }
  return y;
}

TEST("pool: maximum") {
  for (const PoolShape& p : pool_shapes()) {
    const ConvShape& s = p.window;
    const std::int64_t c = s.in_channels;
    const auto x = random_values<float>(s.batch * s.in_pixels() * c, 1);
    std::vector<float> expected(s.rows() * c, -std::numeric_limits<float>::infinity());
    each_tap(s, [&](std::int64_t row, std::int64_t pixel, std::int64_t) {
      for (int j = 0; j < c; ++j) {
        expected[row * c + j] = std::fmax(expected[row * c + j], x[pixel * c + j]);
      }
    });
    EXPECT(pooled(p, x, true) == expected);
    std::vector<std::int32_t> ints(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) ints[i] = static_cast<int>(x[i] * 1e6f);
    const auto y = pooled(p, ints, true);
    for (std::size_t i = 0; i < y.size(); ++i) EXPECT(y[i] == static_cast<int>(expected[i] * 1e6f));
  }
}

TEST("pool: maxima of square windows at every width, and with NaN among them") {
  for (std::int64_t kernel : {2, 3, 5}) {
    for (std::int64_t stride : {1, 2}) {
      for (std::int64_t width = 5; width < 15; ++width) {
        PoolShape p;
        ConvShape& s = p.window;
        s.batch = 2, s.in = {1, 7, width}, s.kernel = {1, kernel, kernel};
        s.stride = {1, stride, stride}, s.pad = p.pad_after = {0, kernel / 2, kernel / 2};
        s.out = {1, (7 + kernel / 2 * 2 - kernel) / stride + 1,
                 (width + kernel / 2 * 2 - kernel) / stride + 1};
        s.in_channels = 4 * width;
        const std::int64_t c = s.in_channels;
        auto x = random_values<float>(s.batch * s.in_pixels() * c, 1);
        for (std::size_t i = 3; i < x.size(); i += 997) x[i] = std::nanf("");
        const float infinity = std::numeric_limits<float>::infinity();
        for (std::size_t i = 5; i < x.size(); i += 499) x[i] = infinity;
        for (std::size_t i = 7; i < x.size(); i += 499) x[i] = -infinity;
        std::vector<float> expected(s.rows() * c, -std::numeric_limits<float>::infinity());
        each_tap(s, [&](std::int64_t row, std::int64_t pixel, std::int64_t) {
          for (int j = 0; j < c; ++j) {
            float& most = expected[row * c + j];
            const float v = x[pixel * c + j];
            if (!(v <= most) && most == most) most = v;
          }
        });
        const auto y = pooled(p, x, true);
        for (std::size_t i = 0; i < y.size(); ++i) {
          EXPECT(y[i] == expected[i] || (y[i] != y[i] && expected[i] != expected[i]));
        }
        const std::vector<double> wide(x.begin(), x.end());
        const auto z = pooled(p, wide, true);
        for (std::size_t i = 0; i < y.size(); ++i) EXPECT(z[i] == y[i] || y[i] != y[i]);
      }
    }
  }
}

static std::vector<double> divisors(const PoolShape& p) {
  ConvShape s = p.window;
  if (p.count_pads) {
    for (int d = 0; d < 3; ++d) s.in[d] += s.pad[d] + p.pad_after[d], s.pad[d] = 0;
  }
  std::vector<double> n(s.rows(), 0.0);
  each_tap(s, [&](std::int64_t row, std::int64_t, std::int64_t) { n[row] += 1; });
  return n;
}

TEST("pool: average and its gradient") {
  for (const PoolShape& p : pool_shapes()) {
    const ConvShape& s = p.window;
    const std::int64_t c = s.in_channels;
    const auto x = random_values<double>(s.batch * s.in_pixels() * c, 1);
    const auto dy = random_values<double>(s.rows() * c, 2);
    const auto n = divisors(p);
    std::vector<double> y(s.rows() * c), dx(x.size()), got(x.size(), 5.0);
    each_tap(s, [&](std::int64_t row, std::int64_t pixel, std::int64_t) {
      for (int j = 0; j < c; ++j) {
        y[row * c + j] += x[pixel * c + j] / n[row];
        dx[pixel * c + j] += dy[row * c + j] / n[row];
      }
    });
    const auto pool = pooled(p, x, false);
    for (std::size_t i = 0; i < y.size(); ++i) EXPECT_NEAR(pool[i], y[i], 1e-14);
    const std::int64_t part = c / 2;
    for (int image = 0; image < s.batch; ++image) {
      avg_pool_grad(p, dy.data(), image, 0, part, got.data());
      avg_pool_grad(p, dy.data(), image, part, c - part, got.data());
    }
    for (std::size_t i = 0; i < dx.size(); ++i) EXPECT_NEAR(got[i], dx[i], 1e-14);
  }
}

TEST("pool: the gradient of the maximum goes to the first of equals") {
  for (const PoolShape& p : pool_shapes()) {
    const ConvShape& s = p.window;
    const std::int64_t c = s.in_channels;
    auto x = random_values<float>(s.batch * s.in_pixels() * c, 1);
    for (float& v : x) v = std::floor(v * 3);
    const auto dy = random_values<float>(s.rows() * c, 2);
    const auto y = pooled(p, x, true);
    std::vector<float> dx(x.size()), got(x.size(), 5.0f);
    std::vector<bool> given(y.size());
    each_tap(s, [&](std::int64_t row, std::int64_t pixel, std::int64_t) {
      for (int j = 0; j < c; ++j) {
        if (given[row * c + j] || x[pixel * c + j] != y[row * c + j]) continue;
        given[row * c + j] = true;
        dx[pixel * c + j] += dy[row * c + j];
      }
    });
    for (int image = 0; image < s.batch; ++image) {
      max_pool_grad(p, x.data(), y.data(), dy.data(), image, 0, c, got.data());
    }
    EXPECT(got == dx);
  }
}

TEST("pool: NaN propagates, from any tap") {
  PoolShape p;
  p.window.in = {1, 4, 4}, p.window.kernel = {1, 2, 2}, p.window.stride = {1, 2, 2};
  p.window.out = {1, 2, 2}, p.window.in_channels = 3;
  for (int place = 0; place < 16; ++place) {
    auto x = random_values<float>(48, 1);
    x[place * 3 + 1] = std::nanf("");
    for (bool max : {true, false}) {
      const auto y = pooled(p, x, max);
      const int row = place / 8 * 2 + place % 4 / 2;
      for (int i = 0; i < 12; ++i) EXPECT(std::isnan(y[i]) == (i == row * 3 + 1));
    }
  }
}

}  // namespace tw::test
