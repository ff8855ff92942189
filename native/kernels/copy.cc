#include "kernels/copy.h"

#include <algorithm>

namespace tw {
namespace {

// Large enough to hide the cost of a task, small enough to stay in L2 with its source.
constexpr std::int64_t kTaskBytes = 128 << 10;
// Measured with 4-byte elements: from about here on, stores around the caches win (by 1.1 to 1.4).
constexpr std::int64_t kStreamBytes = 16 << 20;
// Chunks of a transposition are whole blocks of cache lines.
constexpr std::int64_t kBlock = 64;

std::int64_t magnitude(std::int64_t x) noexcept { return x < 0 ? -x : x; }

}  // namespace

StridedCopy::StridedCopy(const CopyAxis* axes, int count, std::int64_t element_bytes) noexcept
    : element_bytes_(element_bytes) {
  for (int i = 0; i < count; ++i) {
    if (axes[i].size == 0) return;
    add(axes[i]);
  }
  merge();
  widen();
  while (rank_ < 2) add({1, INT64_MAX, 0});
  choose_loop();
  cut();
}

// Keeps the axes sorted by their steps in the target, so that it is written in order.
void StridedCopy::add(const CopyAxis& axis) noexcept {
  if (axis.size == 1 && axis.to != INT64_MAX) return;
  int at = rank_++;
  for (; at > 0 && magnitude(axes_[at - 1].to) < magnitude(axis.to); --at) {
    axes_[at] = axes_[at - 1];
  }
  axes_[at] = axis;
}

void StridedCopy::merge() noexcept {
  int kept = 0;
  for (int i = 1; i < rank_; ++i) {
    CopyAxis& outer = axes_[kept];
    const CopyAxis& inner = axes_[i];
    if (outer.to == inner.to * inner.size && outer.from == inner.from * inner.size) {
      outer = {outer.size * inner.size, inner.to, inner.from};
    } else {
      axes_[++kept] = inner;
    }
  }
  rank_ = std::min(rank_, kept + 1);
}

// A short run becomes one wider element, so that it can be transposed or repeated.
void StridedCopy::widen() noexcept {
  if (rank_ == 0) return;
  const CopyAxis& inner = axes_[rank_ - 1];
  const std::int64_t bytes = inner.size * element_bytes_;
  const bool run = inner.to == element_bytes_ && inner.from == element_bytes_;
  if (!run || bytes > 16 || (bytes & (bytes - 1)) != 0) return;
  element_bytes_ = bytes;
  --rank_;
}

void StridedCopy::choose_loop() noexcept {
  const CopyAxis inner = axes_[rank_ - 1];
  loop_ = copy_elements(element_bytes_);
  if (inner.to != element_bytes_) return;
  if (inner.from == element_bytes_) {
    loop_ = copy_runs(element_bytes_);
  } else if (inner.from == 0) {
    loop_ = copy_repeats(element_bytes_);
  } else {
    for (int i = rank_ - 2; i >= 0; --i) {
      if (axes_[i].from != element_bytes_ || axes_[i].size == 1) continue;
      std::rotate(axes_.begin() + i, axes_.begin() + i + 1, axes_.begin() + rank_ - 1);
      tiled_ = true;
      std::int64_t bytes = element_bytes_;
      for (int k = 0; k < rank_; ++k) bytes *= axes_[k].size;
      loop_ = copy_transposed(element_bytes_, bytes > kStreamBytes);
      return;
    }
  }
}

void StridedCopy::cut() noexcept {
  std::int64_t bytes = element_bytes_;
  cut_axis_ = rank_ - 1;
  while (cut_axis_ > 0 && bytes * axes_[cut_axis_].size < kTaskBytes) {
    bytes *= axes_[cut_axis_--].size;
  }
  const std::int64_t size = axes_[cut_axis_].size;
  chunk_ = std::clamp<std::int64_t>(kTaskBytes / bytes, 1, size);
  if (tiled_ && cut_axis_ >= rank_ - 2) chunk_ = (chunk_ + kBlock - 1) / kBlock * kBlock;
  chunks_ = (size + chunk_ - 1) / chunk_;
  tasks_ = chunks_;
  for (int i = 0; i < cut_axis_; ++i) tasks_ *= axes_[i].size;
}

void StridedCopy::run(char* to, const char* from, std::int64_t task) const noexcept {
  std::array<CopyAxis, kMaxCopyAxes + 2> axes;
  std::copy_n(axes_.begin(), rank_, axes.begin());
  const auto step = [&](int axis, std::int64_t index) {
    to += index * axes[axis].to;
    from += index * axes[axis].from;
  };
  const std::int64_t first = task % chunks_ * chunk_;
  task /= chunks_;
  if (first > 0) step(cut_axis_, first);
  axes[cut_axis_].size = std::min(chunk_, axes[cut_axis_].size - first);
  for (int i = cut_axis_ - 1; i >= 0; --i) {
    step(i, task % axes[i].size);
    task /= axes[i].size;
  }
  const CopyAxis &outer = axes[rank_ - 2], &inner = axes[rank_ - 1];
  if (cut_axis_ == rank_ - 1) {
    loop_(to, from, {1, outer.to, outer.from}, inner);
    return;
  }
  std::array<std::int64_t, kMaxCopyAxes + 2> index{};
  for (;;) {
    loop_(to, from, outer, inner);
    int i = rank_ - 3;
    for (; i >= cut_axis_; --i) {
      step(i, 1);
      if (++index[i] < axes[i].size) break;
      step(i, -index[i]);
      index[i] = 0;
    }
    if (i < cut_axis_) return;
  }
}

}  // namespace tw
