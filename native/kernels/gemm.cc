#include "kernels/gemm.h"

#include <algorithm>

#include "kernels/gemm_parts.h"
#include "kernels/gemv.h"

namespace tw {
namespace {

// Rows whose outputs are finished, and given to the epilogue's program, while still in cache.
constexpr std::int64_t kRowBlock = 192;

template <class T>
struct TaskPlace {
  std::int64_t row, rows, column, columns;
};

template <class T>
TaskPlace<T> place_of(const GemmPlan& plan, std::int64_t task) {
  const GemmShape& s = plan.shape;
  const std::int64_t row = task / plan.column_blocks * plan.row_block;
  const std::int64_t column = task % plan.column_blocks * plan.column_block;
  return {row, std::min(plan.row_block, s.m - row), column,
          std::min(plan.column_block, s.n - column)};
}

template <class T>
void finish_rows(const GemmPlan& plan, const GemmOperands<T>& x, std::int64_t row,
                 std::int64_t rows, std::int64_t column, std::int64_t columns) noexcept {
  if (x.epilogue.program == nullptr) return;
  const std::int64_t stride = plan.shape.c_stride;
  x.epilogue.program(x.epilogue.context, x.c + row * stride + column, stride, row, rows, column,
                     columns);
}

// Depth [k, k + depth) of `columns` columns from `column` on, over all rows of the task.
template <class T>
struct DepthSlice {
  std::int64_t k, depth, column, columns;
  const T* a;  // the task's first row from k on, rows a_stride apart
  std::int64_t a_stride;
  const T* panel;
  const T* ahead = nullptr;  // as TileBlock's
  std::int64_t ahead_step = 0, ahead_tile = 0;
  const T* unpacked = nullptr;
};

template <class T>
void multiply_slice(const GemmPlan& plan, const GemmOperands<T>& x, const TaskPlace<T>& place,
                    const DepthSlice<T>& slice) noexcept {
  const GemmShape& s = plan.shape;
  const BlockEpilogue<T>& e = x.epilogue;
  const bool last = slice.k + slice.depth == s.k;
  const T* rows[kRowBlock];
  T* out[kRowBlock];
  for (std::int64_t done = 0; done < place.rows; done += kRowBlock) {
    const std::int64_t row = place.row + done, count = std::min(kRowBlock, place.rows - done);
    for (std::int64_t r = 0; r < count; ++r) {
      rows[r] = slice.a + (done + r) * slice.a_stride;
      out[r] = x.c + (row + r) * s.c_stride + slice.column;
    }
    const bool last_rows = done + kRowBlock >= place.rows;
    tile_block<T>({.rows = rows,
                   .tap_stride = count,
                   .taps = 1,
                   .depth = slice.depth,
                   .row_count = count,
                   .panels = slice.panel,
                   .panel_stride = 0,
                   .columns = slice.columns,
                   .out = out,
                   .bias = e.bias != nullptr ? e.bias + slice.column : nullptr,
                   .accumulate = slice.k > 0,
                   .clamp = last && e.clamp,
                   .low = e.low,
                   .high = e.high,
                   .step = s.a_step,
                   .ahead = last_rows ? slice.ahead : nullptr,
                   .ahead_step = slice.ahead_step,
                   .ahead_tile = slice.ahead_tile,
                   .unpacked = done == 0 ? slice.unpacked : nullptr,
                   .unpacked_stride = s.b_stride});
    if (last) finish_rows(plan, x, row, count, slice.column, slice.columns);
  }
}

template <class T>
const T* task_rows(const GemmShape& s, const GemmOperands<T>& x, std::int64_t row,
                   std::int64_t k) {
  return x.a + row * s.a_stride + k * s.a_step;
}

template <class T>
void packed_task(const GemmPlan& plan, const GemmOperands<T>& x, const TaskPlace<T>& place) {
  const std::int64_t k_all = plan.shape.k, part = depth_part(plan.shape);
  const std::int64_t full = tile_shape<T>().panel;
  const std::int64_t panels = ceil_div(place.columns, full);
  for (std::int64_t p = 0; p < panels; ++p) {
    const std::int64_t column = place.column + p * full;
    const std::int64_t columns = std::min(full, place.column + place.columns - column);
    const std::int64_t width = panel_width<T>(plan.shape.n, column / full);
    for (std::int64_t k = 0; k == 0 || k < k_all; k += part) {
      const std::int64_t depth = std::min(part, k_all - k);
      multiply_slice(plan, x, place,
                     {k, depth, column, columns, task_rows(plan.shape, x, place.row, k),
                      plan.shape.a_stride, x.b + column * k_all + k * width});
    }
  }
}

// The memory of b that is packed after depth [k, k + depth) of the panel at `column`, by the task
// that follows if need be: packing what lies far away would take as long as half the products.
template <class T>
void look_ahead(const GemmShape& s, const T* b, std::int64_t full, DepthSlice<T>& slice) {
  std::int64_t k = slice.k + slice.depth, column = slice.column;
  if (k == s.k) k = 0, column += full;
  constexpr std::int64_t line = 64 / sizeof(T);
  if (column >= s.n) return;
  if (s.b_transposed) {
    slice.ahead = b + column * s.b_stride + k;
    slice.ahead_step = line;
    slice.ahead_tile = line * slice.depth;
  } else {
    slice.ahead = b + k * s.b_stride + column;
    slice.ahead_step = s.b_stride;
    slice.ahead_tile = line;
  }
}

// The columns of `slice` of an unpacked b, which is packed into `scratch` on the way.
template <class T>
void multiply_unpacked(const GemmPlan& plan, const GemmOperands<T>& x, const TaskPlace<T>& place,
                       DepthSlice<T> slice, T* scratch) {
  const GemmShape& s = plan.shape;
  const std::int64_t full = tile_shape<T>().panel;
  slice.panel = scratch;
  if (s.b_transposed || slice.columns < full) {
    const MatrixView<T> b{x.b, s.b_stride, s.b_transposed};
    pack_panel(b, s.n, slice.column / full, slice.k, slice.k + slice.depth, scratch);
  } else {
    slice.unpacked = x.b + slice.k * s.b_stride + slice.column;
  }
  look_ahead(s, x.b, full, slice);
  multiply_slice(plan, x, place, slice);
}

template <class T>
void packing_task(const GemmPlan& plan, const GemmOperands<T>& x, const TaskPlace<T>& place,
                  T* scratch) {
  const GemmShape& s = plan.shape;
  const std::int64_t part = depth_part(s), full = tile_shape<T>().panel;
  for (std::int64_t done = 0; done < place.columns; done += full) {
    const std::int64_t columns = std::min(full, place.columns - done);
    for (std::int64_t k = 0; k == 0 || k < s.k; k += part) {
      multiply_unpacked(plan, x, place,
                        {k, std::min(part, s.k - k), place.column + done, columns,
                         task_rows(s, x, place.row, k), s.a_stride, nullptr},
                        scratch);
    }
  }
}

// All columns of some rows of a transposed a, which are copied slice by slice of the depth.
template <class T>
void copying_task(const GemmPlan& plan, const GemmOperands<T>& x, const TaskPlace<T>& place,
                  T* scratch) {
  const GemmShape& s = plan.shape;
  const std::int64_t part = depth_part(s), full = tile_shape<T>().panel;
  const std::int64_t stride = copied_stride(part);
  T* copy = scratch + (s.b_packed ? 0 : part * full);
  for (std::int64_t k = 0; k == 0 || k < s.k; k += part) {
    const std::int64_t depth = std::min(part, s.k - k);
    transpose_block(x.a + k * s.a_stride + place.row, s.a_stride, depth, place.rows, copy, stride);
    for (std::int64_t column = 0; column < s.n; column += full) {
      const std::int64_t columns = std::min(full, s.n - column);
      DepthSlice<T> slice{k, depth, column, columns, copy, stride, nullptr};
      if (!s.b_packed) {
        multiply_unpacked(plan, x, place, slice, scratch);
        continue;
      }
      slice.panel = x.b + column * s.k + k * panel_width<T>(s.n, column / full);
      multiply_slice(plan, x, place, slice);
    }
  }
}

template <class T>
void row_task(const GemmPlan& plan, const GemmOperands<T>& x, const TaskPlace<T>& place) {
  const GemmShape& s = plan.shape;
  const T* bias = x.epilogue.bias != nullptr ? x.epilogue.bias + place.column : nullptr;
  gemv_row(x.a, x.b + place.column, s.b_stride, s.k, place.columns, bias, x.c + place.column);
}

template <class T>
void dots_task(const GemmPlan& plan, const GemmOperands<T>& x, const TaskPlace<T>& place) {
  const GemmShape& s = plan.shape;
  const T* bias = x.epilogue.bias;
  if (contiguous_column(s)) {
    gemv_dots(x.a + place.row * s.a_stride, s.a_stride, x.b, s.k, place.rows, bias, 0,
              x.c + place.row * s.c_stride, s.c_stride);
  } else {
    gemv_dots(x.b + place.column * s.b_stride, s.b_stride, x.a, s.k, place.columns,
              bias != nullptr ? bias + place.column : nullptr, 1, x.c + place.column, 1);
  }
}

template <class T>
void finish_vector(const GemmPlan& plan, const GemmOperands<T>& x, const TaskPlace<T>& place) {
  const BlockEpilogue<T>& e = x.epilogue;
  for (std::int64_t r = 0; e.clamp && r < place.rows; ++r) {
    T* y = x.c + (place.row + r) * plan.shape.c_stride + place.column;
    clamp_row(y, place.columns, e.low, e.high);
  }
  finish_rows(plan, x, place.row, place.rows, place.column, place.columns);
}

}  // namespace

template <class T>
void gemm_task(const GemmPlan& plan, const GemmOperands<T>& operands, std::int64_t task,
               T* scratch) noexcept {
  const TaskPlace<T> place = place_of<T>(plan, task);
  if (plan.route == GemmPlan::Route::kTiles) {
    if (plan.shape.a_transposed) return copying_task(plan, operands, place, scratch);
    if (plan.shape.b_packed) return packed_task(plan, operands, place);
    return packing_task(plan, operands, place, scratch);
  }
  if (plan.route == GemmPlan::Route::kRow) row_task(plan, operands, place);
  if (plan.route == GemmPlan::Route::kDots) dots_task(plan, operands, place);
  finish_vector(plan, operands, place);
}

template void gemm_task(const GemmPlan&, const GemmOperands<float>&, std::int64_t, float*) noexcept;
template void gemm_task(const GemmPlan&, const GemmOperands<double>&, std::int64_t,
                        double*) noexcept;

}  // namespace tw
