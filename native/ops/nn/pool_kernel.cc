#include <algorithm>

#include "kernels/max_pick.h"
#include "ops/nn/channels_last.h"
#include "ops/nn/pool.h"

namespace tw {
namespace {

struct PoolState {
  WindowSpec spec;
  PoolShape shape;
};

PoolState make_state(OpContext& c, const Shape& x) {
  const WindowSpec spec = window_spec(c.attrs());
  return {spec, pool_geometry(c.attrs(), spec, x)};
}

// Calls pool(x, row, count, y) for blocks of output pixels.
template <class T, class Pool>
void run_pool(OpContext& c, const PoolState& s, Pool pool) {
  const T* x = channels_last_input<T>(c, c.input(0), s.spec.channels_first);
  ChannelsLastOutput<T> y(c, c.output(0), s.spec.channels_first);
  const ConvShape& w = s.shape.window;
  const std::int64_t work = w.taps() * w.in_channels, rows = w.rows();
  const std::int64_t block = std::max<std::int64_t>(1, (1 << 17) / std::max<std::int64_t>(1, work));
  c.parallel_for((rows + block - 1) / block, [&](std::int64_t task, int) {
    pool(x, task * block, std::min(block, rows - task * block), y.data());
  });
  y.finish();
}

// Calls body(image, channel, count) for parts that cover all channels of all images.
template <class Body>
void each_part(OpContext& c, const ConvShape& w, Body body) {
  const std::int64_t block = std::max<std::int64_t>(64, (w.in_channels + 7) / 8);
  const std::int64_t blocks = (w.in_channels + block - 1) / block;
  c.parallel_for(w.batch * blocks, [&](std::int64_t task, int) {
    const std::int64_t channel = task % blocks * block;
    body(task / blocks, channel, std::min(block, w.in_channels - channel));
  });
}

template <class Visitor>
void visit_pooled(DType dtype, Visitor visit) {
  if (is_floating(dtype)) return visit_compute(dtype, visit);
  visit_numeric(dtype, [&]<class T>() {
    if constexpr (std::is_integral_v<T> && (std::is_signed_v<T> || sizeof(T) <= 2)) {
      visit.template operator()<T>();
    }
  });
}

}  // namespace

void max_pool_kernel(OpContext& c) {
  if (c.output(0).size() == 0) return;
  const auto& s = c.prepared<PoolState>([&] { return make_state(c, c.input(0).shape()); });
  visit_pooled(c.output(0).dtype(), [&]<class T>() {
    run_pool<T>(c, s, [&](const T* x, std::int64_t row, std::int64_t count, T* y) {
      max_pool(s.shape, x, row, count, y);
    });
  });
}

void avg_pool_kernel(OpContext& c) {
  if (c.output(0).size() == 0) return;
  const auto& s = c.prepared<PoolState>([&] { return make_state(c, c.input(0).shape()); });
  visit_compute(c.output(0).dtype(), [&]<class T>() {
    run_pool<T>(c, s, [&](const T* x, std::int64_t row, std::int64_t count, T* y) {
      avg_pool(s.shape, x, row, count, y);
    });
  });
}

void max_pool_grad_kernel(OpContext& c) {
  if (c.output(0).size() == 0) return;
  const auto& s = c.prepared<PoolState>([&] { return make_state(c, c.input(0).shape()); });
  visit_compute(c.output(0).dtype(), [&]<class T>() {
    const bool first = s.spec.channels_first;
    const T* x = channels_last_input<T>(c, c.input(0), first);
    const T* y = channels_last_input<T>(c, c.input(1), first);
    const T* dy = channels_last_input<T>(c, c.input(2), first);
    ChannelsLastOutput<T> dx(c, c.output(0), first);
    each_part(c, s.shape.window, [&](std::int64_t image, std::int64_t channel, std::int64_t n) {
      max_pool_grad(s.shape, x, y, dy, image, channel, n, dx.data());
    });
    dx.finish();
  });
}

void max_pool_grad_grad_kernel(OpContext& c) {
  if (c.output(0).size() == 0) return;
  const auto& s = c.prepared<PoolState>([&] { return make_state(c, c.input(0).shape()); });
  visit_compute(c.output(0).dtype(), [&]<class T>() {
    const bool first = s.spec.channels_first;
    const T* y = channels_last_input<T>(c, c.input(1), first);
    const T* from = channels_last_input<T>(c, c.input(2), first);
    run_pool<T>(c, s, [&](const T* x, std::int64_t row, std::int64_t count, T* picked) {
      max_pick(s.shape, x, y, from, row, count, picked);
    });
  });
}

void avg_pool_grad_kernel(OpContext& c) {
  const std::vector<std::int64_t> dims = c.input(0).to_int64s();
  c.allocate_output(0, Shape(std::span<const std::int64_t>(dims)));
  if (c.output(0).size() == 0) return;
  const PoolState s = make_state(c, c.output(0).shape());
  check(c.input(1).size() == s.shape.window.rows() * s.shape.window.in_channels,
        Code::kInvalidArgument, "grad of shape ", c.input(1).shape(),
        " does not fit an input of shape ", c.output(0).shape());
  visit_compute(c.output(0).dtype(), [&]<class T>() {
    const T* dy = channels_last_input<T>(c, c.input(1), s.spec.channels_first);
    ChannelsLastOutput<T> dx(c, c.output(0), s.spec.channels_first);
    each_part(c, s.shape.window, [&](std::int64_t image, std::int64_t channel, std::int64_t n) {
      avg_pool_grad(s.shape, dy, image, channel, n, dx.data());
    });
    dx.finish();
  });
}

}  // namespace tw
