#include "tensor/shape.h"

#include <algorithm>

#include "base/error.h"

namespace tw {

Shape::Shape(std::initializer_list<std::int64_t> dims)
    : Shape(std::span<const std::int64_t>(dims.begin(), dims.size())) {}

Shape::Shape(std::span<const std::int64_t> dims) {
  check(dims.size() <= kMaxRank, Code::kInvalidArgument, "expected a rank of at most ", kMaxRank,
        ", got ", dims.size());
  rank_ = static_cast<int>(dims.size());
  for (int i = 0; i < rank_; ++i) {
    check(dims[i] >= kUnknownDim, Code::kInvalidArgument, "dim ", i, " is negative: ", dims[i]);
    dims_[i] = dims[i];
  }
}

Shape Shape::unknown() noexcept {
  Shape shape;
  shape.rank_ = -1;
  return shape;
}

Shape Shape::unknown_dims(int rank) {
  Shape shape;
  for (int i = 0; i < rank; ++i) shape.push_back(kUnknownDim);
  return shape;
}

std::int64_t Shape::size() const {
  check(fully_known(), Code::kInternal, "size of a shape that is not known: ", *this);
  std::int64_t size = 1;
  for (std::int64_t dim : dims()) {
    if (dim == 0) return 0;
  }
  for (std::int64_t dim : dims()) size = checked_product(size, dim);
  return size;
}

std::int64_t Shape::size(int first, int last) const noexcept {
  std::int64_t size = 1;
  for (int i = first; i < last; ++i) size *= dims_[i];
  return size;
}

void Shape::push_back(std::int64_t dim) {
  check(rank_ >= 0 && rank_ < kMaxRank, Code::kInvalidArgument, "expected a rank of at most ",
        kMaxRank);
  dims_[rank_++] = dim;
}

std::array<std::int64_t, kMaxRank> Shape::strides() const noexcept {
  std::array<std::int64_t, kMaxRank> strides{};
  std::int64_t stride = 1;
  for (int i = rank_ - 1; i >= 0; --i) {
    strides[i] = stride;
    stride *= dims_[i];
  }
  return strides;
}

std::string Shape::to_string() const {
  if (!has_rank()) return "<unknown>";
  std::string out = "[";
  for (int i = 0; i < rank_; ++i) {
    if (i > 0) out += ", ";
    out += dims_[i] == kUnknownDim ? "?" : std::to_string(dims_[i]);
  }
  return out + "]";
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << shape.to_string(); }

bool compatible(const Shape& a, const Shape& b) noexcept {
  if (!a.has_rank() || !b.has_rank()) return true;
  if (a.rank() != b.rank()) return false;
  for (int i = 0; i < a.rank(); ++i) {
    if (a[i] != b[i] && a[i] != kUnknownDim && b[i] != kUnknownDim) return false;
  }
  return true;
}

Shape merge(const Shape& a, const Shape& b) {
  if (!a.has_rank()) return b;
  if (!b.has_rank()) return a;
  check(a.rank() == b.rank(), Code::kInvalidArgument, "Shapes must be equal rank, but are ",
        a.rank(), " and ", b.rank(), ": ", a, " and ", b);
  Shape merged = a;
  for (int i = 0; i < a.rank(); ++i) {
    if (a[i] == kUnknownDim) merged[i] = b[i];
    check(a[i] == kUnknownDim || b[i] == kUnknownDim || a[i] == b[i], Code::kInvalidArgument,
          "Dimension ", i, " in both shapes must be equal, but are ", a[i], " and ", b[i], ": ", a,
          " and ", b);
  }
  return merged;
}

Shape broadcast(const Shape& a, const Shape& b) {
  if (!a.has_rank() || !b.has_rank()) return Shape::unknown();
  const int rank = std::max(a.rank(), b.rank());
  Shape out = Shape::unknown_dims(rank);
  for (int i = 0; i < rank; ++i) {
    const int ia = i - (rank - a.rank()), ib = i - (rank - b.rank());
    const std::int64_t da = ia < 0 ? 1 : a[ia], db = ib < 0 ? 1 : b[ib];
    if (da == 1) {
      out[i] = db;
    } else if (db == 1 || da == db) {
      out[i] = da;
    } else if (da == kUnknownDim || db == kUnknownDim) {
      out[i] = std::max(da, db);
    } else {
      fail(Code::kInvalidArgument, "shapes ", a, " and ", b,
           " cannot be broadcast: Dimensions must be equal, but are ", da, " and ", db);
    }
  }
  return out;
}

int normal_axis(std::int64_t axis, int rank) {
  check(axis >= -rank && axis < rank, Code::kInvalidArgument, "expected an axis in [", -rank, ", ",
        rank, "), got ", axis);
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

std::int64_t checked_product(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  check(!__builtin_mul_overflow(a, b, &product), Code::kInvalidArgument,
        "element count overflows: ", a, " * ", b);
  return product;
}

}  // namespace tw
