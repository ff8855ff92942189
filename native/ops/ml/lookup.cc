#include <string>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/state/key_index.h"

namespace tw {
namespace {

template <class K, class V>
void look_up(OpContext& c) {
  const Tensor &x = c.input(0), &keys = c.input(1), &values = c.input(2), &other = c.input(3);
  std::vector<std::int64_t> slots(static_cast<std::size_t>(slots_for(keys.size())), kNoPlace);
  KeyIndex<K> index(slots, keys.data<K>());
  for (std::int64_t i = 0; i < keys.size(); ++i) index.add(i);
  Tensor& y = c.allocate_output(0, x.shape());
  for (std::int64_t i = 0; i < x.size(); ++i) {
    const std::int64_t place = index.find(x.data<K>()[i]);
    y.mutable_data<V>()[i] = place == kNoPlace ? *other.data<V>() : values.data<V>()[place];
  }
}

template <class K>
void by_value(OpContext& c) {
  switch (c.input(2).dtype()) {
    case DType::kString: return look_up<K, std::string>(c);
    case DType::kInt16: return look_up<K, std::int16_t>(c);
    case DType::kInt64: return look_up<K, std::int64_t>(c);
    case DType::kFloat64: return look_up<K, double>(c);
    default: return look_up<K, float>(c);
  }
}

void lookup_kernel(OpContext& c) {
  check(c.input(1).size() == c.input(2).size() && c.input(3).size() == 1, Code::kInvalidArgument,
        "expected as many values as keys and one default, got ", c.input(1).size(), ", ",
        c.input(2).size(), " and ", c.input(3).size());
  switch (c.input(0).dtype()) {
    case DType::kString: return by_value<std::string>(c);
    case DType::kInt16: return by_value<std::int16_t>(c);
    case DType::kInt64: return by_value<std::int64_t>(c);
    case DType::kFloat64: return by_value<double>(c);
    default: return by_value<float>(c);
  }
}

}  // namespace

OP(LabelEncoder)
    .doc("For each element of x, the value at the place where it stands among the keys, else the\n"
         "default; of equal keys the first counts. NaN may be a key.")
    .input("x: Tkey").input("keys: Tkey").input("values: Tvalue").input("default_value: Tvalue")
    .output("y: Tvalue")
    .attr("Tkey: string|int16|int64|float32|float64").attr("Tvalue: string|int16|int64|float32|float64")
    .shape(same_shape)
    .no_gradient("a table of labels")
    .kernel(Device::kCpu, lookup_kernel);

}  // namespace tw
