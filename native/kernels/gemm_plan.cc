#include <algorithm>
#include <cmath>

#include "kernels/gemm_parts.h"

namespace tw {
namespace {

// A product of fewer costs more to hand out than it gains.
constexpr double kLeastProducts = 1 << 19;
constexpr std::int64_t kMostTasks = 16;
// Of a large product with packed panels, and the rows below which a task reads its panels, or packs
// them, too often.
constexpr std::int64_t kFineTasks = 64, kFineRows = 96;
// What each thread needs to end at the same time as the others.
constexpr std::int64_t kTasksOfThread = 4;
// Rows of a transposed a that a task copies: fewer pack b too often, more leave the cache.
constexpr std::int64_t kLeastCopied = 48, kMostCopied = 128;

double products(const GemmShape& s) {
  return static_cast<double>(s.m) * s.n * std::max<std::int64_t>(s.k, 1);
}

std::int64_t wanted_tasks(const GemmShape& s) {
  const double wanted = std::min<double>(std::ceil(products(s) / kLeastProducts), kMostTasks);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(wanted) / s.batch);
}

void split_by_columns(GemmPlan& plan, std::int64_t unit, std::int64_t tasks) {
  const std::int64_t units = ceil_div(plan.shape.n, unit);
  plan.row_block = plan.shape.m;
  plan.column_block = ceil_div(units, std::min(units, tasks)) * unit;
  plan.column_blocks = ceil_div(plan.shape.n, plan.column_block);
  plan.tasks = plan.column_blocks;
}

// Columns first: a task then packs, or reads, its panels once for all rows. Packed panels cost
// nothing to come back to: more tasks of fewer rows leave less to wait for at the end. Others are
// packed again: rows are split only as far as the threads need it.
void split_tiles(GemmPlan& plan, const TileShape& tile) {
  const std::int64_t wanted = wanted_tasks(plan.shape);
  split_by_columns(plan, tile.panel, wanted);
  std::int64_t row_tasks = std::max<std::int64_t>(1, wanted / plan.column_blocks);
  if (plan.shape.b_packed && wanted * plan.shape.batch == kMostTasks) {
    const std::int64_t most = kFineTasks / plan.shape.batch / plan.column_blocks;
    row_tasks = std::max(row_tasks, std::min(most, plan.shape.m / kFineRows));
  }
  if (!plan.shape.b_packed) {
    const std::int64_t others = plan.column_blocks * plan.shape.batch;
    const std::int64_t least = ceil_div(kTasksOfThread * plan.shape.threads, others);
    row_tasks = std::min(row_tasks, std::max(least, plan.shape.m / kFineRows));
  }
  const std::int64_t rows = ceil_div(ceil_div(plan.shape.m, row_tasks), tile.rows) * tile.rows;
  plan.row_block = std::min(plan.shape.m, rows);
  plan.tasks = plan.column_blocks * ceil_div(plan.shape.m, plan.row_block);
}

// Rows alone: a task then copies each row of a transposed a once, and, where the product is not
// small, not so many rows that they would not stay in cache.
void split_copied_rows(GemmPlan& plan, const TileShape& tile) {
  const GemmShape& s = plan.shape;
  const std::int64_t tasks = ceil_div(kTasksOfThread * s.threads, s.batch);
  const std::int64_t few = std::clamp(ceil_div(s.m, tasks), kLeastCopied, kMostCopied);
  const std::int64_t rows = products(s) <= kLeastProducts ? s.m : few;
  plan.row_block = std::min(s.m, ceil_div(rows, tile.rows) * tile.rows);
  plan.column_block = s.n;
  plan.column_blocks = 1;
  plan.tasks = ceil_div(s.m, plan.row_block);
}

}  // namespace

template <class T>
GemmPlan gemm_plan(const GemmShape& shape) noexcept {
  const TileShape tile = tile_shape<T>();
  GemmPlan plan{shape, GemmPlan::Route::kTiles, 0, 0, 0, 0, 0};
  if (shape.m == 0 || shape.n == 0) return plan;
  if (contiguous_column(shape)) {
    plan.route = GemmPlan::Route::kDots;
    plan.row_block = ceil_div(shape.m, wanted_tasks(shape));
    plan.column_block = plan.column_blocks = 1;
    plan.tasks = ceil_div(shape.m, plan.row_block);
  } else if (shape.m == 1 && !shape.b_packed && shape.a_step == 1 && !shape.a_transposed) {
    plan.route = shape.b_transposed ? GemmPlan::Route::kDots : GemmPlan::Route::kRow;
    split_by_columns(plan, 8 * tile.lanes, wanted_tasks(shape));
  } else {
    if (shape.a_transposed) {
      split_copied_rows(plan, tile);
      plan.scratch = plan.row_block * copied_stride(depth_part(shape));
    } else {
      split_tiles(plan, tile);
    }
    if (!shape.b_packed) plan.scratch += depth_part(shape) * tile.panel;
  }
  return plan;
}

template GemmPlan gemm_plan<float>(const GemmShape&) noexcept;
template GemmPlan gemm_plan<double>(const GemmShape&) noexcept;

}  // namespace tw
