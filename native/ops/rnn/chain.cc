#include <algorithm>

#include "kernels/pack.h"
#include "kernels/tile_block.h"
#include "ops/rnn/sequence.h"

namespace tw::recurrent {
namespace {

template <class T>
std::int64_t packed_r_size(const Cell& cell, std::int64_t hidden) {
  std::int64_t size = 0;
  for (int part : cell.parts) size += packed_size<T>(hidden, part * hidden);
  return size;
}

// r in panels, packed now when that was not done before.
template <class T>
const T* packed_r(const Sequence<T>& q) {
  if ((q.packed & 2) != 0) return q.r;
  const std::int64_t hidden = q.s.hidden, size = packed_r_size<T>(q.cell, hidden);
  T* packed = q.c.template temporary_of<T>(q.s.directions * size);
  const T* from = q.r;
  T* out = packed;
  for (std::int64_t d = 0; d < q.s.directions; ++d) {
    for (int part : q.cell.parts) {
      pack_matrix<T>({from, hidden, true}, hidden, part * hidden, out);
      from += part * hidden * hidden;
      out += packed_size<T>(hidden, part * hidden);
    }
  }
  return packed;
}

// One direction of batch entries [first, last), over all steps.
template <class T>
class Chain {
 public:
  // pointers: 4 * batch of T*, zeros: hidden of T, scratch: batch rows.
  Chain(const Sequence<T>& q, std::int64_t d, std::int64_t first, std::int64_t last,
        const T** pointers, T* scratch, const T* zeros)
      : q_(q), d_(d), first_(first), last_(last) {
    const std::int64_t batch = q.s.batch;
    before_ = pointers + first;
    active_ = pointers + batch + first;
    gates_ = const_cast<T**>(pointers + 2 * batch + first);
    h_ = const_cast<T**>(pointers + 3 * batch + first);
    c_ = const_cast<T**>(pointers + 4 * batch + first);
    step_.rows_scratch = pointers + 5 * batch + first;
    step_.scratch = scratch + first * q.work.scratch_width * q.s.hidden;
    for (std::int64_t b = first; b < last; ++b) {
      const std::int64_t row = q.s.state_row(d, b) * q.s.hidden;
      before_[b - first] = q.h0 != nullptr ? q.h0 + row : zeros;
      if (q.y_c == nullptr) continue;
      std::copy_n(q.c0 != nullptr ? q.c0 + row : zeros, q.s.hidden, q.y_c + row);
    }
    const bool second = d == 1 || q.c.attrs().string("direction") == "reverse";
    backwards_ = second;
  }

  void run(const T* packed_r) {
    const std::int64_t count = static_cast<std::int64_t>(q_.activations.size()) / q_.s.directions;
    step_.h_before = active_;
    step_.gates = gates_;
    step_.h = h_;
    step_.c = c_;
    step_.hidden = q_.s.hidden;
    step_.packed = packed_r + d_ * packed_r_size<T>(q_.cell, q_.s.hidden);
    step_.hidden_bias = q_.b != nullptr ? q_.b + (2 * d_ + 1) * q_.s.width() : nullptr;
    step_.peepholes = q_.p != nullptr ? q_.p + d_ * 3 * q_.s.hidden : nullptr;
    step_.activations = q_.activations.data() + d_ * count;
    step_.clip = clip_of(q_.c.attrs());
    step_.input_forget = q_.cell.gates == 4 && q_.c.attrs().flag("input_forget");
    for (std::int64_t t = 0; t < q_.s.steps && !q_.c.cancelled(); ++t) {
      gather(t);
      if (step_.rows == 0) break;
      step_.last_panel_first = t % 2 != 0;
      q_.work.step(step_);
      for (std::int64_t b = first_, k = 0; b < last_; ++b) {
        if (t < q_.lengths[static_cast<std::size_t>(b)]) before_[b - first_] = h_[k++];
      }
    }
    finish();
  }

 private:
  // The rows of the batch entries whose sequences are longer than t.
  void gather(std::int64_t t) {
    const std::int64_t hidden = q_.s.hidden, width = q_.s.width();
    T* sums = q_.sums + d_ * q_.s.steps * q_.s.batch * width;
    std::int64_t k = 0;
    for (std::int64_t b = first_; b < last_; ++b) {
      const std::int64_t length = q_.lengths[static_cast<std::size_t>(b)];
      if (t >= length) continue;
      const std::int64_t at = backwards_ ? length - 1 - t : t;
      active_[k] = before_[b - first_];
      gates_[k] = sums + q_.s.x_row(at, b) * width;
      h_[k] = q_.y + q_.s.y_row(at, d_, b) * hidden;
      c_[k] = q_.y_c != nullptr ? q_.y_c + q_.s.state_row(d_, b) * hidden : nullptr;
      ++k;
    }
    step_.rows = k;
  }

  void finish() {
    const std::int64_t hidden = q_.s.hidden;
    for (std::int64_t b = first_; b < last_; ++b) {
      std::copy_n(before_[b - first_], hidden, q_.y_h + q_.s.state_row(d_, b) * hidden);
      for (std::int64_t t = q_.lengths[static_cast<std::size_t>(b)]; t < q_.s.steps; ++t) {
        std::fill_n(q_.y + q_.s.y_row(t, d_, b) * hidden, hidden, T(0));
      }
    }
  }

  const Sequence<T>& q_;
  const std::int64_t d_, first_, last_;
  bool backwards_;
  const T **before_, **active_;
  T **gates_, **h_, **c_;
  Step<T> step_{};
};

}  // namespace

// A direction and a part of the batch are one task; small batches are not split, since each part
// would read all of r for itself.
template <class T>
void recur(const Sequence<T>& q) {
  const Sizes& s = q.s;
  const std::int64_t least = 2 * tile_shape<T>().rows;
  const std::int64_t wanted = (q.c.threads() + s.directions - 1) / s.directions;
  const std::int64_t parts = std::clamp<std::int64_t>(s.batch / least, 1, wanted);
  const std::int64_t block = (s.batch + parts - 1) / parts;
  constexpr std::int64_t kPointers = 6;
  const T** pointers = q.c.template temporary_of<const T*>(s.directions * s.batch * kPointers);
  const std::int64_t scratch_size = s.batch * q.work.scratch_width * s.hidden;
  T* scratch = q.c.template temporary_of<T>(s.directions * scratch_size);
  T* zeros = q.c.template temporary_of<T>(s.hidden);
  std::fill_n(zeros, s.hidden, T(0));
  const T* r = packed_r(q);
  q.c.parallel_for(s.directions * parts, [&](std::int64_t task, int) {
    const std::int64_t d = task / parts, first = task % parts * block;
    const std::int64_t last = std::min(s.batch, first + block);
    if (first >= last) return;
    Chain<T> chain(q, d, first, last, pointers + d * s.batch * kPointers,
                   scratch + d * scratch_size, zeros);
    chain.run(r);
  });
}

template <class T>
void multiply_part(const Cell& cell, int part, const Step<T>& step, const T* const* in,
                   T* const* out, const T* bias, bool accumulate) noexcept {
  const T* packed = step.packed;
  for (int before = 0; before < part; ++before) {
    const std::int64_t width = cell.parts[static_cast<std::size_t>(before)] * step.hidden;
    packed += packed_size<T>(step.hidden, width);
  }
  const std::int64_t columns = cell.parts[static_cast<std::size_t>(part)] * step.hidden;
  const std::int64_t full = tile_shape<T>().panel, panels = panel_count<T>(columns);
  TileBlock<T> block{.rows = in,
                     .tap_stride = step.rows,
                     .taps = 1,
                     .depth = step.hidden,
                     .row_count = step.rows,
                     .panels = packed,
                     .panel_stride = step.hidden * full,
                     .columns = columns,
                     .out = out,
                     .bias = bias,
                     .accumulate = accumulate};
  if (step.rows > 1 || !step.last_panel_first) return tile_block(block);
  for (std::int64_t p = panels - 1; p >= 0; --p) {
    T* const first = out[0] + p * full;
    block.panels = packed + p * block.panel_stride;
    block.columns = std::min(full, columns - p * full);
    block.out = &first;
    block.bias = bias != nullptr ? bias + p * full : nullptr;
    tile_block(block);
  }
}

#define TW_RECURRENT(T)                                                                     \
  template void recur(const Sequence<T>&);                                                  \
  template void multiply_part(const Cell&, int, const Step<T>&, const T* const*, T* const*, \
                              const T*, bool) noexcept;
TW_RECURRENT(float)
TW_RECURRENT(double)
#undef TW_RECURRENT

}  // namespace tw::recurrent
