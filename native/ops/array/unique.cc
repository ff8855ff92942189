#include <unordered_map>

#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

// The bits by which two elements are one: zeros of both signs are equal, NaN equals nothing.
template <class T>
struct Equality {
  static bool same(const T& a, const T& b) { return a == b; }
  static std::size_t hash(const T& x) { return std::hash<T>()(x); }
};
template <class Storage>
struct NarrowFloat {
  static bool same(Storage a, Storage b) { return to_float(a) == to_float(b); }
  static std::size_t hash(Storage x) { return std::hash<float>()(to_float(x)); }
};
template <>
struct Equality<Half> : NarrowFloat<Half> {};
template <>
struct Equality<BFloat16> : NarrowFloat<BFloat16> {};

// Finds for each element the number of the first one equal to it; counts how often each comes.
template <class T>
struct Distinct {
  std::vector<std::int64_t> places, counts, index;

  explicit Distinct(const Tensor& x) {
    const T* data = x.data<T>();
    const auto hash = [&](std::int64_t i) { return Equality<T>::hash(data[i]); };
    const auto same = [&](std::int64_t a, std::int64_t b) {
      return Equality<T>::same(data[a], data[b]);
    };
    std::unordered_map<std::int64_t, std::int64_t, decltype(hash), decltype(same)> seen(16, hash,
                                                                                        same);
    for (std::int64_t i = 0; i < x.size(); ++i) {
      const auto next = static_cast<std::int64_t>(places.size());
      const auto [at, added] = seen.emplace(i, next);
      if (added) {
        places.push_back(i);
        counts.push_back(0);
      }
      ++counts[static_cast<std::size_t>(at->second)];
      index.push_back(at->second);
    }
  }
};

void write_indices(Tensor& y, const std::vector<std::int64_t>& values) {
  visit_index(y.dtype(), [&]<class I>() {
    for (std::size_t i = 0; i < values.size(); ++i) {
      y.mutable_data<I>()[i] = static_cast<I>(values[i]);
    }
  });
}

template <class T>
void unique(OpContext& c) {
  const Tensor& x = c.input(0);
  const Distinct<T> found(x);
  const auto count = static_cast<std::int64_t>(found.places.size());
  Tensor& y = c.allocate_output(0, Shape{count});
  for (std::int64_t i = 0; i < count; ++i) {
    y.mutable_data<T>()[i] = x.data<T>()[found.places[static_cast<std::size_t>(i)]];
  }
  write_indices(c.allocate_output(1, Shape{x.size()}), found.index);
  if (c.outputs() > 2) write_indices(c.allocate_output(2, Shape{count}), found.counts);
}

void unique_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() == 1, Code::kInvalidArgument, "unique expects a 1D vector, got shape ", x.shape());
  if (x.dtype() == DType::kString) return unique<std::string>(c);
  if (x.dtype() == DType::kBool) return unique<std::uint8_t>(c);
  visit_numeric(x.dtype(), [&]<class T>() { unique<T>(c); });
}

void unique_shape(ShapeContext& c) {
  const Shape& x = c.with_rank(0, 1);
  c.set_output(0, Shape{kUnknownDim});
  c.set_output(1, x.has_rank() ? x : Shape{kUnknownDim});
  if (c.outputs() > 2) c.set_output(2, Shape{kUnknownDim});
}

}  // namespace

OP(Unique)
    .doc("The distinct elements y of a vector, in the order in which they first come, and for each "
         "element of x its index in y. NaN is distinct from everything.")
    .input("x: T").output("y: T").output("idx: out_idx")
    .attr("T: real|string").attr("out_idx: int32|int64 = int32")
    .shape(unique_shape)
    .no_gradient("not registered: the number of outputs depends on the values")
    .kernel(Device::kCpu, unique_kernel);

OP(UniqueWithCounts)
    .doc("As Unique, and how often each element of y comes.")
    .input("x: T").output("y: T").output("idx: out_idx").output("count: out_idx")
    .attr("T: real|string").attr("out_idx: int32|int64 = int32")
    .shape(unique_shape)
    .no_gradient("not registered: the number of outputs depends on the values")
    .kernel(Device::kCpu, unique_kernel);

}  // namespace tw
