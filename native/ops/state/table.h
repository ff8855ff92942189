#pragma once

#include "graph/op_context.h"
#include "ops/state/key_index.h"

namespace tw {

// The content of a lookup table: what the variable of its handle holds, as one variant. Entry i is
// keys[i] and row i of values, in the order in which the keys first came.
class Table {
 public:
  // Of a value that a variable holds; shares its memory.
  explicit Table(const Tensor& value);
  Table(DType keys, DType values, const Shape& row, Allocator& allocator);

  std::int64_t size() const noexcept { return count_; }
  DType key_dtype() const noexcept { return keys_.dtype(); }
  DType value_dtype() const noexcept { return values_.dtype(); }
  Shape row() const;
  // The entries; they share the table's memory.
  Tensor keys() const;
  Tensor values() const;

  // Row i of `out` becomes the value of key i, or that of `other`.
  void find(const Tensor& keys, const Tensor& other, const Tensor& out) const;
  // A key that is there already gets the new value; `once`: that is an error unless it is the same.
  // The memory must be the table's own.
  void insert(const Tensor& keys, const Tensor& values, bool once, Allocator& allocator);
  // Whether nobody else shares the memory of a variable's value.
  static bool owned(const Tensor& value);
  Table copy(Allocator& allocator) const;
  // Without these keys, in memory of its own.
  Table without(const Tensor& keys, Allocator& allocator) const;

  Tensor value() const;

 private:
  void reserve(std::int64_t more, Allocator& allocator);

  Tensor keys_, values_, slots_;  // room for more entries than there are
  std::int64_t count_ = 0;
};

// Checks that values are as many as keys, each of the shape that the table has.
void check_entries(const Table& table, const Tensor& keys, const Tensor& values);

}  // namespace tw
