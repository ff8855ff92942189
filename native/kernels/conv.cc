#include "kernels/conv.h"

#include <algorithm>

#include "kernels/conv_lines.h"
#include "kernels/conv_rows.h"
#include "kernels/pack.h"
#include "kernels/tile_block.h"

namespace tw {
namespace {

constexpr std::int64_t kRowBlock = 192;
constexpr std::int64_t kLineBlock = 16384;  // outputs that conv_lines may leave to the epilogue
constexpr std::int64_t kTable = 4096;  // row pointers kept at a time
// Rows of taps are read as one row while they are this short: longer ones gain nothing, and the
// copies at the edges cost more.
constexpr std::int64_t kWindow = 192;
constexpr double kLeastProducts = 1 << 19;
// Many, so that the threads wait little for the last one.
constexpr std::int64_t kMostTasks = 64;

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// Rows that one table covers: as many as fit with all taps, but at least a few tiles.
std::int64_t table_rows(std::int64_t taps) {
  return std::clamp<std::int64_t>(kTable / std::max<std::int64_t>(taps, 1), 24, kRowBlock);
}

// Splits rows first, or columns first when the weights are the larger operand: then each task
// reads its share of them once.
void split(ConvPlan& plan, const TileShape& tile) {
  const ConvShape& s = plan.shape;
  const std::int64_t rows = s.rows(), columns = s.group_out();
  const double depth = static_cast<double>(plan.taps) * plan.depth;
  const double products = rows * depth * s.out_channels;
  const auto wanted = static_cast<std::int64_t>(
      std::clamp<double>(products / kLeastProducts, 1, static_cast<double>(kMostTasks)));
  const std::int64_t each = ceil_div(wanted, s.groups);
  const std::int64_t row_units = ceil_div(rows, 4 * tile.rows);
  const std::int64_t column_units = ceil_div(columns, tile.panel);
  const bool columns_first = depth * s.out_channels > static_cast<double>(rows) * s.in_channels;
  const std::int64_t first = std::min(each, columns_first ? column_units : row_units);
  const std::int64_t second = std::min(ceil_div(each, first), columns_first ? row_units
                                                                            : column_units);
  const std::int64_t row_parts = columns_first ? second : first;
  const std::int64_t column_parts = columns_first ? first : second;
  plan.row_block = std::min(rows, ceil_div(ceil_div(rows, row_parts), tile.rows) * tile.rows);
  plan.column_block = ceil_div(column_units, column_parts) * tile.panel;
  plan.row_blocks = ceil_div(rows, plan.row_block);
  plan.column_blocks = ceil_div(columns, plan.column_block);
  plan.tasks = s.groups * plan.row_blocks * plan.column_blocks;
}

// A part of the depth: some taps with all their channels, or one tap with some.
struct Part {
  std::int64_t tap, taps, channel, depth;
};

// The part that begins where `done` rows of the panel are behind.
Part part_at(const ConvPlan& plan, std::int64_t rows, std::int64_t tap, std::int64_t channel) {
  if (plan.taps == 0) return {0, 0, 0, 0};
  if (plan.depth > kMaxRow) {
    const std::int64_t pieces = ceil_div(plan.depth, kMaxRow);
    return {tap, 1, channel, std::min(ceil_div(plan.depth, pieces), plan.depth - channel)};
  }
  const std::int64_t most = std::max<std::int64_t>(
      1, std::min(kTable / rows, kMaxRow / std::max<std::int64_t>(plan.depth, 1)));
  const std::int64_t pieces = ceil_div(plan.taps, most);
  return {tap, std::min(ceil_div(plan.taps, pieces), plan.taps - tap), 0, plan.depth};
}

struct Place {
  std::int64_t group, row, rows, column, columns;  // columns within the group
};

template <class T>
void fill_table(const ConvPlan& plan, const T* x, std::int64_t group, RowRange range,
                const Part& part, const T** table, T* scratch) noexcept {
  const ConvShape& s = plan.shape;
  for (std::int64_t t = 0; t < part.taps; ++t, table += range.count) {
    if (plan.windows) {
      window_rows(s, x, part.tap + t, range, table, scratch + t * range.count * plan.depth);
    } else {
      tap_rows(s, x, group * s.group_in() + part.channel, part.tap + t, range, table);
    }
  }
}

template <class T>
struct BlockTables {
  const T* rows[kTable];
  T* out[kRowBlock];
};

template <class T>
void multiply_part(const ConvPlan& plan, const ConvOperands<T>& x, const Place& place,
                   RowRange range, const Part& part, const BlockTables<T>& tables, bool last) {
  const ConvShape& s = plan.shape;
  const std::int64_t depth = plan.taps * plan.depth, full = tile_shape<T>().panel;
  const std::int64_t done = part.tap * plan.depth + part.channel;
  const T* panels = x.packed + place.group * packed_size<T>(depth, s.group_out());
  const std::int64_t first = place.group * s.group_out();
  const BlockEpilogue<T>& e = x.epilogue;
  for (std::int64_t c = place.column; c < place.column + place.columns; c += full) {
    T* out[kRowBlock];
    for (std::int64_t r = 0; r < range.count; ++r) out[r] = tables.out[r] + first + c;
    const std::int64_t width = panel_width<T>(s.group_out(), c / full);
    tile_block<T>({.rows = tables.rows,
                   .tap_stride = range.count,
                   .taps = part.taps,
                   .depth = part.depth,
                   .row_count = range.count,
                   .panels = panels + c * depth + done * width,
                   .panel_stride = 0,
                   .columns = std::min(full, place.column + place.columns - c),
                   .out = out,
                   .bias = e.bias != nullptr ? e.bias + first + c : nullptr,
                   .accumulate = done > 0,
                   .clamp = last && e.clamp,
                   .low = e.low,
                   .high = e.high});
  }
}

template <class T>
void conv_rows(const ConvPlan& plan, const ConvOperands<T>& x, const Place& place, RowRange range,
               T* scratch) noexcept {
  BlockTables<T> tables;
  output_rows(plan, x.y, range, tables.out);
  std::int64_t tap = 0, channel = 0;
  do {
    const Part part = part_at(plan, range.count, tap, channel);
    fill_table(plan, x.x, place.group, range, part, tables.rows, scratch);
    channel += part.depth;
    if (channel >= plan.depth) tap += part.taps, channel = 0;
    multiply_part(plan, x, place, range, part, tables, tap == plan.taps);
  } while (tap < plan.taps);
}

template <class T>
void finish_block(const ConvPlan& plan, const ConvOperands<T>& x, const Place& place,
                  RowRange range) noexcept {
  const ConvShape& s = plan.shape;
  if (x.epilogue.program == nullptr) return;
  const std::int64_t column = place.group * s.group_out() + place.column;
  x.epilogue.program(x.epilogue.context, x.y + range.row * s.out_channels + column, s.out_channels,
                     range.row, range.count, column, place.columns);
}

}  // namespace

template <class T>
ConvPlan conv_plan(const ConvShape& s) noexcept {
  ConvPlan plan{};
  plan.shape = s;
  plan.out_step = {1, 1, 1};
  plan.out_size = s.out;
  plan.windows = s.groups == 1 && s.kernel[2] > 1 && s.dilation[2] == 1 &&
                 s.kernel[2] * s.in_channels <= kWindow;
  plan.taps = plan.windows ? s.kernel[0] * s.kernel[1] : s.taps();
  plan.depth = plan.windows ? s.kernel[2] * s.in_channels : s.group_in();
  if (s.rows() == 0 || s.out_channels == 0) return plan;
  split(plan, tile_shape<T>());
  if (plan.windows && conv_lines_fit(plan)) {
    plan.lines = true;
    plan.scratch = conv_lines_scratch(plan);
  } else if (plan.windows) {
    const std::int64_t rows = std::min(plan.row_block, table_rows(plan.taps));
    plan.scratch = std::min(plan.taps * rows, kTable) * plan.depth;
  }
  return plan;
}

template <class T>
std::int64_t conv_packed_size(const ConvShape& s) noexcept {
  return s.groups * packed_size<T>(s.taps() * s.group_in(), s.group_out());
}

template <class T>
void conv_pack(const ConvShape& s, const T* weights, T* packed) noexcept {
  const std::int64_t depth = s.taps() * s.group_in(), columns = s.group_out();
  for (std::int64_t g = 0; g < s.groups; ++g) {
    pack_matrix<T>({weights + g * columns, s.out_channels}, depth, columns,
                   packed + g * packed_size<T>(depth, columns));
  }
}

template <class T>
void conv_task(const ConvPlan& plan, const ConvOperands<T>& operands, std::int64_t task,
               T* scratch) noexcept {
  const ConvShape& s = plan.shape;
  const std::int64_t column = task % plan.column_blocks * plan.column_block;
  const std::int64_t row = task / plan.column_blocks % plan.row_blocks * plan.row_block;
  const Place place{task / (plan.column_blocks * plan.row_blocks), row,
                    std::min(plan.row_block, s.rows() - row), column,
                    std::min(plan.column_block, s.group_out() - column)};
  const std::int64_t most = plan.lines ? std::max(kRowBlock, kLineBlock / place.columns)
                                       : table_rows(plan.taps);
  const std::int64_t pieces = ceil_div(place.rows, most);
  for (std::int64_t i = 0, done = 0; i < pieces; ++i) {
    const std::int64_t count = (place.rows - done + pieces - i - 1) / (pieces - i);
    const RowRange range{row + done, count};
    if (plan.lines) {
      conv_lines(plan, operands, range, {place.column, place.columns}, scratch);
    } else {
      conv_rows(plan, operands, place, range, scratch);
    }
    finish_block(plan, operands, place, range);
    done += count;
  }
}

#define TW_CONV(T)                                                                       \
  template ConvPlan conv_plan<T>(const ConvShape&) noexcept;                             \
  template std::int64_t conv_packed_size<T>(const ConvShape&) noexcept;                  \
  template void conv_pack(const ConvShape&, const T*, T*) noexcept;                      \
  template void conv_task(const ConvPlan&, const ConvOperands<T>&, std::int64_t, T*) noexcept;
TW_CONV(float)
TW_CONV(double)
#undef TW_CONV

}  // namespace tw
