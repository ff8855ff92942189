#include <algorithm>
#include <bit>
#include <cstring>

#include "kernels/gemm.h"
#include "ops/rnn/sequence.h"

namespace tw::recurrent {
namespace {

// Biases of the projection: the sums of both halves, but for the gates that take only the first.
template <class T>
const T* projection_biases(const Sequence<T>& q) {
  if (q.b == nullptr) return nullptr;
  const std::int64_t width = q.s.width(), both = q.work.first_split_gate * q.s.hidden;
  T* biases = q.c.template temporary_of<T>(q.s.directions * width);
  for (std::int64_t d = 0; d < q.s.directions; ++d) {
    const T *input = q.b + d * 2 * width, *hidden = input + width;
    for (std::int64_t j = 0; j < width; ++j) {
      biases[d * width + j] = j < both ? input[j] + hidden[j] : input[j];
    }
  }
  return biases;
}

// out = x * w' + biases, for all directions at once; x has `rows` rows.
template <class T>
void multiply(const Sequence<T>& q, const T* x, std::int64_t rows, T* out) {
  const std::int64_t width = q.s.width();
  const bool packed = (q.packed & 1) != 0;
  const GemmPlan plan = gemm_plan<T>({.m = rows,
                                      .n = width,
                                      .k = q.s.inputs,
                                      .a_stride = q.s.inputs,
                                      .c_stride = width,
                                      .b_stride = q.s.inputs,
                                      .b_packed = packed,
                                      .b_transposed = true,
                                      .batch = q.s.directions});
  const std::int64_t w_size = packed ? packed_size<T>(q.s.inputs, width) : width * q.s.inputs;
  const T* biases = projection_biases(q);
  T* scratch = q.c.template temporary_of<T>(q.c.threads() * plan.scratch);
  q.c.parallel_for(plan.tasks * q.s.directions, [&](std::int64_t task, int worker) {
    const std::int64_t d = task / plan.tasks;
    GemmOperands<T> operands{x, q.w + d * w_size, out + d * rows * width, {}};
    if (biases != nullptr) operands.epilogue.bias = biases + d * width;
    gemm_task(plan, operands, task % plan.tasks, scratch + worker * plan.scratch);
  });
}

std::uint64_t hash_of(const char* bytes, std::size_t size) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15u;
  std::uint64_t a = 1, b = 2, words[2];  // two chains, as a product takes some cycles
  for (; size >= sizeof words; bytes += sizeof words, size -= sizeof words) {
    std::memcpy(words, bytes, sizeof words);
    a = (a ^ words[0]) * kOdd;
    b = (b ^ words[1]) * kOdd;
    a ^= a >> 29;
  }
  words[0] = words[1] = 0;
  std::memcpy(words, bytes, size);
  a = (a ^ words[0]) * kOdd;
  b = (b ^ words[1]) * kOdd;
  const std::uint64_t hash = (std::rotl(a, 32) ^ b) * kOdd;
  return hash ^ (hash >> 32);
}

// Fewer rows are not worth a look for equal ones.
constexpr std::int64_t kLeastRows = 32;

// The rows of a matrix without those that equal an earlier one bit for bit.
class DistinctRows {
 public:
  // Gives up when, some rows on, most of them were distinct so far.
  template <class T>
  DistinctRows(const T* x, std::int64_t rows, std::int64_t size)
      : bytes_(static_cast<std::size_t>(size) * sizeof(T)),
        x_(reinterpret_cast<const char*>(x)),
        table_(std::bit_ceil(2 * static_cast<std::size_t>(rows)), -1) {
    std::int64_t row = 0;
    while (row < rows && count() <= std::max(kLeastRows, row) / 2) add(row++);
    few_ = row == rows && count() <= rows / 2;
  }

  // Whether at most half of the rows are distinct.
  bool few() const { return few_; }
  std::int64_t count() const { return static_cast<std::int64_t>(firsts_.size()); }
  // The first row that is distinct row i.
  std::int64_t first(std::int64_t i) const { return firsts_[static_cast<std::size_t>(i)]; }
  // Which distinct row this row is.
  std::int64_t distinct(std::int64_t row) const { return distinct_[static_cast<std::size_t>(row)]; }

 private:
  const char* row(std::int64_t i) const { return x_ + static_cast<std::size_t>(i) * bytes_; }

  void add(std::int64_t i) {
    std::size_t at = hash_of(row(i), bytes_) & (table_.size() - 1);
    while (table_[at] >= 0 && std::memcmp(row(first(table_[at])), row(i), bytes_) != 0) {
      at = (at + 1) & (table_.size() - 1);
    }
    if (table_[at] < 0) {
      table_[at] = count();
      firsts_.push_back(i);
    }
    distinct_.push_back(table_[at]);
  }

  std::size_t bytes_;
  const char* x_;
  bool few_ = false;
  std::vector<std::int64_t> table_, firsts_, distinct_;
};

// Each distinct row once; then every row takes its sums.
template <class T>
void multiply_distinct(const Sequence<T>& q, const DistinctRows& distinct, std::int64_t rows) {
  const std::int64_t width = q.s.width(), inputs = q.s.inputs, count = distinct.count();
  T* x = q.c.template temporary_of<T>(count * inputs);
  T* sums = q.c.template temporary_of<T>(q.s.directions * count * width);
  for (std::int64_t i = 0; i < count; ++i) {
    std::copy_n(q.x + distinct.first(i) * inputs, inputs, x + i * inputs);
  }
  multiply(q, x, count, sums);
  const std::int64_t block = std::max<std::int64_t>(1, (1 << 16) / width);
  const std::int64_t blocks = (rows + block - 1) / block;
  q.c.parallel_for(q.s.directions * blocks, [&](std::int64_t task, int) {
    const std::int64_t d = task / blocks, first = task % blocks * block;
    for (std::int64_t row = first; row < std::min(rows, first + block); ++row) {
      const T* from = sums + (d * count + distinct.distinct(row)) * width;
      std::copy_n(from, width, q.sums + (d * rows + row) * width);
    }
  });
}

}  // namespace

// Text repeats itself: embedded symbols and padding make equal rows, and to look for them costs far
// less than the product.
template <class T>
void project(const Sequence<T>& q) {
  const std::int64_t rows = q.s.steps * q.s.batch;
  if (rows >= kLeastRows) {
    const DistinctRows distinct(q.x, rows, q.s.inputs);
    if (distinct.few()) return multiply_distinct(q, distinct, rows);
  }
  multiply(q, q.x, rows, q.sums);
}

template void project(const Sequence<float>&);
template void project(const Sequence<double>&);

}  // namespace tw::recurrent
