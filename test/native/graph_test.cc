#include "graph/graph.h"

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/op_spec.h"
#include "test.h"

using namespace tw;

TEST("registry: every op is complete") { EXPECT(!all_ops().empty()); }

TEST("op spec: attrs") {
  const AttrDef t = parse_attr("T: floating|int32 = float32");
  EXPECT(t.kind == AttrKind::kType && t.dtypes.size() == 5);
  EXPECT(std::get<DType>(t.default_value) == DType::kFloat32);
  const AttrDef n = parse_attr("N: int >= 1");
  EXPECT(n.kind == AttrKind::kInt && *n.least == 1);
  const AttrDef padding = parse_attr("padding: {SAME, VALID} = SAME");
  EXPECT(padding.choices.size() == 2 && std::get<std::string>(padding.default_value) == "SAME");
  const AttrDef list = parse_attr("strides: list(int) = [1, 2]");
  EXPECT(std::get<std::vector<std::int64_t>>(list.default_value).size() == 2);
  EXPECT(parse_attr("shape: shape?").optional);
  EXPECT(parse_attr("flag: bool = true").kind == AttrKind::kBool);
  EXPECT(parse_attr("name: string?").kind == AttrKind::kString);
}

TEST("graph: names are unique, whatever their case") {
  Graph graph;
  const Tensor one = Tensor::scalar(1.0f);
  EXPECT(graph.node(graph.constant(one, "a").node).name == "a");
  EXPECT(graph.node(graph.constant(one, "A").node).name == "A_1");
  EXPECT(graph.node(graph.constant(one, "a").node).name == "a_2");
  EXPECT(graph.find("A_1") == 1);
}

TEST("graph: a failed addition leaves no node and names the place") {
  Graph graph;
  const Output one = graph.constant(Tensor::scalar(1.0f));
  try {
    graph.add({"Identity", "bad", {one}, {}, {{"T", DType::kInt32}}, ""});
    EXPECT(false);
  } catch (const Error& e) {
    EXPECT(e.op() == "Identity" && e.node() == "bad");
  }
  EXPECT(graph.size() == 1);
  EXPECT_ERROR(graph.add({"NoSuchOp", "", {}, {}, {}, ""}), Code::kNotFound);
}

TEST("shape: broadcast and merge keep unknown dims") {
  EXPECT(broadcast(Shape{2, kUnknownDim, 1}, Shape{3, 4}) == (Shape{2, 3, 4}));
  EXPECT(broadcast(Shape{kUnknownDim}, Shape{1}) == (Shape{kUnknownDim}));
  EXPECT_ERROR(broadcast(Shape{2}, Shape{3}), Code::kInvalidArgument);
  EXPECT(merge(Shape{2, kUnknownDim}, Shape{kUnknownDim, 3}) == (Shape{2, 3}));
}
