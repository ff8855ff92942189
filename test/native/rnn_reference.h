#pragma once

#include <cstdint>
#include <string>
#include <vector>

// LSTM, GRU and RNN by the formulas of the ONNX operators, one element at a time.
namespace tw::test::rnn {

using Values = std::vector<double>;

struct Options {
  std::string op = "LSTM", direction = "forward";
  std::int64_t steps = 5, batch = 3, inputs = 4, hidden = 7, layout = 0;
  bool biases = true, lengths = false, initial = false, peepholes = false;
  bool input_forget = false, linear_before_reset = false, repeated = false;
  std::vector<std::string> activations = {};
  std::vector<double> alphas = {}, betas = {};
  double clip = 0;
};

struct Rnn {
  Options o;
  std::int64_t directions, gates;
  Values x, w, r, b, h0, c0, p;
  std::vector<std::int32_t> lengths;
};

Rnn make_rnn(const Options& o);

struct Reference {
  const Rnn& c;
  std::vector<std::string> names;
  Values y, y_h, y_c;

  explicit Reference(const Rnn& made);

 private:
  static std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }
  std::int64_t row(std::int64_t d, std::int64_t b) const {
    return c.o.layout == 1 ? b * c.directions + d : d * c.o.batch + b;
  }
  double f(std::int64_t d, std::int64_t which, double sum, bool clipped = true) const;
  // Row `gate * hidden + j` of the input part, the hidden part, and the peepholes.
  double input_sum(std::int64_t d, std::int64_t g, std::int64_t j, const double* x) const;
  double hidden_sum(std::int64_t d, std::int64_t g, std::int64_t j, const Values& h) const;
  double peep(std::int64_t d, std::int64_t which, std::int64_t j, double cell) const;
  void run(std::int64_t d, std::int64_t b);
  void step(std::int64_t d, const double* x, Values& h, Values& cell) const;
};

}  // namespace tw::test::rnn
