#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/array/inference.h"
#include "ops/state/table.h"
#include "ops/state/table_file.h"

namespace tw {
namespace {

Shape value_shape(const Attrs& handle) {
  return handle.given("value_shape") ? handle.get<Shape>("value_shape") : Shape();
}

// What the table of input 0 holds; in a branch or loop the handle says nothing.
const Node* handle_of(const ShapeContext& c) {
  const Node* node = c.producer(0);
  return node != nullptr && node->op->role == Role::kVariable ? node : nullptr;
}

void check_dtypes(const ShapeContext& c, int keys, int values) {
  c.with_rank(0, 0);
  const Node* handle = handle_of(c);
  if (handle == nullptr) return;
  check(handle->op->attr_index("key_dtype") >= 0, Code::kInvalidArgument, "'", handle->name,
        "' is not a table");
  const Attrs attrs = handle->attrs();
  const auto match = [&](const char* what, int input, const char* attr) {
    if (input < 0) return;
    check(c.dtype(input) == attrs.dtype(attr), Code::kInvalidArgument, "Signature mismatch. ", what,
          " must be dtype ", name_of(attrs.dtype(attr)), ", got ", name_of(c.dtype(input)));
  };
  match("Keys", keys, "key_dtype");
  match("Values", values, "value_dtype");
}

// The content, which must be there.
Table content(OpContext& c) {
  const Variable& variable = c.variable(0);
  const Tensor value = variable.read();
  check(value.defined(), Code::kFailedPrecondition, "Table not initialized: '", variable.name(),
        "'. Run graph.initializer or session.initialize() first.");
  return Table(value);
}

// A table that can grow is there from its first use on.
void begin(OpContext& c, DType keys, DType values, const Shape& row) {
  c.variable(0).update([&](Tensor& value) {
    if (!value.defined()) value = Table(keys, values, row, c.allocator()).value();
  });
}

void find_shape(ShapeContext& c) {
  check_dtypes(c, 1, 2);
  c.set_output(0, join(c.input(1), c.input(2)));
}

void find_kernel(OpContext& c) {
  const Tensor &keys = c.input(1), &other = c.input(2);
  if (c.attrs().flag("growing")) begin(c, keys.dtype(), other.dtype(), other.shape());
  const Table table = content(c);
  check(other.shape() == table.row() && other.dtype() == table.value_dtype() &&
            keys.dtype() == table.key_dtype(),
        Code::kInvalidArgument, "the table has ", name_of(table.key_dtype()), " keys and values of ",
        name_of(table.value_dtype()), " ", table.row(), ", got keys of ", name_of(keys.dtype()),
        " and a default value of ", name_of(other.dtype()), " ", other.shape());
  table.find(keys, other, c.allocate_output(0, join(keys.shape(), other.shape())));
}

void size_kernel(OpContext& c) {
  const Tensor value = c.variable(0).read();
  check(value.defined() || c.attrs().flag("growing"), Code::kFailedPrecondition,
        "Table not initialized: '", c.variable(0).name(),
        "'. Run graph.initializer or session.initialize() first.");
  *c.allocate_output(0, {}).mutable_data<std::int64_t>() = value.defined() ? Table(value).size() : 0;
}

void export_shape(ShapeContext& c) {
  check_dtypes(c, -1, -1);
  const Node* handle = handle_of(c);
  c.set_output(0, {kUnknownDim});
  c.set_output(1, handle == nullptr ? Shape::unknown()
                                    : join({kUnknownDim}, value_shape(handle->attrs())));
}

void export_kernel(OpContext& c) {
  const Attrs attrs = c.attrs();
  if (attrs.flag("growing")) {
    begin(c, attrs.dtype("Tkeys"), attrs.dtype("Tvalues"), value_shape(attrs));
  }
  const Table table = content(c);
  // The table's memory may change when this run has let go of it.
  c.set_output(0, table.keys().copy(c.allocator()));
  c.set_output(1, table.values().copy(c.allocator()));
}

void entries_shape(ShapeContext& c) { check_dtypes(c, 1, 2); }

Shape row_of(const Tensor& keys, const Tensor& values) {
  check(values.rank() >= keys.rank(), Code::kInvalidArgument, "Expected a value for each key of ",
        keys.shape(), ", got ", values.shape());
  return part_of(values.shape(), keys.rank(), values.rank());
}

void insert_kernel(OpContext& c) {
  const Tensor &keys = c.input(1), &values = c.input(2);
  c.variable(0).update([&](Tensor& value) {
    if (!value.defined()) {
      value = Table(keys.dtype(), values.dtype(), row_of(keys, values), c.allocator()).value();
    }
    const bool owned = Table::owned(value);
    Table table = owned ? Table(value) : Table(value).copy(c.allocator());
    check_entries(table, keys, values);
    table.insert(keys, values, false, c.allocator());
    value = table.value();
  });
}

// All of the content anew; `once`: no key has two values.
void fill(OpContext& c, const Tensor& keys, const Tensor& values, bool once) {
  Table table(keys.dtype(), values.dtype(), row_of(keys, values), c.allocator());
  check_entries(table, keys, values);
  table.insert(keys, values, once, c.allocator());
  c.variable(0).write(table.value());
}

void remove_kernel(OpContext& c) {
  c.variable(0).update([&](Tensor& value) {
    if (!value.defined()) return;
    const Table table(value);
    check(table.key_dtype() == c.input(1).dtype(), Code::kInvalidArgument, "the table takes ",
          name_of(table.key_dtype()), " keys, got ", name_of(c.input(1).dtype()));
    value = table.without(c.input(1), c.allocator()).value();
  });
}

void file_kernel(OpContext& c) {
  const Attrs attrs = c.attrs();
  const Tensor& name = c.input(1);
  check(name.dtype() == DType::kString && name.size() == 1, Code::kInvalidArgument,
        "filename should be a single string, but got ", name.shape());
  const TableFile file{*name.data<std::string>(), attrs.integer("key_index"),
                       attrs.integer("value_index"), attrs.integer("vocab_size"),
                       attrs.string("delimiter")};
  const auto [keys, values] =
      read_table(file, attrs.dtype("Tkeys"), attrs.dtype("Tvalues"), c.allocator());
  fill(c, keys, values, true);
}

}  // namespace

OP(HashTableV2)
    .doc("The handle of a table that is filled once, by its initializer; each session keeps its own "
         "content under shared_name.")
    .internal()
    .output("table_handle: resource")
    .attr("key_dtype: string|int32|int64").attr("value_dtype: any")
    .attr("container: string?").attr("shared_name: string?").attr("value_shape: shape?")
    .shape(scalar_shape)
    .no_gradient("a handle")
    .role(Role::kVariable)
    .stateful()
    .kernel(Device::kCpu, [](OpContext&) { fail(Code::kInternal, "a handle has no step"); });

OP(MutableHashTableV2)
    .doc("The handle of a table that is empty at first and can be changed; each session keeps its "
         "own content under shared_name. Values are of shape value_shape.")
    .internal()
    .output("table_handle: resource")
    .attr("key_dtype: string|int32|int64").attr("value_dtype: any")
    .attr("container: string?").attr("shared_name: string?").attr("value_shape: shape?")
    .shape(scalar_shape)
    .no_gradient("a handle")
    .role(Role::kVariable)
    .stateful()
    .kernel(Device::kCpu, [](OpContext&) { fail(Code::kInternal, "a handle has no step"); });

OP(LookupTableFindV2)
    .doc("For each key the value that the table has for it, else the default value.")
    .internal()
    .input("table_handle: resource").input("keys: Tin").input("default_value: Tout")
    .output("values: Tout")
    .attr("Tin: string|int32|int64").attr("Tout: any").attr("growing: bool = false")
    .shape(find_shape)
    .no_gradient("a lookup table")
    .role(Role::kRead)
    .stateful()
    .kernel(Device::kCpu, find_kernel);

OP(LookupTableSizeV2)
    .doc("How many entries the table has.")
    .internal()
    .input("table_handle: resource").output("size: int64").attr("growing: bool = false")
    .shape(scalar_shape)
    .no_gradient("integer output")
    .role(Role::kRead)
    .stateful()
    .kernel(Device::kCpu, size_kernel);

OP(LookupTableExportV2)
    .doc("All keys and values of the table, in the order in which the keys came.")
    .internal()
    .input("table_handle: resource").output("keys: Tkeys").output("values: Tvalues")
    .attr("Tkeys: string|int32|int64").attr("Tvalues: any").attr("value_shape: shape?")
    .attr("growing: bool = false")
    .shape(export_shape)
    .no_gradient("a lookup table")
    .role(Role::kRead)
    .stateful()
    .kernel(Device::kCpu, export_kernel);

OP(LookupTableInsertV2)
    .doc("Gives keys of the table these values, the last one of a key that comes twice.")
    .internal()
    .input("table_handle: resource").input("keys: Tin").input("values: Tout")
    .attr("Tin: string|int32|int64").attr("Tout: any")
    .shape(entries_shape)
    .no_gradient("no outputs")
    .role(Role::kWrite)
    .stateful()
    .kernel(Device::kCpu, insert_kernel);

OP(LookupTableImportV2)
    .doc("Replaces the whole content of the table.")
    .internal()
    .input("table_handle: resource").input("keys: Tin").input("values: Tout")
    .attr("Tin: string|int32|int64").attr("Tout: any")
    .shape(entries_shape)
    .no_gradient("no outputs")
    .role(Role::kWrite)
    .stateful()
    .kernel(Device::kCpu, [](OpContext& c) { fill(c, c.input(1), c.input(2), false); });

OP(LookupTableRemoveV2)
    .doc("Takes keys out of the table; those that are not there do not matter.")
    .internal()
    .input("table_handle: resource").input("keys: Tin").attr("Tin: string|int32|int64")
    .shape([](ShapeContext& c) { check_dtypes(c, 1, -1); })
    .no_gradient("no outputs")
    .role(Role::kWrite)
    .stateful()
    .kernel(Device::kCpu, remove_kernel);

OP(InitializeTableV2)
    .doc("Fills the table. A key must not come with two values.")
    .internal()
    .input("table_handle: resource").input("keys: Tkey").input("values: Tval")
    .attr("Tkey: string|int32|int64").attr("Tval: any")
    .shape(entries_shape)
    .no_gradient("no outputs")
    .role(Role::kWrite)
    .stateful()
    .kernel(Device::kCpu, [](OpContext& c) { fill(c, c.input(1), c.input(2), true); });

OP(InitializeTableFromTextFileV2)
    .doc("Fills the table from the lines of a text file. key_index and value_index: the column, "
         "counted from 0, -1 for the line's number, -2 for the whole line. At most vocab_size lines, "
         "-1 for all.")
    .internal()
    .input("table_handle: resource").input("filename: string")
    .attr("Tkeys: string|int32|int64").attr("Tvalues: any")
    .attr("key_index: int >= -2").attr("value_index: int >= -2").attr("vocab_size: int = -1")
    .attr("delimiter: string = \t")
    .shape([](ShapeContext& c) { c.with_rank(0, 0); })
    .no_gradient("no outputs")
    .role(Role::kWrite)
    .stateful()
    .kernel(Device::kCpu, file_kernel);

}  // namespace tw
