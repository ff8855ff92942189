#include <sstream>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"

namespace tw {
namespace {

template <class T>
void print(std::ostream& out, const T& value) {
  if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
    out << to_float(value);
  } else if constexpr (std::is_same_v<T, std::int8_t> || std::is_same_v<T, std::uint8_t>) {
    out << static_cast<int>(value);
  } else {
    out << value;
  }
}

template <class T>
void print_some(std::ostream& out, const Tensor& t, std::int64_t most) {
  const std::int64_t shown = most < 0 || most > t.size() ? t.size() : most;
  for (std::int64_t i = 0; i < shown; ++i) {
    if (i > 0) out << ' ';
    print(out, t.data<T>()[i]);
  }
  if (shown < t.size()) out << "...";
}

std::string summary(const Tensor& t, std::int64_t most) {
  std::ostringstream out;
  if (t.dtype() == DType::kString) {
    print_some<std::string>(out, t, most);
  } else if (t.dtype() == DType::kBool) {
    print_some<bool>(out, t, most);
  } else if (is_floating(t.dtype()) || is_integer(t.dtype())) {
    visit_numeric(t.dtype(), [&]<class T>() { print_some<T>(out, t, most); });
  } else {
    out << name_of(t.dtype()) << ' ' << t.shape();
  }
  return out.str();
}

void assert_kernel(OpContext& c) {
  check(c.input(0).size() == 1, Code::kInvalidArgument, "In[0] should be a scalar: ",
        c.input(0).shape());
  if (*c.input(0).data<bool>()) return;
  std::string data;
  for (int i = 1; i < c.inputs(); ++i) {
    data += text(i > 1 ? " " : "", "[", summary(c.input(i), c.attrs().integer("summarize")), "]");
  }
  fail(Code::kInvalidArgument, "assertion failed: ", data);
}

}  // namespace

OP(Assert)
    .doc("Fails the run with the data when the condition is false. Runs only when it is fetched or "
         "a control input of what is. Shows at most summarize elements of each (-1: all).")
    .input("condition: bool").input("data: list(T)")
    .attr("T: list(type)").attr("summarize: int = 3")
    .shape([](ShapeContext& c) { c.with_rank(0, 0); })
    .no_gradient("no outputs")
    .stateful()
    .kernel(Device::kCpu, assert_kernel);

}  // namespace tw
