#include <vector>

#include "base/thread_pool.h"
#include "conv_reference.h"
#include "kernels/conv_filter_grad.h"
#include "kernels/conv_transpose.h"
#include "random_data.h"
#include "test.h"

namespace tw::test {

static std::vector<ConvShape> shapes() {
  std::vector<ConvShape> list;
  for (std::int64_t kernel : {1, 2, 3, 5}) {
    for (std::int64_t stride : {1, 2, 3, 4}) {
      for (std::int64_t dilation : {1, 2, 3}) {
        for (std::int64_t pad : {0, 2}) {
          ConvShape s{.batch = 2, .in = {1, 13, 14}, .kernel = {1, kernel, kernel}};
          s.stride = {1, stride, stride}, s.dilation = {1, dilation, dilation};
          s.pad = {0, pad, pad}, s.in_channels = 6, s.out_channels = 10;
          s.groups = kernel == 2 ? 2 : 1;
          for (int d = 1; d < 3; ++d) {
            s.out[d] = (s.in[d] + pad + 1 - (kernel - 1) * dilation - 1) / stride + 1;
          }
          list.push_back(s);
        }
      }
    }
  }
  // Windows side by side, which the transpose does as one product a line, and with a column left.
  for (std::int64_t kernel : {2, 3, 4}) {
    for (std::int64_t left : {0, 1}) {
      ConvShape s{.batch = 2, .in = {1, 7, 5 * kernel + left}, .out = {1, 7 / kernel, 5}};
      s.kernel = s.stride = {1, kernel, kernel};
      s.in_channels = 5 * kernel, s.out_channels = 11;
      list.push_back(s);
    }
  }
  ConvShape deep{.in = {4, 5, 6}, .out = {2, 5, 3}, .kernel = {3, 3, 3}, .stride = {2, 1, 2}};
  deep.pad = {1, 1, 1}, deep.in_channels = 70, deep.out_channels = 66;
  list.push_back(deep);
  // Few rows over many pixels, in segments; gradients as wide as a panel of some set or other.
  for (std::int64_t channels : {8, 16, 32, 64}) {
    ConvShape flat{.batch = 2, .in = {1, 47, 53}, .out = {1, 46, 52}, .kernel = {1, 2, 2}};
    flat.in_channels = 2, flat.out_channels = channels;
    list.push_back(flat);
  }
  return list;
}

struct Gradients {
  std::vector<double> dx, dw, dx_size, dw_size;
};

template <class T>
static Gradients reference(const ConvShape& s, const std::vector<T>& x, const std::vector<T>& w,
                           const std::vector<T>& dy) {
  Gradients g;
  g.dx.resize(x.size()), g.dx_size.resize(x.size());
  g.dw.resize(w.size()), g.dw_size.resize(w.size());
  const auto add = [](double& sum, double& size, double p) {
    sum += p;
    size += p < 0 ? -p : p;
  };
  each_tap(s, [&](std::int64_t row, std::int64_t pixel, std::int64_t tap) {
    for (std::int64_t o = 0; o < s.out_channels; ++o) {
      for (std::int64_t i = 0; i < s.group_in(); ++i) {
        const std::int64_t at_x = pixel * s.in_channels + o / s.group_out() * s.group_in() + i;
        const std::int64_t at_w = (tap * s.group_in() + i) * s.out_channels + o;
        const double slope = dy[row * s.out_channels + o];
        add(g.dx[at_x], g.dx_size[at_x], slope * w[at_w]);
        add(g.dw[at_w], g.dw_size[at_w], slope * x[at_x]);
      }
    }
  });
  return g;
}

template <class T>
static std::vector<T> input_grad(const ConvShape& s, const std::vector<T>& w,
                                 const std::vector<T>& dy) {
  std::vector<T> packed(transposed_packed_size<T>(s));
  std::vector<T> dx(s.batch * s.in_pixels() * s.in_channels, T(77));
  transposed_pack(s, w.data(), packed.data());
  for (std::int64_t phase = 0; phase < transposed_phases(s); ++phase) {
    const ConvPlan plan = transposed_plan<T>(s, phase);
    std::vector<T> scratch(plan.scratch * 2);
    const T* filter = packed.data() + transposed_offset<T>(s, phase);
    const ConvOperands<T> operands{dy.data(), filter, dx.data(), {}};
    parallel_for(plan.tasks, 2, nullptr, [&](std::int64_t task, int worker) {
      conv_task(plan, operands, task, scratch.data() + worker * plan.scratch);
    });
  }
  return dx;
}

template <class T>
static std::vector<T> filter_grad(const ConvShape& s, const std::vector<T>& x,
                                  const std::vector<T>& dy, int threads) {
  std::vector<T> dw(s.taps() * s.group_in() * s.out_channels, T(77));
  const FilterGradPlan plan = filter_grad_plan<T>(s, threads);
  std::vector<T> scratch(plan.scratch * threads), partial(plan.partial, T(77));
  parallel_for(plan.tasks, threads, nullptr, [&](std::int64_t task, int worker) {
    T* own = scratch.data() + worker * plan.scratch;
    filter_grad_task(plan, x.data(), dy.data(), task, dw.data(), partial.data(), own);
  });
  add_filter_segments(plan, partial.data(), dw.data());
  return dw;
}

template <class T>
static void check_gradients(double unit) {
  for (const ConvShape& s : shapes()) {
    const auto x = random_values<T>(s.batch * s.in_pixels() * s.in_channels, 1);
    const auto w = random_values<T>(s.taps() * s.group_in() * s.out_channels, 2);
    const auto dy = random_values<T>(s.rows() * s.out_channels, 3);
    const Gradients expected = reference(s, x, w, dy);
    const auto dx = input_grad(s, w, dy), dw = filter_grad(s, x, dy, 2);
    for (std::size_t i = 0; i < dx.size(); ++i) {
      EXPECT_NEAR(static_cast<double>(dx[i]), expected.dx[i], unit * expected.dx_size[i]);
    }
    for (std::size_t i = 0; i < dw.size(); ++i) {
      EXPECT_NEAR(static_cast<double>(dw[i]), expected.dw[i], unit * expected.dw_size[i]);
    }
    for (int threads : {1, 5}) EXPECT(dw == filter_grad(s, x, dy, threads));
  }
}

TEST("conv gradients: float") { check_gradients<float>(1e-6); }
TEST("conv gradients: double") { check_gradients<double>(1e-15); }

TEST("conv gradients: no pixels") {
  ConvShape s{.batch = 0, .in = {1, 4, 4}, .out = {1, 2, 2}, .kernel = {1, 3, 3}};
  s.in_channels = 3, s.out_channels = 5;
  const auto dw = filter_grad<float>(s, {}, {}, 1);
  for (float v : dw) EXPECT(v == 0);
}

}  // namespace tw::test
