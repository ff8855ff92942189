#include "kernels/gemm.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/thread_pool.h"
#include "kernels/tile_block.h"
#include "random_data.h"
#include "test.h"

namespace tw::test {

template <class T>
struct Product {
  GemmShape shape;
  std::vector<T> a, b, bias, c;
};

// A product with strides larger than its rows, to catch whatever touches the gaps.
template <class T>
static Product<T> make_product(std::int64_t m, std::int64_t n, std::int64_t k, bool transposed) {
  Product<T> p;
  const std::int64_t b_rows = transposed ? n : k, b_columns = transposed ? k : n;
  p.shape = {m, n, k, k + 3, n + 5, b_columns + (n == 1 ? 0 : 2), false, transposed};
  p.a = random_values<T>(m * p.shape.a_stride, 1);
  p.b = random_values<T>(b_rows * p.shape.b_stride, 2);
  p.bias = random_values<T>(n, 3);
  p.c.assign(m * p.shape.c_stride, T(77));
  return p;
}

template <class T>
static void run_product(Product<T>& p, bool packed, int threads, BlockEpilogue<T> epilogue) {
  GemmShape shape = p.shape;
  std::vector<T> panels;
  if (packed) {
    shape.b_packed = true;
    panels.resize(packed_size<T>(shape.k, shape.n));
    pack_matrix<T>({p.b.data(), shape.b_stride, shape.b_transposed}, shape.k, shape.n,
                   panels.data());
  }
  const GemmPlan plan = gemm_plan<T>(shape);
  std::vector<T> scratch(plan.scratch * threads);
  const GemmOperands<T> x{p.a.data(), packed ? panels.data() : p.b.data(), p.c.data(), epilogue};
  parallel_for(plan.tasks, threads, nullptr, [&](std::int64_t task, int worker) {
    gemm_task(plan, x, task, scratch.data() + worker * plan.scratch);
  });
}

template <class T>
static void expect_product(const Product<T>& p, bool biased, double low, double high) {
  const GemmShape& s = p.shape;
  const double unit = std::numeric_limits<T>::epsilon() * 4;
  for (std::int64_t i = 0; i < s.m; ++i) {
    for (std::int64_t j = 0; j < s.c_stride; ++j) {
      const double got = p.c[i * s.c_stride + j];
      if (j >= s.n) {
        EXPECT(got == 77);
        continue;
      }
      double sum = biased ? p.bias[j] : 0, size = std::abs(sum);
      for (std::int64_t k = 0; k < s.k; ++k) {
        const double b = p.b[s.b_transposed ? j * s.b_stride + k : k * s.b_stride + j];
        sum += p.a[i * s.a_stride + k] * b;
        size += std::abs(p.a[i * s.a_stride + k] * b);
      }
      EXPECT_NEAR(got, std::clamp(sum, low, high), unit * size);
    }
  }
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <class T>
static void check_shape(std::int64_t m, std::int64_t n, std::int64_t k) {
  for (bool transposed : {false, true}) {
    for (bool packed : {false, true}) {
      Product<T> p = make_product<T>(m, n, k, transposed);
      run_product<T>(p, packed, 1, {});
      expect_product(p, false, -kInfinity, kInfinity);
      run_product<T>(p, packed, 2, {.bias = p.bias.data(), .clamp = true, .low = 0, .high = 6});
      expect_product(p, true, 0, 6);
    }
  }
}

TEST("gemm: every row count and every tail of a panel") {
  const int panel = tile_shape<float>().panel;
  for (std::int64_t m = 1; m <= 13; ++m) {
    for (std::int64_t n = 1; n <= panel + 2; n += n < 20 ? 1 : 7) check_shape<float>(m, n, 19);
  }
  for (std::int64_t m : {1, 5, 8}) {
    for (std::int64_t n = 1; n <= 37; ++n) check_shape<double>(m, n, 7);
  }
}

TEST("gemm: empty sides") {
  for (std::int64_t k : {0, 1, 5}) check_shape<float>(0, 7, k);
  for (std::int64_t k : {0, 1, 5}) check_shape<float>(7, 0, k);
  check_shape<float>(7, 9, 0);
  check_shape<double>(1, 9, 0);
  check_shape<float>(9, 1, 0);
}

TEST("gemm: depth beyond one block, many tasks") {
  check_shape<float>(37, 130, 2500);
  check_shape<float>(1, 3000, 700);
  check_shape<float>(3000, 1, 300);
  check_shape<float>(500, 40, 64);
  check_shape<double>(67, 90, 1100);
}

// c = a^T * b, a read as it is stored or copied slice by slice, must be the product of its
// transpose, bit for bit.
template <class T>
static void check_columns(std::int64_t m, std::int64_t n, std::int64_t k) {
  for (bool transposed : {false, true}) {
    Product<T> rows = make_product<T>(m, n, k, transposed), columns = rows;
    columns.shape.a_stride = 1, columns.shape.a_step = m + 3;
    columns.a.assign((m + 3) * k, T(55));
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t d = 0; d < k; ++d) {
        columns.a[d * (m + 3) + i] = rows.a[i * rows.shape.a_stride + d];
      }
    }
    run_product<T>(rows, false, 1, {.bias = rows.bias.data()});
    Product<T> copied = columns;
    copied.shape.a_stride = m + 3, copied.shape.a_step = 1, copied.shape.a_transposed = true;
    for (bool packed : {false, true}) {
      for (Product<T>* p : {&columns, &copied}) {
        p->c.assign(p->c.size(), T(77));
        run_product<T>(*p, packed, 2, {.bias = p->bias.data()});
        EXPECT(rows.c == p->c);
      }
    }
  }
}

TEST("gemm: a read by columns") {
  for (std::int64_t m = 2; m <= 13; ++m) check_columns<float>(m, 2 * m + 3, 9);
  check_columns<float>(2, 70, 5);
  check_columns<float>(200, 150, 1100);
  check_columns<float>(70, 100, 1024);
  check_columns<double>(29, 70, 40);
}

TEST("gemm: the same bits for any thread count, with and without packing") {
  Product<float> one = make_product<float>(300, 200, 1500, false), two = one, packed = one;
  run_product<float>(one, false, 1, {.bias = one.bias.data()});
  run_product<float>(two, false, 2, {.bias = one.bias.data()});
  run_product<float>(packed, true, 2, {.bias = one.bias.data()});
  EXPECT(one.c == two.c);
  EXPECT(one.c == packed.c);
}

TEST("gemm: NaN passes the clamp") {
  Product<float> p = make_product<float>(9, 70, 5, false);
  p.a[2 * p.shape.a_stride + 1] = std::nanf("");
  for (bool packed : {false, true}) {
    run_product<float>(p, packed, 1, {.clamp = true, .low = 0, .high = 6});
    for (std::int64_t j = 0; j < 70; ++j) EXPECT(std::isnan(p.c[2 * p.shape.c_stride + j]));
  }
}

// Adds the place of each element, and counts how often each is visited.
struct PlaceProgram {
  std::vector<int> visits;
  std::int64_t n;
  static void run(const void* context, float* y, std::int64_t stride, std::int64_t row,
                  std::int64_t rows, std::int64_t column, std::int64_t columns) {
    auto* self = static_cast<PlaceProgram*>(const_cast<void*>(context));
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t j = 0; j < columns; ++j) {
        self->visits[(row + r) * self->n + column + j]++;
        y[r * stride + j] += 1000 * (row + r) + column + j;
      }
    }
  }
};

TEST("gemm: the epilogue's program sees each finished element once") {
  for (auto [m, n] : {std::pair{400, 150}, {1, 700}, {700, 1}}) {
    for (bool packed : {false, true}) {
      Product<float> p = make_product<float>(m, n, 1200, false), plain = p;
      run_product<float>(plain, packed, 1, {});
      PlaceProgram program{std::vector<int>(m * n), n};
      run_product<float>(p, packed, 1, {.program = PlaceProgram::run, .context = &program});
      for (int i = 0; i < m * n; ++i) {
        const std::int64_t at = i / n * p.shape.c_stride + i % n;
        EXPECT(program.visits[i] == 1);
        EXPECT(p.c[at] == plain.c[at] + (1000 * (i / n) + i % n));
      }
    }
  }
}

TEST("gemm: transposed copies") {
  for (auto [rows, columns] : {std::pair{1, 1}, {5, 3}, {64, 130}, {67, 65}}) {
    const auto in = random_values<float>(rows * (columns + 2), 5);
    std::vector<float> out(columns * (rows + 3), 0.0f);
    transpose_block(in.data(), columns + 2, rows, columns, out.data(), rows + 3);
    for (int r = 0; r < rows; ++r) {
      for (int c = 0; c < columns; ++c) EXPECT(out[c * (rows + 3) + r] == in[r * (columns + 2) + c]);
    }
  }
}

}  // namespace tw::test
