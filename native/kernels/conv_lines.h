#pragma once

#include "kernels/conv.h"
#include "kernels/conv_rows.h"

namespace tw {

// Convolutions whose rows of taps are short, line by line; see conv_line.h. plan.windows holds.

struct ColumnRange {
  std::int64_t column, columns;
};

bool conv_lines_fit(const ConvPlan& plan) noexcept;
std::int64_t conv_lines_scratch(const ConvPlan& plan) noexcept;

// Without the epilogue's program.
template <class T>
void conv_lines(const ConvPlan& plan, const ConvOperands<T>& operands, RowRange range,
                ColumnRange columns, T* scratch) noexcept;

}  // namespace tw
