#include "rnn_reference.h"

#include <algorithm>
#include <cmath>

#include "random_data.h"

namespace tw::test::rnn {

Rnn make_rnn(const Options& o) {
  Rnn c{o, o.direction == "bidirectional" ? 2 : 1, 1, {}, {}, {}, {}, {}, {}, {}, {}};
  c.gates = o.op == "LSTM" ? 4 : o.op == "GRU" ? 3 : 1;
  const auto values = [](std::int64_t n, std::uint32_t seed) {
    const std::vector<float> v = random_values<float>(n, seed);  // exact in float and double
    return Values(v.begin(), v.end());
  };
  c.x = values(o.steps * o.batch * o.inputs, 1);
  for (std::int64_t i = 0; o.repeated && i < o.steps * o.batch; ++i) {
    std::copy_n(c.x.begin() + i * 7 % 5 * o.inputs, o.inputs, c.x.begin() + i * o.inputs);
  }
  c.w = values(c.directions * c.gates * o.hidden * o.inputs, 2);
  c.r = values(c.directions * c.gates * o.hidden * o.hidden, 3);
  for (double& weight : c.r) weight /= o.hidden > 8 ? 8 : 1;  // else small errors grow
  if (o.biases) c.b = values(c.directions * 2 * c.gates * o.hidden, 4);
  if (o.initial) c.h0 = values(c.directions * o.batch * o.hidden, 5);
  if (o.initial) c.c0 = values(c.directions * o.batch * o.hidden, 6);
  if (o.peepholes) c.p = values(c.directions * 3 * o.hidden, 7);
  for (std::int64_t i = 0; o.lengths && i < o.batch; ++i) {
    c.lengths.push_back(static_cast<std::int32_t>((i * 2) % (o.steps + 1)));
  }
  return c;
}

static double apply(const std::string& name, double alpha, double beta, double x) {
  if (name == "Sigmoid") return 1 / (1 + std::exp(-x));
  if (name == "Tanh") return std::tanh(x);
  if (name == "Relu") return std::max(x, 0.0);
  if (name == "Affine") return alpha * x + beta;
  if (name == "LeakyRelu") return x < 0 ? alpha * x : x;
  if (name == "ThresholdedRelu") return x < alpha ? 0 : x;
  if (name == "ScaledTanh") return alpha * std::tanh(beta * x);
  if (name == "HardSigmoid") return std::min(std::max(alpha * x + beta, 0.0), 1.0);
  if (name == "Elu") return x < 0 ? alpha * (std::exp(x) - 1) : x;
  if (name == "Softsign") return x / (1 + std::abs(x));
  return std::log(1 + std::exp(x));
}

Reference::Reference(const Rnn& made) : c(made), names(made.o.activations) {
  const Options& o = c.o;
  if (names.empty()) {
    for (std::int64_t d = 0; d < c.directions; ++d) {
      if (c.gates > 1) names.push_back("Sigmoid");
      names.push_back("Tanh");
      if (c.gates == 4) names.push_back("Tanh");
    }
  }
  const std::int64_t state = c.directions * o.batch * o.hidden;
  y.resize(static_cast<std::size_t>(o.steps * state));
  y_h.resize(static_cast<std::size_t>(state));
  y_c.resize(static_cast<std::size_t>(state));
  for (std::int64_t d = 0; d < c.directions; ++d) {
    for (std::int64_t b = 0; b < o.batch; ++b) run(d, b);
  }
}

double Reference::f(std::int64_t d, std::int64_t which, double sum, bool clipped) const {
  const std::int64_t each = static_cast<std::int64_t>(names.size()) / c.directions;
  const auto index = at(d * each + which);
  if (clipped && c.o.clip > 0) sum = std::clamp(sum, -c.o.clip, c.o.clip);
  const double alpha = index < c.o.alphas.size() ? c.o.alphas[index] : 0;
  const double beta = index < c.o.betas.size() ? c.o.betas[index] : 0;
  return apply(names[index], alpha, beta, sum);
}

double Reference::input_sum(std::int64_t d, std::int64_t g, std::int64_t j, const double* x) const {
  const std::int64_t n = c.gates * c.o.hidden, i = g * c.o.hidden + j;
  double sum = c.b.empty() ? 0 : c.b[at(d * 2 * n + i)];
  const double* w = c.w.data() + (d * n + i) * c.o.inputs;
  for (std::int64_t k = 0; k < c.o.inputs; ++k) sum += x[k] * w[k];
  return sum;
}

double Reference::hidden_sum(std::int64_t d, std::int64_t g, std::int64_t j,
                             const Values& h) const {
  const std::int64_t n = c.gates * c.o.hidden, i = g * c.o.hidden + j;
  double sum = c.b.empty() ? 0 : c.b[at(d * 2 * n + n + i)];
  const double* r = c.r.data() + (d * n + i) * c.o.hidden;
  for (std::int64_t k = 0; k < c.o.hidden; ++k) sum += h[at(k)] * r[k];
  return sum;
}

double Reference::peep(std::int64_t d, std::int64_t which, std::int64_t j, double cell) const {
  return c.p.empty() ? 0 : c.p[at((d * 3 + which) * c.o.hidden + j)] * cell;
}

void Reference::run(std::int64_t d, std::int64_t b) {
  const Options& o = c.o;
  const std::int64_t length = c.lengths.empty() ? o.steps : c.lengths[at(b)];
  const std::int64_t start = row(d, b) * o.hidden;
  Values h(at(o.hidden)), cell(at(o.hidden));
  for (std::int64_t j = 0; j < o.hidden; ++j) {
    if (!c.h0.empty()) h[at(j)] = c.h0[at(start + j)];
    if (!c.c0.empty()) cell[at(j)] = c.c0[at(start + j)];
  }
  for (std::int64_t s = 0; s < length; ++s) {
    const bool backwards = d == 1 || o.direction == "reverse";
    const std::int64_t t = backwards ? length - 1 - s : s;
    const double* x = c.x.data() + (o.layout == 1 ? b * o.steps + t : t * o.batch + b) * o.inputs;
    step(d, x, h, cell);
    const std::int64_t out = o.layout == 1 ? (b * o.steps + t) * c.directions + d
                                           : (t * c.directions + d) * o.batch + b;
    std::copy(h.begin(), h.end(), y.begin() + out * o.hidden);
  }
  std::copy(h.begin(), h.end(), y_h.begin() + start);
  std::copy(cell.begin(), cell.end(), y_c.begin() + start);
}

void Reference::step(std::int64_t d, const double* x, Values& h, Values& cell) const {
  const Values before = h;
  const auto both = [&](std::int64_t g, std::int64_t j) {
    return input_sum(d, g, j, x) + hidden_sum(d, g, j, before);
  };
  Values reset(before.size());
  for (std::int64_t j = 0; c.gates == 3 && j < c.o.hidden; ++j) {
    reset[at(j)] = f(d, 0, both(1, j)) * before[at(j)];
  }
  for (std::int64_t j = 0; j < c.o.hidden; ++j) {
    if (c.gates == 1) {
      h[at(j)] = f(d, 0, both(0, j));
    } else if (c.gates == 3) {
      const double z = f(d, 0, both(0, j));
      const double inner = c.o.linear_before_reset
                               ? f(d, 0, both(1, j)) * hidden_sum(d, 2, j, before)
                               : hidden_sum(d, 2, j, reset);
      h[at(j)] = (1 - z) * f(d, 1, input_sum(d, 2, j, x) + inner) + z * before[at(j)];
    } else {
      const double old = cell[at(j)], i = f(d, 0, both(0, j) + peep(d, 0, j, old));
      const double forget = c.o.input_forget ? 1 - i : f(d, 0, both(2, j) + peep(d, 2, j, old));
      cell[at(j)] = forget * old + i * f(d, 1, both(3, j));
      const double o = f(d, 0, both(1, j) + peep(d, 1, j, cell[at(j)]));
      h[at(j)] = o * f(d, 2, cell[at(j)], false);
    }
  }
}

}  // namespace tw::test::rnn
