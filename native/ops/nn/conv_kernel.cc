#include <algorithm>

#include "kernels/conv.h"
#include "kernels/depthwise.h"
#include "kernels/gemm.h"
#include "kernels/winograd.h"
#include "ops/linalg/epilogue.h"
#include "ops/nn/channels_last.h"
#include "ops/nn/conv.h"

namespace tw {
namespace {

struct ConvState {
  enum class Route { kRows, kProduct, kDepthwise, kWinograd };
  WindowSpec spec;
  ConvShape shape;
  Route route;
  ConvPlan rows;
  GemmPlan product;
  WinogradPlan winograd;
  EpiloguePlan epilogue;
};

// The side of the Winograd tiles, 0 for a direct convolution. A filter packed for tiles decides,
// unless its direct form comes with it.
int side_of(OpContext& c, const ConvShape& shape) {
  if (!c.attrs().flag("_winograd") || !winograd_fits(shape)) return 0;
  if (!c.attrs().given("_packed")) return winograd_side(shape, false);
  const int side = static_cast<int>(c.attrs().integer("_side"));
  if (side == 0 || c.input(1).size() == winograd_packed_size(shape, side)) return side;
  return winograd_side(shape, true) != 0 ? side : 0;
}

template <class T>
ConvState make_state(OpContext& c, const Shape& filter) {
  ConvState s{};
  s.spec = window_spec(c.attrs());
  s.shape = conv_geometry(s.spec, c.input(0).shape(), filter);
  s.epilogue = epilogue_plan(c);
  const ConvShape& shape = s.shape;
  if (is_depthwise(shape)) {
    s.route = ConvState::Route::kDepthwise;
  } else if (shape.pointwise() && shape.groups == 1) {
    s.route = ConvState::Route::kProduct;
    s.product = gemm_plan<T>({.m = shape.rows(),
                              .n = shape.out_channels,
                              .k = shape.in_channels,
                              .a_stride = shape.in_channels,
                              .c_stride = shape.out_channels,
                              .b_packed = true});
  } else if (const int side = std::is_same_v<T, float> ? side_of(c, shape) : 0; side != 0) {
    s.route = ConvState::Route::kWinograd;
    s.winograd = winograd_plan(shape, side);
  } else {
    s.route = ConvState::Route::kRows;
    s.rows = conv_plan<T>(shape);
  }
  return s;
}

template <class T>
const T* packed_filter(OpContext& c, const ConvShape& shape) {
  if (c.attrs().given("_packed")) {
    return c.input(1).data<T>() + (c.input(1).size() - conv_packed_size<T>(shape));
  }
  const T* filter = compute_input<T>(c, c.input(1));
  T* packed = c.temporary_of<T>(conv_packed_size<T>(shape));
  const std::int64_t depth = shape.taps() * shape.group_in();
  if (shape.groups == 1) {
    pack_all<T>(c, {filter, shape.out_channels}, depth, shape.out_channels, packed);
  } else {
    conv_pack(shape, filter, packed);
  }
  return packed;
}

template <class T>
void run_depthwise(OpContext& c, ConvShape s, const T* x, const BlockEpilogue<T>& epilogue, T* y) {
  const T* filter = compute_input<T>(c, c.input(1));
  x = repeated_channels(c, x, s.batch * s.in_pixels(), s.in_channels, s.group_out());
  s.in_channels = s.groups = s.out_channels;
  const std::int64_t lines = s.batch * s.out[0] * s.out[1];
  const std::int64_t work = lines * s.out[2] * s.out_channels * s.taps();
  const std::int64_t parts = std::max<std::int64_t>(1, work >> 16);
  const std::int64_t block = (lines + 2 * parts - 1) / (2 * parts) * 2;  // lines go in pairs
  c.parallel_for((lines + block - 1) / block, [&](std::int64_t task, int) {
    const std::int64_t line = task * block;
    const std::int64_t count = std::min(block, lines - line);
    depthwise(s, x, filter, epilogue, line, count, y);
    if (epilogue.program == nullptr) return;
    const std::int64_t row = line * s.out[2];
    epilogue.program(epilogue.context, y + row * s.out_channels, s.out_channels, row,
                     count * s.out[2], 0, s.out_channels);
  });
}

template <class T>
void run_rows(OpContext& c, const ConvPlan& plan, const ConvOperands<T>& operands) {
  const std::int64_t scratch = (plan.scratch + 15) / 16 * 16;
  T* workspace = scratch > 0 ? c.temporary_of<T>(scratch * c.threads()) : nullptr;
  c.parallel_for(plan.tasks, [&](std::int64_t task, int worker) {
    conv_task(plan, operands, task, workspace + worker * scratch);
  });
}

// The filter's transform comes first in a packed one.
const float* winograd_filter(OpContext& c, const WinogradPlan& plan) {
  if (c.attrs().given("_packed")) return c.input(1).data<float>();
  const float* filter = compute_input<float>(c, c.input(1));
  float* packed = c.temporary_of<float>(winograd_packed_size(plan.shape, plan.side));
  constexpr std::int64_t kChannels = 16;
  const std::int64_t channels = plan.shape.in_channels;
  c.parallel_for((channels + kChannels - 1) / kChannels, [&](std::int64_t task, int) {
    const std::int64_t first = task * kChannels;
    const std::int64_t count = std::min(kChannels, channels - first);
    winograd_pack(plan.shape, plan.side, filter, first, count, packed);
  });
  return packed;
}

void run_winograd(OpContext& c, const WinogradPlan& plan, const ConvOperands<float>& operands) {
  float* workspace = c.temporary_of<float>(plan.scratch * c.threads());
  c.parallel_for(plan.tasks, [&](std::int64_t task, int worker) {
    winograd_task(plan, operands, task, workspace + worker * plan.scratch);
  });
}

template <class T>
void run(OpContext& c, const Shape& filter) {
  const auto& s = c.prepared<ConvState>([&] { return make_state<T>(c, filter); });
  const T* x = channels_last_input<T>(c, c.input(0), s.spec.channels_first);
  ChannelsLastOutput<T> y(c, c.output(0), s.spec.channels_first);
  Epilogue epilogue(c, s.epilogue, !s.spec.channels_first);
  const BlockEpilogue<T> block = epilogue.block<T>();
  if (s.route == ConvState::Route::kDepthwise) {
    run_depthwise(c, s.shape, x, block, y.data());
  } else if (s.route == ConvState::Route::kProduct) {
    const GemmOperands<T> operands{x, packed_filter<T>(c, s.shape), y.data(), block};
    c.parallel_for(s.product.tasks, [&](std::int64_t task, int) {
      gemm_task<T>(s.product, operands, task, nullptr);
    });
  } else if (s.route == ConvState::Route::kWinograd) {
    if constexpr (std::is_same_v<T, float>) {
      run_winograd(c, s.winograd, {x, winograd_filter(c, s.winograd), y.data(), block});
    }
  } else {
    run_rows<T>(c, s.rows, {x, packed_filter<T>(c, s.shape), y.data(), block});
  }
  y.finish();
  epilogue.finish();
}

}  // namespace

template <class T>
const T* repeated_channels(OpContext& c, const T* x, std::int64_t rows, std::int64_t channels,
                           std::int64_t times) {
  if (times == 1) return x;
  T* out = c.temporary_of<T>(rows * channels * times);
  c.parallel_for((rows + 63) / 64, [&](std::int64_t task, int) {
    const std::int64_t end = std::min(rows, (task + 1) * 64) * channels;
    for (std::int64_t i = task * 64 * channels; i < end; ++i) {
      std::fill_n(out + i * times, times, x[i]);
    }
  });
  return out;
}

void conv_kernel_of(OpContext& c, const Shape& filter) {
  if (c.output(0).size() == 0) return;
  visit_compute(c.output(0).dtype(), [&]<class T>() { run<T>(c, filter); });
}

void conv_kernel(OpContext& c) {
  const Attrs attrs = c.attrs();
  conv_kernel_of(c, attrs.given("_packed") ? attrs.get<Shape>("_packed") : c.input(1).shape());
}

template const float* repeated_channels(OpContext&, const float*, std::int64_t, std::int64_t,
                                        std::int64_t);
template const double* repeated_channels(OpContext&, const double*, std::int64_t, std::int64_t,
                                         std::int64_t);

}  // namespace tw
