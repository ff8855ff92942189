#pragma once

#include <cstdint>
#include <type_traits>

#include "ops/linalg/compute.h"

namespace tw {

// Kernels want channels last and float or double; these bring tensors there, through temporaries
// where they are neither (the layout pass leaves few of them channels first).

// A type of T's size that transposes know.
template <class T>
using Carrier = std::conditional_t<
    sizeof(T) == 8, double,
    std::conditional_t<sizeof(T) == 4, float,
                       std::conditional_t<sizeof(T) == 2, std::uint16_t, std::uint8_t>>>;

template <class T>
const T* rows_of(OpContext& c, const Tensor& x) {
  if constexpr (std::is_floating_point_v<T>) return compute_input<T>(c, x);
  return x.data<T>();
}

// Shape [batch, channels, ...] when channels_first.
template <class T>
const T* channels_last_input(OpContext& c, const Tensor& x, bool channels_first) {
  const T* data = rows_of<T>(c, x);
  if (!channels_first || x.size() == 0) return data;
  const std::int64_t channels = x.dim(1), pixels = x.size() / (x.dim(0) * channels);
  if (channels == 1 || pixels == 1) return data;
  using C = Carrier<T>;
  C* out = c.temporary_of<C>(x.size());
  transpose_all(c, reinterpret_cast<const C*>(data), x.dim(0), channels, pixels, out);
  return reinterpret_cast<const T*>(out);
}

// Where a kernel writes channels-last rows of y; finish() brings them to y.
template <class T>
class ChannelsLastOutput {
 public:
  ChannelsLastOutput(OpContext& c, Tensor& y, bool channels_first) : c_(c), y_(y) {
    channels_ = channels_first ? y.dim(1) : 1;
    if constexpr (std::is_floating_point_v<T>) {
      stored_ = compute_output<T>(c, y);
    } else {
      stored_ = y.mutable_data<T>();
    }
    rows_ = channels_ > 1 ? c.temporary_of<T>(y.size()) : stored_;
  }

  T* data() const noexcept { return rows_; }

  void finish() {
    if (rows_ != stored_ && y_.size() > 0) {
      using C = Carrier<T>;
      const std::int64_t pixels = y_.size() / (y_.dim(0) * channels_);
      transpose_all(c_, reinterpret_cast<const C*>(rows_), y_.dim(0), pixels, channels_,
                    reinterpret_cast<C*>(stored_));
    }
    if constexpr (std::is_floating_point_v<T>) finish_output(c_, stored_, y_);
  }

 private:
  OpContext& c_;
  Tensor& y_;
  std::int64_t channels_;
  T* stored_;
  T* rows_;
};

}  // namespace tw
