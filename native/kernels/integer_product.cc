#include "kernels/integer_product.h"

#include <algorithm>

#include "kernels/conv_rows.h"

namespace tw {
namespace {

constexpr std::int64_t kRowBlock = 192;
constexpr std::int64_t kTable = 4096;  // row pointers kept at a time, where the taps allow
// Rows of taps are read as one row while they are this short.
constexpr std::int64_t kWindow = 192;
// A task below this many products costs more to hand out than it gains.
constexpr double kLeastProducts = 1 << 21;
constexpr std::int64_t kMostTasks = 64;

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// Columns are split first where the weights are the larger operand: each task then reads its share
// of them once.
void split(IntegerPlan& plan) {
  const ConvShape& s = plan.shape;
  const std::int64_t rows = s.rows(), columns = s.group_out();
  const double depth = static_cast<double>(plan.taps) * static_cast<double>(plan.depth);
  const double products =
      static_cast<double>(rows) * depth * static_cast<double>(s.out_channels);
  const auto wanted = static_cast<std::int64_t>(
      std::clamp<double>(products / kLeastProducts, 1, static_cast<double>(kMostTasks)));
  const std::int64_t each = ceil_div(wanted, s.groups);
  const std::int64_t row_units = ceil_div(rows, 4 * integer_rows());
  const std::int64_t column_units = ceil_div(columns, integer_panel());
  const bool columns_first = depth * static_cast<double>(s.out_channels) >
                             static_cast<double>(rows) * static_cast<double>(s.in_channels);
  const std::int64_t first = std::min(each, columns_first ? column_units : row_units);
  const std::int64_t second =
      std::min(ceil_div(each, first), columns_first ? row_units : column_units);
  const std::int64_t row_parts = columns_first ? second : first;
  const std::int64_t column_parts = columns_first ? first : second;
  plan.row_block = ceil_div(ceil_div(rows, row_parts), integer_rows()) * integer_rows();
  plan.row_block = std::min(rows, plan.row_block);
  plan.column_block = ceil_div(column_units, column_parts) * integer_panel();
  plan.row_blocks = ceil_div(rows, plan.row_block);
  plan.column_blocks = ceil_div(columns, plan.column_block);
  plan.tasks = s.groups * plan.row_blocks * plan.column_blocks;
}

void fill_table(const IntegerPlan& plan, const IntegerOperands& x, std::int64_t group,
                RowRange range, const IntegerScratch& scratch) noexcept {
  const ConvShape& s = plan.shape;
  if (s.pointwise()) {
    const std::uint8_t* first = x.x + range.row * s.in_channels + group * s.group_in();
    for (std::int64_t r = 0; r < range.count; ++r) scratch.table[r] = first + r * s.in_channels;
    return;
  }
  for (std::int64_t t = 0; t < plan.taps; ++t) {
    const std::uint8_t** rows = scratch.table + t * range.count;
    if (plan.windows) {
      std::uint8_t* copies = scratch.copies + t * range.count * plan.depth;
      window_rows(s, x.x, t, range, rows, copies, x.outside);
    } else {
      tap_rows(s, x.x, group * s.group_in(), t, range, rows, x.outside);
    }
  }
}

// Sums of what each row of the table holds.
void sum_rows(const IntegerPlan& plan, std::int64_t count, const std::uint8_t* const* table,
              std::int32_t* sums) noexcept {
  for (std::int64_t r = 0; r < count; ++r) {
    std::uint32_t sum = 0;
    for (std::int64_t t = 0; t < plan.taps; ++t) {
      const std::uint8_t* row = table[t * count + r];
      for (std::int64_t d = 0; d < plan.depth; ++d) sum += row[d];
    }
    sums[r] = static_cast<std::int32_t>(sum);
  }
}

}  // namespace

IntegerPlan integer_plan(const ConvShape& s) noexcept {
  IntegerPlan plan{};
  plan.shape = s;
  plan.windows = s.groups == 1 && s.kernel[2] > 1 && s.dilation[2] == 1 &&
                 s.kernel[2] * s.in_channels <= kWindow;
  plan.taps = plan.windows ? s.kernel[0] * s.kernel[1] : s.taps();
  plan.depth = plan.windows ? s.kernel[2] * s.in_channels : s.group_in();
  if (s.rows() == 0 || s.out_channels == 0) return plan;
  split(plan);
  const std::int64_t fitting = kTable / std::max<std::int64_t>(plan.taps, 1);
  plan.table_rows = std::min(plan.row_block, std::clamp<std::int64_t>(fitting, 12, kRowBlock));
  plan.copies = plan.windows ? plan.taps * plan.table_rows * plan.depth : 0;
  return plan;
}

ConvShape integer_product_shape(std::int64_t m, std::int64_t n, std::int64_t k) noexcept {
  ConvShape s;
  s.in = s.out = {1, 1, m};
  s.in_channels = k;
  s.out_channels = n;
  return s;
}

std::int64_t integer_weights_size(const IntegerPlan& plan) noexcept {
  return plan.shape.groups *
         integer_packed_size(plan.taps, plan.depth, plan.shape.group_out());
}

void integer_weights(const IntegerPlan& plan, const IntegerMatrix& weights, std::int8_t* packed,
                     std::int32_t* sums) noexcept {
  const std::int64_t columns = plan.shape.group_out();
  const std::int64_t size = integer_packed_size(plan.taps, plan.depth, columns);
  IntegerMatrix part = weights;
  for (std::int64_t g = 0; g < plan.shape.groups; ++g) {
    part.data = weights.data + g * columns * weights.n_stride;
    integer_pack(part, plan.taps, plan.depth, columns, packed + g * size, sums + g * columns);
  }
}

void integer_task(const IntegerPlan& plan, const IntegerOperands& x, std::int64_t task,
                  const IntegerScratch& scratch) noexcept {
  const ConvShape& s = plan.shape;
  const std::int64_t column = task % plan.column_blocks * plan.column_block;
  const std::int64_t row = task / plan.column_blocks % plan.row_blocks * plan.row_block;
  const std::int64_t group = task / (plan.column_blocks * plan.row_blocks);
  const std::int64_t first = group * s.group_out() + column;
  const std::int64_t panel_bytes = integer_panel_bytes(plan.taps, plan.depth);
  const std::int8_t* panels =
      x.packed + group * integer_packed_size(plan.taps, plan.depth, s.group_out()) +
      column / integer_panel() * panel_bytes;
  const std::int64_t end = std::min(row + plan.row_block, s.rows());
  IntegerFinish finish = x.finish;
  std::int32_t row_sums[kRowBlock];
  for (std::int64_t at = row; at < end; at += plan.table_rows) {
    const RowRange range{at, std::min(plan.table_rows, end - at)};
    fill_table(plan, x, group, range, scratch);
    if (finish.factor != nullptr) {
      sum_rows(plan, range.count, scratch.table, row_sums);
      finish.row_sums = row_sums;
    }
    integer_block({.rows = scratch.table,
                   .tap_stride = range.count,
                   .taps = plan.taps,
                   .depth = plan.depth,
                   .row_count = range.count,
                   .panels = panels,
                   .panel_stride = panel_bytes,
                   .column = first,
                   .columns = std::min(plan.column_block, s.group_out() - column),
                   .out = static_cast<char*>(x.y) + (at * s.out_channels + first) * x.y_size,
                   .out_stride = s.out_channels,
                   .finish = &finish});
  }
}

}  // namespace tw
