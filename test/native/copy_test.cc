#include "kernels/copy.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "kernels/gather_rows.h"
#include "kernels/sum_to.h"
#include "kernels/top_k.h"
#include "test.h"

using namespace tw;

namespace {

// A block of memory of its own, so that a sanitizer sees what lies beyond.
std::unique_ptr<char[]> bytes(std::int64_t n) {
  std::unique_ptr<char[]> block(new char[static_cast<std::size_t>(n)]);
  for (std::int64_t i = 0; i < n; ++i) block[static_cast<std::size_t>(i)] = char(i * 31 + i / 253);
  return block;
}

// Copies a dense source of these dims with its axes permuted, and compares with the plain loop.
void check_permuted(const std::vector<std::int64_t>& dims, const std::vector<int>& perm,
                    std::int64_t size) {
  const std::size_t rank = dims.size();
  std::vector<std::int64_t> from_steps(rank), to_dims(rank), to_steps(rank);
  std::int64_t total = size;
  for (std::size_t i = rank; i-- > 0; total *= dims[i]) from_steps[i] = total;
  for (std::size_t i = 0; i < rank; ++i) to_dims[i] = dims[static_cast<std::size_t>(perm[i])];
  std::int64_t step = size;
  for (std::size_t i = rank; i-- > 0; step *= to_dims[i]) to_steps[i] = step;
  std::vector<CopyAxis> axes(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    axes[i] = {to_dims[i], to_steps[i], from_steps[static_cast<std::size_t>(perm[i])]};
  }
  const auto from = bytes(total), to = std::make_unique<char[]>(static_cast<std::size_t>(total));
  const StridedCopy copy(axes.data(), static_cast<int>(rank), size);
  for (std::int64_t task = copy.tasks() - 1; task >= 0; --task) {
    copy.run(to.get(), from.get(), task);
  }
  for (std::int64_t i = 0; i < total / size; ++i) {
    std::int64_t rest = i, source = 0;
    for (std::size_t a = rank; a-- > 0; rest /= to_dims[a]) {
      source += rest % to_dims[a] * axes[a].from;
    }
    EXPECT(std::memcmp(to.get() + i * size, from.get() + source, std::size_t(size)) == 0);
  }
}

}  // namespace

TEST("copy: every permutation of small and odd dims, every element size") {
  std::mt19937 random(7);
  const std::vector<std::vector<int>> perms = {{0},          {1, 0},       {0, 2, 1},    {2, 1, 0},
                                               {1, 0, 2},    {2, 0, 1},    {0, 2, 3, 1}, {0, 3, 1,
                                                                                          2},
                                               {3, 1, 0, 2}, {1, 3, 2, 0}};
  const std::int64_t choices[] = {1, 2, 3, 4, 5, 8, 13, 16, 17, 31, 33};
  for (std::int64_t size : {1, 2, 4, 8, 16}) {
    for (const auto& perm : perms) {
      for (int trial = 0; trial < 12; ++trial) {
        std::vector<std::int64_t> dims;
        for (std::size_t i = 0; i < perm.size(); ++i) dims.push_back(choices[random() % 11]);
        check_permuted(dims, perm, size);
      }
    }
  }
}

TEST("copy: every other element, of one row and of several") {
  for (std::int64_t size : {1, 2, 4, 8}) {
    for (std::int64_t count : {1, 2, 7, 8, 9, 16, 17, 40, 100}) {
      for (std::int64_t gap : {0, 3}) {
        const std::int64_t rows = 3, pitch = 2 * count + gap;
        const CopyAxis axes[] = {{rows, count * size, pitch * size}, {count, size, 2 * size}};
        // The source ends with the last element that is taken.
        const auto from = bytes(((rows - 1) * pitch + 2 * count - 1) * size);
        const auto to = std::make_unique<char[]>(std::size_t(rows * count * size));
        const StridedCopy copy(axes, 2, size);
        for (std::int64_t task = 0; task < copy.tasks(); ++task) {
          copy.run(to.get(), from.get(), task);
        }
        for (std::int64_t i = 0; i < rows * count; ++i) {
          const char* source = from.get() + (i / count * pitch + i % count * 2) * size;
          EXPECT(std::memcmp(to.get() + i * size, source, std::size_t(size)) == 0);
        }
      }
    }
  }
}

TEST("copy: transpositions that are cut into tasks") {
  for (std::int64_t size : {1, 2, 4, 8, 16}) {
    check_permuted({300, 411}, {1, 0}, size);
    check_permuted({3, 50000}, {1, 0}, size);
    check_permuted({50001, 3}, {1, 0}, size);
    check_permuted({2, 7, 63, 65}, {0, 2, 3, 1}, size);
  }
  check_permuted({2100, 2100}, {1, 0}, 4);  // beyond the bound for stores around the caches
}

TEST("copy: steps of any sign, repeats, and gaps in the target") {
  const auto from = bytes(4096);
  for (std::int64_t size : {1, 2, 4, 8, 16}) {
    std::vector<char> to(static_cast<std::size_t>(64 * size), 'x');
    const CopyAxis axes[] = {{4, 16 * size, 0}, {5, 2 * size, -3 * size}, {1, 999, 999}};
    const StridedCopy copy(axes, 3, size);
    for (std::int64_t task = 0; task < copy.tasks(); ++task) {
      copy.run(to.data(), from.get() + 40 * size, task);
    }
    for (std::int64_t i = 0; i < 64; ++i) {
      const std::int64_t k = i % 16 / 2;
      const bool written = i % 2 == 0 && k < 5;
      const char* wanted = from.get() + (40 - 3 * k) * size;
      const char* got = to.data() + i * size;
      EXPECT(written ? std::memcmp(got, wanted, std::size_t(size)) == 0 : got[0] == 'x');
    }
    const CopyAxis fill[] = {{7, 9 * size, size}, {9, size, 0}};
    const StridedCopy repeat(fill, 2, size);
    std::vector<char> filled(static_cast<std::size_t>(63 * size));
    for (std::int64_t task = 0; task < repeat.tasks(); ++task) {
      repeat.run(filled.data(), from.get(), task);
    }
    for (std::int64_t i = 0; i < 63; ++i) {
      EXPECT(std::memcmp(&filled[std::size_t(i * size)], from.get() + i / 9 * size,
                         std::size_t(size)) == 0);
    }
  }
  const CopyAxis none[] = {{0, 4, 4}};
  EXPECT(StridedCopy(none, 1, 4).tasks() == 0);
}

TEST("copy: runs of every short length") {
  for (std::int64_t n = 1; n < 140; ++n) {
    const auto from = bytes(3 * (n + 5));
    std::vector<char> to(static_cast<std::size_t>(3 * n));
    const CopyAxis axes[] = {{3, n, n + 5}, {n, 1, 1}};
    const StridedCopy copy(axes, 2, 1);
    for (std::int64_t task = 0; task < copy.tasks(); ++task) copy.run(to.data(), from.get(), task);
    for (std::int64_t r = 0; r < 3; ++r) {
      EXPECT(std::memcmp(&to[std::size_t(r * n)], from.get() + r * (n + 5), std::size_t(n)) == 0);
    }
  }
}

TEST("gather rows: rows of every width") {
  const auto from = bytes(1000);
  const std::int64_t offsets[] = {7, 0, 900, 7, 33};
  for (std::int64_t width : {1, 2, 3, 4, 8, 16, 17, 64, 100}) {
    std::vector<char> to(static_cast<std::size_t>(5 * width));
    gather_rows(to.data(), from.get(), offsets, 5, width);
    for (std::int64_t r = 0; r < 5; ++r) {
      EXPECT(std::memcmp(&to[std::size_t(r * width)], from.get() + offsets[r],
                         std::size_t(width)) == 0);
    }
  }
}

TEST("sum to: kept and summed axes in turn") {
  const std::vector<std::vector<std::int64_t>> shapes = {{5, 7, 3}, {2, 3, 70}, {1, 130, 9}, {4, 1,
                                                                                              1}};
  for (const auto& dims : shapes) {
    for (int mask = 0; mask < 8; ++mask) {
      SumAxes axes;
      std::int64_t kept = 1, size = 1;
      for (int i = 0; i < 3; ++i) {
        const std::int64_t dim = dims[static_cast<std::size_t>(i)];
        axes.add(dim, (mask >> i & 1) != 0);
        kept *= (mask >> i & 1) != 0 ? 1 : dim;
        size *= dim;
      }
      std::vector<float> x(static_cast<std::size_t>(size)), y(static_cast<std::size_t>(kept));
      std::vector<float> wanted(static_cast<std::size_t>(kept));
      for (std::int64_t i = 0; i < size; ++i) {
        const std::int64_t at[] = {i / (dims[1] * dims[2]), i / dims[2] % dims[1], i % dims[2]};
        std::int64_t place = 0;
        for (int a = 0; a < 3; ++a) {
          const auto k = static_cast<std::size_t>(a);
          if ((mask >> a & 1) == 0) place = place * dims[k] + at[a];
        }
        x[std::size_t(i)] = float(i % 17);
        wanted[std::size_t(place)] += float(i % 17);
      }
      const SumTo sum(axes, DType::kFloat32);
      for (std::int64_t task = 0; task < sum.tasks(); ++task) sum.run(y.data(), x.data(), task);
      EXPECT(y == wanted);
    }
  }
}

TEST("top k: the order of a full sort, for every k") {
  std::mt19937 random(3);
  for (std::int64_t n : {1, 2, 9, 64, 300}) {
    std::vector<float> x;
    for (std::int64_t i = 0; i < n; ++i) x.push_back(float(random() % 50));
    std::vector<std::int64_t> order(x.size()), places(x.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = std::int64_t(i);
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
      return x[std::size_t(a)] > x[std::size_t(b)];
    });
    std::vector<float> values(x.size());
    for (std::int64_t k = 0; k <= n; ++k) {
      top_k_row(DType::kFloat32)(x.data(), n, k, true, values.data(), places.data());
      EXPECT(std::equal(places.begin(), places.begin() + k, order.begin()));
    }
  }
}
