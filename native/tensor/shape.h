#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <span>
#include <string>

namespace tw {

constexpr std::int64_t kUnknownDim = -1;
constexpr int kMaxRank = 10;

// A shape as far as it is known: unknown rank, or dims of which each may be kUnknownDim.
// A tensor's shape is always fully known, and its element count fits an int64.
class Shape {
 public:
  Shape() noexcept {}  // rank 0; dims beyond the rank hold no value
  Shape(std::initializer_list<std::int64_t> dims);
  explicit Shape(std::span<const std::int64_t> dims);
  static Shape unknown() noexcept;
  static Shape unknown_dims(int rank);

  bool has_rank() const noexcept { return rank_ >= 0; }
  bool fully_known() const noexcept {
    bool known = rank_ >= 0;
    for (int i = 0; i < rank_; ++i) known = known && dims_[i] != kUnknownDim;
    return known;
  }
  int rank() const noexcept { return rank_; }
  std::int64_t operator[](int axis) const noexcept { return dims_[axis]; }
  std::int64_t& operator[](int axis) noexcept { return dims_[axis]; }
  const std::int64_t* begin() const noexcept { return dims_.data(); }
  const std::int64_t* end() const noexcept { return dims_.data() + (rank_ > 0 ? rank_ : 0); }
  std::span<const std::int64_t> dims() const noexcept { return {begin(), end()}; }

  // The number of elements; fully known shapes only. Throws when it does not fit.
  std::int64_t size() const;
  // The product of dims [begin, end).
  std::int64_t size(int begin, int end) const noexcept;
  void push_back(std::int64_t dim);
  // Row-major, in elements.
  std::array<std::int64_t, kMaxRank> strides() const noexcept;

  bool operator==(const Shape& other) const noexcept {
    bool same = rank_ == other.rank_;
    for (int i = 0; same && i < rank_; ++i) same = dims_[i] == other.dims_[i];
    return same;
  }
  // "[32, ?, 3]", "<unknown>".
  std::string to_string() const;

 private:
  std::array<std::int64_t, kMaxRank> dims_;
  int rank_ = 0;
};

std::ostream& operator<<(std::ostream& out, const Shape& shape);

// True when one shape could stand for both.
bool compatible(const Shape& a, const Shape& b) noexcept;
// What both shapes say together; throws kInvalidArgument when they disagree.
Shape merge(const Shape& a, const Shape& b);
// numpy broadcasting of partially known shapes; throws kInvalidArgument when impossible.
Shape broadcast(const Shape& a, const Shape& b);
// The axis in [0, rank); throws when it is outside [-rank, rank).
int normal_axis(std::int64_t axis, int rank);
// a * b; throws kInvalidArgument on overflow.
std::int64_t checked_product(std::int64_t a, std::int64_t b);

}  // namespace tw
