#include "ops/rnn/gradient_chain.h"

#include <algorithm>

#include "kernels/cell_gradient.h"
#include "kernels/tile_block.h"
#include "ops/rnn/gradient_cells.h"
#include "ops/rnn/gradient_weights.h"

namespace tw::recurrent {
namespace {

// Memory of one direction, used by the batch entries apart.
template <class T>
struct Scratch {
  const T** in;   // [rows]
  T** out;        // [rows]
  T *gates, *slopes;  // [batch][width]
  T *work, *d_reset;  // [batch][hidden]
  T* cells;           // LSTM: [rows][hidden], c after each step
  T* products;        // GRU: [rows][hidden], of the candidate, after which the reset gate comes
  T* dp;              // LSTM: [batch][3 * hidden]
  const T* zeros;     // [hidden]
};

// One direction of batch entries [first, last).
template <class T>
class BackwardChain {
 public:
  BackwardChain(const Backwards<T>& q, const Weights<T>& weights, const Scratch<T>& scratch,
                std::int64_t d, std::int64_t first, std::int64_t last)
      : q_(q),
        weights_(weights),
        m_(scratch),
        d_(d),
        first_(first),
        last_(last),
        n_(q.s.hidden),
        rows_(q.s.steps * q.s.batch),
        lstm_(q.cell.gates == 4),
        gru_(q.cell.gates == 3),
        activations_(q.activations.data() +
                     d * static_cast<std::int64_t>(q.activations.size()) / q.s.directions) {
    m_.in += first * q.s.steps;
    m_.out += first * q.s.steps;
  }

  void run() {
    start();
    for (std::size_t part = 0; part < weights_.forwards.size(); ++part) sum_part(part);
    if (lstm_) {
      each_row([&](std::int64_t b, std::int64_t k, std::int64_t at) {
        lstm_cell_forward(cell_step(b, k, at));
      });
    }
    for (std::int64_t k = q_.s.steps - 1; k >= 0 && !q_.c.cancelled(); --k) step_back(k);
  }

 private:
  std::int64_t length(std::int64_t b) const { return q_.lengths[static_cast<std::size_t>(b)]; }
  // The row of step k of a sequence.
  std::int64_t row(std::int64_t b, std::int64_t k) const {
    return q_.s.x_row(time(b, k), b);
  }
  std::int64_t time(std::int64_t b, std::int64_t k) const {
    return (d_ == 1 || q_.backwards) ? length(b) - 1 - k : k;
  }
  T* sums(std::int64_t row) const { return q_.sums + (d_ * rows_ + row) * q_.s.width(); }
  // A row of [directions, rows, hidden].
  template <class P>
  P* unit(P* base, std::int64_t row) const {
    return base + (d_ * rows_ + row) * n_;
  }
  T* state(T* base, std::int64_t b) const { return base + q_.s.state_row(d_, b) * n_; }
  const T* cell_before(std::int64_t b, std::int64_t k) const {
    if (k > 0) return m_.cells + row(b, k - 1) * n_;
    return q_.c0 != nullptr ? q_.c0 + q_.s.state_row(d_, b) * n_ : m_.zeros;
  }

  // Calls body(b, k, row) for each step of the entries.
  template <class Body>
  void each_row(Body body) const {
    for (std::int64_t b = first_; b < last_; ++b) {
      for (std::int64_t k = 0; k < length(b); ++k) body(b, k, row(b, k));
    }
  }

  // The projections and biases as sums, zeros beyond the ends, and the gradients of last states.
  void start() {
    const std::int64_t width = q_.s.width();
    const T* bias = q_.b != nullptr ? q_.b + d_ * 2 * width : nullptr;
    // The candidate's recurrent bias may be part of its product.
    const std::int64_t both = q_.linear_before_reset ? 2 * n_ : width;
    for (std::int64_t b = first_; b < last_; ++b) {
      std::copy_n(q_.dy_h + q_.s.state_row(d_, b) * n_, n_, state(q_.dh, b));
      if (lstm_) std::copy_n(q_.dy_c + q_.s.state_row(d_, b) * n_, n_, state(q_.dc, b));
      if (m_.dp != nullptr) std::fill_n(m_.dp + b * 3 * n_, 3 * n_, T(0));
      for (std::int64_t t = 0; t < q_.s.steps; ++t) {
        const std::int64_t at = q_.s.x_row(t, b);
        if (gru_) {
          std::fill_n(unit(q_.hidden_grads, at), n_, T(0));
          std::fill_n(unit(q_.hidden_inputs, at), n_, T(0));
        }
        if (t >= length(b)) {
          std::fill_n(sums(at), width, T(0));
          continue;
        }
        std::copy_n(q_.projected + (d_ * rows_ + at) * width, width, sums(at));
        if (bias == nullptr) continue;
        add_rows(bias, sums(at), width);
        add_rows(bias + width, sums(at), both);
      }
    }
  }

  void multiply(const Packed<T>& matrix, std::int64_t count, bool accumulate,
                const T* bias = nullptr) const {
    if (count == 0) return;
    tile_block<T>({.rows = m_.in,
                   .tap_stride = count,
                   .taps = 1,
                   .depth = matrix.depth,
                   .row_count = count,
                   .panels = matrix.panels,
                   .panel_stride = matrix.depth * tile_shape<T>().panel,
                   .columns = matrix.columns,
                   .out = m_.out,
                   .bias = bias,
                   .accumulate = accumulate});
  }

  // Adds the recurrent products to the sums of all steps: h_before is known for each.
  void sum_part(std::size_t part) {
    const bool candidate = part == 1;
    std::int64_t count = 0;
    each_row([&](std::int64_t, std::int64_t, std::int64_t at) {
      const T* h = unit(q_.h_before, at);
      if (candidate) {
        T* input = unit(q_.hidden_inputs, at);
        std::copy_n(h, n_, input);
        if (!q_.linear_before_reset) {
          T* reset = m_.products + at * n_;
          std::copy_n(sums(at) + n_, n_, reset);
          activate(activations_[0], q_.clip, reset, n_);
          multiply_rows(reset, h, input, n_);
        }
        h = input;
      }
      m_.in[count] = h;
      m_.out[count++] = !candidate                ? sums(at)
                        : q_.linear_before_reset ? m_.products + at * n_
                                                 : sums(at) + 2 * n_;
    });
    const bool apart = candidate && q_.linear_before_reset;
    const T* bias =
        apart && q_.b != nullptr ? q_.b + (2 * d_ + 1) * q_.s.width() + 2 * n_ : nullptr;
    multiply(weights_.forwards[part], count, !apart, bias);
  }

  CellStep<T> cell_step(std::int64_t b, std::int64_t k, std::int64_t at) const {
    const std::int64_t width = q_.s.width();
    return {.hidden = n_,
            .activations = activations_,
            .clip = q_.clip,
            .input_forget = q_.input_forget,
            .linear_before_reset = q_.linear_before_reset,
            .peepholes = q_.p != nullptr ? q_.p + d_ * 3 * n_ : nullptr,
            .h_before = unit(q_.h_before, at),
            .c_before = lstm_ ? cell_before(b, k) : nullptr,
            .c_after = lstm_ ? m_.cells + at * n_ : nullptr,
            .sums = sums(at),
            .dh = state(q_.dh, b),
            .dc = lstm_ ? state(q_.dc, b) : nullptr,
            .dp = m_.dp != nullptr ? m_.dp + b * 3 * n_ : nullptr,
            .gates = m_.gates + b * width,
            .slopes = m_.slopes + b * width,
            .work = m_.work + b * n_,
            .d_reset = m_.d_reset + b * n_,
            .product = gru_ ? m_.products + at * n_ : nullptr,
            .candidate_grad = gru_ ? unit(q_.hidden_grads, at) : nullptr};
  }

  // Calls body(b, row) for the entries that have step k, in order, and counts them.
  template <class Body>
  std::int64_t each_entry(std::int64_t k, Body body) const {
    std::int64_t count = 0;
    for (std::int64_t b = first_; b < last_; ++b) {
      if (k >= length(b)) continue;
      body(b, row(b, k), count++);
    }
    return count;
  }

  void step_back(std::int64_t k) {
    const std::int64_t count = each_entry(k, [&](std::int64_t b, std::int64_t at, std::int64_t i) {
      const CellStep<T> step = cell_step(b, k, at);
      add_rows(q_.dy + q_.s.y_row(time(b, k), d_, b) * n_, step.dh, n_);
      if (lstm_) {
        lstm_cell_backward(step);
      } else if (gru_) {
        gru_cell_backward(step);
      } else {
        rnn_cell_backward(step);
      }
      m_.in[i] = gru_ ? step.candidate_grad : step.sums;
      m_.out[i] = gru_ && !q_.linear_before_reset ? step.d_reset : step.dh;
    });
    if (!gru_) return multiply(weights_.backwards[0], count, false);
    multiply(weights_.backwards[1], count, q_.linear_before_reset);
    each_entry(k, [&](std::int64_t b, std::int64_t at, std::int64_t i) {
      const CellStep<T> step = cell_step(b, k, at);
      if (!q_.linear_before_reset) gru_reset_backward(step);
      m_.in[i] = step.sums;
      m_.out[i] = step.dh;
    });
    multiply(weights_.backwards[0], count, true);
  }

  const Backwards<T>& q_;
  const Weights<T>& weights_;
  Scratch<T> m_;
  const std::int64_t d_, first_, last_, n_, rows_;
  const bool lstm_, gru_;
  const CellActivation* activations_;
};

template <class T>
Scratch<T> scratch_of(const Backwards<T>& q) {
  const std::int64_t rows = q.s.steps * q.s.batch, n = q.s.hidden;
  OpContext& c = q.c;
  T* zeros = c.temporary_of<T>(n);
  std::fill_n(zeros, n, T(0));
  return {.in = c.temporary_of<const T*>(rows),
          .out = c.temporary_of<T*>(rows),
          .gates = c.temporary_of<T>(q.s.batch * q.s.width()),
          .slopes = c.temporary_of<T>(q.s.batch * q.s.width()),
          .work = c.temporary_of<T>(q.s.batch * n),
          .d_reset = c.temporary_of<T>(q.s.batch * n),
          .cells = q.cell.gates == 4 ? c.temporary_of<T>(rows * n) : nullptr,
          .products = q.cell.gates == 3 ? c.temporary_of<T>(rows * n) : nullptr,
          .dp = q.p != nullptr ? c.temporary_of<T>(q.s.batch * 3 * n) : nullptr,
          .zeros = zeros};
}

// dp is the sum over the batch, in order.
template <class T>
void sum_peepholes(const Backwards<T>& q, const Scratch<T>& scratch, std::int64_t d) {
  const std::int64_t n = 3 * q.s.hidden;
  std::fill_n(q.dp + d * n, n, T(0));
  for (std::int64_t b = 0; b < q.s.batch && q.p != nullptr; ++b) {
    add_rows(scratch.dp + b * n, q.dp + d * n, n);
  }
}

}  // namespace

// A direction and a part of the batch are one task, as in the forward op.
template <class T>
void run_backwards(const Backwards<T>& q) {
  const Sizes& s = q.s;
  std::vector<Weights<T>> weights;
  std::vector<Scratch<T>> scratch;
  for (std::int64_t d = 0; d < s.directions; ++d) {
    weights.push_back(weights_of(q.c, q.cell, q.r + d * s.width() * s.hidden, s.hidden));
    scratch.push_back(scratch_of(q));
  }
  const std::int64_t least = 2 * tile_shape<T>().rows;
  const std::int64_t wanted = (q.c.threads() + s.directions - 1) / s.directions;
  const std::int64_t parts = std::clamp<std::int64_t>(s.batch / least, 1, wanted);
  const std::int64_t block = (s.batch + parts - 1) / parts;
  q.c.parallel_for(s.directions * parts, [&](std::int64_t task, int) {
    const std::int64_t d = task / parts, first = task % parts * block;
    const std::int64_t last = std::min(s.batch, first + block);
    const auto at = static_cast<std::size_t>(d);
    if (first < last) BackwardChain<T>(q, weights[at], scratch[at], d, first, last).run();
  });
  for (std::int64_t d = 0; d < s.directions && q.dp != nullptr; ++d) {
    sum_peepholes(q, scratch[static_cast<std::size_t>(d)], d);
  }
}

template void run_backwards(const Backwards<float>&);
template void run_backwards(const Backwards<double>&);

}  // namespace tw::recurrent
