#include <algorithm>
#include <map>
#include <string>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

// The n-grams of a pool, each with the number of its output.
template <class T>
class Grams {
 public:
  Grams(const Attrs& attrs, const std::vector<T>& pool) {
    const auto& starts = attrs.integers("ngram_counts");
    const auto& outputs = attrs.integers("ngram_indexes");
    std::size_t gram = 0;
    for (std::size_t n = 1; n <= starts.size(); ++n) {
      const std::int64_t begin = starts[n - 1];
      const std::int64_t end = n < starts.size() ? starts[n] : static_cast<std::int64_t>(pool.size());
      check(begin >= 0 && begin <= end && end <= static_cast<std::int64_t>(pool.size()) &&
                (end - begin) % static_cast<std::int64_t>(n) == 0,
            Code::kInvalidArgument, "ngram_counts does not cut the pool into n-grams");
      for (std::int64_t at = begin; at < end; at += static_cast<std::int64_t>(n)) {
        check(gram < outputs.size(), Code::kInvalidArgument, "ngram_indexes is too short");
        const auto first = pool.begin() + at;
        found_[std::vector<T>(first, first + static_cast<std::ptrdiff_t>(n))] = gram++;
      }
    }
  }

  // -1: none.
  std::int64_t find(const std::vector<T>& gram) const {
    const auto at = found_.find(gram);
    return at == found_.end() ? -1 : static_cast<std::int64_t>(at->second);
  }

 private:
  std::map<std::vector<T>, std::size_t> found_;
};

std::int64_t width_of(const Attrs& attrs) {
  std::int64_t width = 0;
  for (const std::int64_t i : attrs.integers("ngram_indexes")) {
    check(i >= 0 && i < (std::int64_t{1} << 31), Code::kInvalidArgument, "ngram_indexes has ", i);
    width = std::max(width, i + 1);
  }
  return width;
}

Shape counted_shape(const Shape& x, std::int64_t width) {
  check(x.rank() == 1 || x.rank() == 2, Code::kInvalidArgument, "expected rank 1 or 2, got ", x);
  return x.rank() == 1 ? Shape{width} : Shape{x[0], width};
}

void tf_idf_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  c.set_output(0, x.has_rank() ? counted_shape(x, width_of(c.attrs())) : x);
}

// How often each n-gram of the pool is in a row, with up to max_skip_count elements between its.
template <class T>
std::vector<float> counts_of(const Attrs& attrs, const Grams<T>& grams, const T* row,
                             std::int64_t length) {
  std::vector<float> counts(attrs.integers("ngram_indexes").size());
  std::vector<T> gram;
  // The pool has no longer ones, and the row neither.
  const auto pooled = static_cast<std::int64_t>(attrs.integers("ngram_counts").size());
  const std::int64_t most = std::min({attrs.integer("max_gram_length"), pooled, length});
  for (std::int64_t n = attrs.integer("min_gram_length"); n <= most; ++n) {
    const std::int64_t skips = n == 1 ? 0 : attrs.integer("max_skip_count");
    for (std::int64_t skip = 1; skip <= skips + 1 && (n - 1) * skip < length; ++skip) {
      for (std::int64_t i = 0; i + (n - 1) * skip < length; ++i) {
        gram.clear();
        for (std::int64_t k = 0; k < n; ++k) gram.push_back(row[i + k * skip]);
        const std::int64_t at = grams.find(gram);
        if (at >= 0) ++counts[static_cast<std::size_t>(at)];
      }
    }
  }
  return counts;
}

template <class T>
void count_all(OpContext& c, const std::vector<T>& pool) {
  const Tensor& x = c.input(0);
  const Attrs attrs = c.attrs();
  const auto& grams = c.prepared<Grams<T>>([&] { return Grams<T>(attrs, pool); });
  const auto& outputs = attrs.integers("ngram_indexes");
  const auto& weights = attrs.get<std::vector<double>>("weights");
  const std::string mode = attrs.string("mode");
  const std::int64_t width = width_of(attrs);
  Tensor& y = c.allocate_output(0, counted_shape(x.shape(), width));
  std::fill_n(y.mutable_data<float>(), y.size(), 0.0f);
  const std::int64_t length = x.dim(x.rank() - 1), rows = x.rank() == 1 ? 1 : x.dim(0);
  c.parallel_for(rows, [&](std::int64_t r, int) {
    const auto counts = counts_of(attrs, grams, x.data<T>() + r * length, length);
    for (std::size_t g = 0; g < counts.size(); ++g) {
      const float weight = g < weights.size() ? static_cast<float>(weights[g]) : 1.0f;
      const float count = mode == "IDF" ? std::min(counts[g], 1.0f) : counts[g];
      y.mutable_data<float>()[r * width + outputs[g]] = mode == "TF" ? count : count * weight;
    }
  });
}

void tf_idf_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  if (x.dtype() == DType::kString) {
    return count_all<std::string>(c, c.attrs().get<std::vector<std::string>>("pool_strings"));
  }
  const auto& pool = c.attrs().integers("pool_int64s");
  if (x.dtype() == DType::kInt64) return count_all<std::int64_t>(c, pool);
  count_all<std::int32_t>(c, std::vector<std::int32_t>(pool.begin(), pool.end()));
}

}  // namespace

OP(TfIdfVectorizer)
    .doc("Counts the n-grams of a pool in each row, as ONNX's operator of that name.")
    .input("X: T").output("Y: float32").attr("T: string|int32|int64")
    .attr("max_gram_length: int >= 1").attr("max_skip_count: int >= 0")
    .attr("min_gram_length: int >= 1").attr("mode: {TF, IDF, TFIDF}")
    .attr("ngram_counts: list(int)").attr("ngram_indexes: list(int)")
    .attr("pool_int64s: list(int) = []").attr("pool_strings: list(string) = []")
    .attr("weights: list(float) = []")
    .shape(tf_idf_shape)
    .no_gradient("counts are not differentiable")
    .kernel(Device::kCpu, tf_idf_kernel);

}  // namespace tw
