#pragma once

#include <string>
#include <utility>

#include "tensor/tensor.h"

namespace tw {

// Lines of a text file as entries of a table.
struct TableFile {
  std::string path;
  // A column, counted from 0; -1: the number of the line, -2: the whole line.
  std::int64_t key_index, value_index;
  std::int64_t most;  // lines that are read; -1: all
  std::string delimiter;
};

// Keys and values, vectors. Throws kNotFound when the file cannot be opened, kInvalidArgument with
// the file and the line where a line does not fit.
std::pair<Tensor, Tensor> read_table(const TableFile& file, DType keys, DType values,
                                     Allocator& allocator);

}  // namespace tw
