#include "ops/linalg/stored_matrix.h"

#include <cstring>
#include <vector>

#include "graph/evaluate.h"
#include "graph/graph.h"
#include "kernels/pack.h"
#include "random_data.h"
#include "test.h"

namespace tw::test {
namespace {

struct Size {
  std::int64_t k, n, taps;
  bool outputs_first;
};

constexpr Size kSizes[] = {{5, 2, 1, false},    {40, 130, 1, false}, {1000, 77, 1, false},
                           {5, 2, 1, true},     {40, 130, 1, true},  {3000, 70, 1, true},
                           {27, 40, 9, true},   {580, 65, 4, true},  {301, 9, 301, true},
                           {9 * 700, 67, 9, true}};

PackedMatrix packed(const Size& size, const std::vector<float>& plain) {
  PackedMatrix matrix;
  matrix.k = size.k;
  matrix.n = size.n;
  matrix.taps = size.taps;
  matrix.outputs_first = size.outputs_first;
  std::size_t at = 0;
  return packed_from(std::move(matrix), [&](void* to, std::size_t bytes) {
    std::memcpy(to, plain.data() + at, bytes);
    at += bytes / sizeof(float);
  });
}

// The same matrix as rows of outputs: [taps, channels, n].
std::vector<float> as_rows(const Size& s, const std::vector<float>& plain) {
  if (!s.outputs_first) return plain;
  std::vector<float> rows(plain.size());
  const std::int64_t channels = s.k / s.taps;
  for (std::int64_t n = 0; n < s.n; ++n) {
    for (std::int64_t c = 0; c < channels; ++c) {
      for (std::int64_t t = 0; t < s.taps; ++t) {
        rows[static_cast<std::size_t>((t * channels + c) * s.n + n)] =
            plain[static_cast<std::size_t>(n * s.k + c * s.taps + t)];
      }
    }
  }
  return rows;
}

Shape shape_of(const Size& s) {
  if (!s.outputs_first) return {s.k, s.n};
  return {s.n, s.k / s.taps, s.taps};
}

TEST("stored matrices are those that products pack, and come back") {
  for (const Size& size : kSizes) {
    const auto plain = random_values<float>(size.k * size.n, 1);
    const PackedMatrix matrix = packed(size, plain);
    const auto rows = as_rows(size, plain);
    std::vector<float> expected(static_cast<std::size_t>(packed_size<float>(size.k, size.n)));
    pack_matrix<float>({rows.data(), size.n}, size.k, size.n, expected.data());
    EXPECT(matrix.panels.size() == static_cast<std::int64_t>(expected.size()));
    EXPECT(std::memcmp(matrix.panels.raw(), expected.data(), matrix.panels.bytes()) == 0);
    std::vector<float> back(plain.size());
    unpack_matrix(matrix, back.data());
    EXPECT(back == plain);
  }
}

TEST("a deferred constant makes its elements once and lets its packed form go") {
  const auto plain = random_values<float>(40 * 130, 2);
  const Tensor value = deferred({40, 130}, packed(kSizes[1], plain), unpack_matrix);
  const Tensor twin = deferred({40, 130}, packed(kSizes[1], plain), unpack_matrix);
  auto changed = plain;
  changed.back() += 1;
  const Tensor other = deferred({40, 130}, packed(kSizes[1], changed), unpack_matrix);
  EXPECT(packed_form(value).has_value() && packed_form(value.reshaped({80, 65})).has_value());
  EXPECT(std::memcmp(plain_copy(value).raw(), plain.data(), value.bytes()) == 0);
  EXPECT(packed_form(value).has_value());
  const std::uint64_t hash = content_hash(value);
  EXPECT(hash == content_hash(twin) && identical(value, twin) && !identical(value, other));
  EXPECT(hash != content_hash(other) && packed_form(value) && packed_form(twin));
  EXPECT(std::memcmp(value.raw(), plain.data(), value.bytes()) == 0);
  EXPECT(!packed_form(value).has_value() && value.raw() == value.reshaped({80, 65}).raw());
  EXPECT(content_hash(value) == hash && identical(value, twin));
  // A part of it is another content.
  const Tensor part(DType::kFloat32, {40, 130}, value.raw(), value.buffer());
  EXPECT(content_hash(part) != hash && identical(part, value));
}

TEST("transposing a filter whose outputs come first moves nothing") {
  const Size size{9 * 20, 70, 9, true};
  const auto plain = random_values<float>(size.k * size.n, 3);
  const Tensor filter = deferred({70, 20, 3, 3}, packed(size, plain), unpack_matrix);
  Graph graph;
  const Output x = graph.constant(filter);
  const Output y = graph.constant(plain_copy(filter));
  const std::vector<std::int32_t> perms[] = {{2, 3, 1, 0}, {1, 0, 3, 2}};
  for (const std::vector<std::int32_t>& perm : perms) {
    const Output order = graph.constant(Tensor::vector(perm));
    const int fast = graph.add({"Transpose", "", {x, order}, {}, {}, ""});
    const int slow = graph.add({"Transpose", "", {y, order}, {}, {}, ""});
    const bool turned = perm[0] == 2;
    const Tensor a = evaluate(graph, fast, std::vector{filter, Tensor::vector(perm)})[0];
    const Tensor b =
        evaluate(graph, slow, std::vector{*graph.constant_value(y), Tensor::vector(perm)})[0];
    EXPECT(packed_form(a).has_value() == turned);
    EXPECT(identical(a, b));
  }
  EXPECT(!packed_form(filter).has_value());
}

TEST("a source that ends stops the packing") {
  PackedMatrix matrix;
  matrix.k = 40;
  matrix.n = 130;
  const auto source = [](void*, std::size_t) { fail(Code::kDataLoss, "no more"); };
  EXPECT_ERROR(packed_from(std::move(matrix), source), Code::kDataLoss);
}

}  // namespace
}  // namespace tw::test
