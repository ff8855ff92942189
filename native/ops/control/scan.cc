#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/control/collected.h"
#include "ops/control/loop_gradient.h"
#include "ops/control/subgraph.h"

namespace tw {
namespace {

// How many slices the sequences have, unknown or not.
std::int64_t length_of(const ShapeContext& c) {
  const auto [first, count] = c.range("sequences");
  check(count > 0, Code::kInvalidArgument, "No elements provided");
  std::int64_t length = kUnknownDim;
  for (int i = first; i < first + count; ++i) {
    const Shape& shape = c.with_rank_at_least(i, 1);
    if (!shape.has_rank() || shape[0] == kUnknownDim) continue;
    check(length == kUnknownDim || length == shape[0], Code::kInvalidArgument,
          "All elements must have the same first dim, got ", length, " and ", shape[0]);
    length = shape[0];
  }
  return length;
}

// What the body is given: the slices of the sequences instead of these.
std::vector<OutputInfo> given_values(const ShapeContext& c) {
  std::vector<OutputInfo> given = input_infos(c, 0);
  const auto [first, count] = c.range("sequences");
  for (int i = first; i < first + count; ++i) {
    Shape& shape = given[static_cast<std::size_t>(i)].shape;
    if (shape.has_rank()) shape = part_of(shape, 1, shape.rank());
  }
  add_hoisted(c, given);
  return given;
}

// The body must give states of the shapes that it takes.
void check_states(const Graph& body, std::size_t states) {
  const std::vector<int> parameters = body.parameters();
  for (std::size_t i = 0; i < states; ++i) {
    const Shape& before = body.node(parameters[i]).outputs[0].shape;
    const Shape& after = body.info(body.results[i]).shape;
    check(covers(before, after), Code::kInvalidArgument, "state ", i, " has shape ", before,
          " at first, but ", after, " after one step; ensureShape makes a shape known");
  }
}

void scan_shape(ShapeContext& c) {
  const std::int64_t length = length_of(c);
  const std::vector<OutputInfo> given = given_values(c);
  const Graph& body = checked_subgraph(c, "body", given);
  std::vector<DType> dtypes = c.attrs().get<std::vector<DType>>("Tstate");
  const std::size_t states = dtypes.size();
  const auto& collected = c.attrs().get<std::vector<DType>>("Tcollected");
  dtypes.insert(dtypes.end(), collected.begin(), collected.end());
  check_results(body, "body", dtypes);
  check_states(body, states);
  std::vector<Shape> shapes = result_shapes(body, given);
  // What is found for the first step holds for all when the states keep their shapes.
  const auto same = [](const OutputInfo& a, const Shape& b) { return a.shape == b; };
  if (!std::equal(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(states),
                  shapes.begin(), same)) {
    shapes = result_shapes(body);
    const std::vector<int> parameters = body.parameters();
    for (std::size_t i = 0; i < states; ++i) shapes[i] = body.node(parameters[i]).outputs[0].shape;
  }
  for (int i = 0; i < c.outputs(); ++i) {
    const Shape& shape = shapes[static_cast<std::size_t>(i)];
    c.set_output(i, i < static_cast<int>(states) ? shape : join({length}, shape));
  }
}

class Scan {
 public:
  explicit Scan(OpContext& c)
      : c_(c),
        states_(c.range("initial").count),
        sequences_(c.range("sequences")),
        length_(length()),
        collected_(c, states_, length_) {
    for (int i = 0; i < c.inputs(); ++i) values_.push_back(c.input(i));
    for (auto& half : places_) half.resize(static_cast<std::size_t>(states_));
    if (length_ == 0) return;
    const std::vector<Tensor> hoisted = prelude(c, values_);
    values_.insert(values_.end(), hoisted.begin(), hoisted.end());
  }

  void run() {
    const bool reverse = c_.attrs().flag("reverse");
    for (std::int64_t step = 0; step < length_; ++step) {
      run_step(step, reverse ? length_ - 1 - step : step);
    }
    for (int i = 0; i < states_; ++i) {
      Tensor& value = values_[static_cast<std::size_t>(i)];
      // An input's memory may be given to others when this step is over.
      c_.set_output(i, length_ == 0 ? value.copy(c_.allocator()) : std::move(value));
    }
    collected_.finish(length_);
  }

 private:
  std::int64_t length() const {
    const auto [first, count] = sequences_;
    const std::int64_t length = c_.input(first).dim(0);
    for (int i = first + 1; i < first + count; ++i) {
      check(c_.input(i).dim(0) == length, Code::kInvalidArgument,
            "All elements must have the same first dim, got ", length, " and ", c_.input(i).dim(0));
    }
    return length;
  }

  void run_step(std::int64_t step, std::int64_t at) {
    for (int i = sequences_.first; i < sequences_.first + sequences_.count; ++i) {
      values_[static_cast<std::size_t>(i)] = row_of(c_.input(i), at);
    }
    std::vector<Tensor> outs;
    for (int i = 0; i < states_; ++i) outs.push_back(place_of_state(i, step));
    collected_.append_places(at, outs);
    std::vector<Tensor> results = c_.run_subgraph("body", values_, outs);
    collected_.take(at, results);
    std::move(results.begin(), results.begin() + states_, values_.begin());
  }

  // Two places in turn, and for the last step the output; undefined where the shape is not planned.
  Tensor place_of_state(int i, std::int64_t step) {
    const Tensor& output = c_.output(i);
    if (!output.defined() || is_object(output.dtype())) return {};
    if (step == length_ - 1) return output;
    Tensor& place = places_[step % 2][static_cast<std::size_t>(i)];
    if (!place.defined()) {
      place = Tensor(output.dtype(), output.shape(), c_.temporary(output.bytes()));
    }
    return place;
  }

  OpContext& c_;
  const int states_;
  const Node::Range sequences_;
  const std::int64_t length_;
  Collected collected_;
  std::vector<Tensor> values_;  // what the body is given
  std::vector<Tensor> places_[2];
};

void scan_kernel(OpContext& c) { Scan(c).run(); }

}  // namespace

OP(Scan)
    .doc("Runs body once for each slice of the sequences along their first axis, in order or from "
         "the last one: it takes the states, the slices and the captured values, and gives the next "
         "states and values that are stacked along a first axis, each at the place of its slice.")
    .internal()
    .input("initial: list(Tstate)").input("sequences: list(Tsequence)")
    .input("captured: list(Tcaptured)")
    .output("final: list(Tstate)").output("collected: list(Tcollected)")
    .attr("Tstate: list(type)").attr("Tsequence: list(type)").attr("Tcaptured: list(type)")
    .attr("Tcollected: list(type)").attr("body: graph").attr("reverse: bool = false")
    .attr("_prelude: graph?")
    .shape(scan_shape)
    .gradient(scan_gradient)
    .stateful()
    .kernel(Device::kCpu, scan_kernel);

OP(StatelessScan)
    .doc("As Scan, for bodies without side effects.")
    .internal()
    .input("initial: list(Tstate)").input("sequences: list(Tsequence)")
    .input("captured: list(Tcaptured)")
    .output("final: list(Tstate)").output("collected: list(Tcollected)")
    .attr("Tstate: list(type)").attr("Tsequence: list(type)").attr("Tcaptured: list(type)")
    .attr("Tcollected: list(type)").attr("body: graph").attr("reverse: bool = false")
    .attr("_prelude: graph?")
    .shape(scan_shape)
    .gradient(scan_gradient)
    .kernel(Device::kCpu, scan_kernel);

}  // namespace tw
