#include "ops/state/table_file.h"

#include <charconv>
#include <fstream>
#include <vector>

namespace tw {
namespace {

constexpr std::int64_t kLineNumber = -1, kWholeLine = -2;

std::vector<std::string_view> columns(std::string_view line, std::string_view delimiter) {
  std::vector<std::string_view> found;
  for (;;) {
    const std::size_t at = delimiter.empty() ? std::string_view::npos : line.find(delimiter);
    found.push_back(line.substr(0, at));
    if (at == std::string_view::npos) return found;
    line.remove_prefix(at + delimiter.size());
  }
}

// What one column of the file gives, in the order of the lines.
class Column {
 public:
  Column(const TableFile& file, std::int64_t index, DType dtype)
      : file_(file), index_(index), dtype_(dtype) {
    check(index != kLineNumber || dtype == DType::kInt64 || dtype == DType::kInt32,
          Code::kInvalidArgument, "the number of a line is an integer, not ", name_of(dtype));
    check(index != kWholeLine || dtype == DType::kString, Code::kInvalidArgument,
          "a whole line is a string, not ", name_of(dtype));
  }

  void take(std::string_view line, std::int64_t number) {
    if (index_ == kLineNumber) {
      texts_.push_back(std::to_string(number));
    } else if (index_ == kWholeLine) {
      texts_.emplace_back(line);
    } else {
      const std::vector<std::string_view> parts = columns(line, file_.delimiter);
      check(index_ < static_cast<std::int64_t>(parts.size()), Code::kInvalidArgument,
            "Invalid number of columns in ", file_.path, " line ", number, " (", line,
            ") : expected at least ", index_ + 1, " got ", parts.size());
      texts_.emplace_back(parts[static_cast<std::size_t>(index_)]);
    }
  }

  Tensor tensor(Allocator& allocator) const {
    const auto count = static_cast<std::int64_t>(texts_.size());
    Tensor made = Tensor::allocate(dtype_, {count}, allocator);
    if (dtype_ == DType::kString) {
      std::copy(texts_.begin(), texts_.end(), made.mutable_data<std::string>());
      return made;
    }
    switch (dtype_) {
      case DType::kInt32: parse(made.mutable_data<std::int32_t>()); return made;
      case DType::kInt64: parse(made.mutable_data<std::int64_t>()); return made;
      case DType::kFloat32: parse(made.mutable_data<float>()); return made;
      case DType::kFloat64: parse(made.mutable_data<double>()); return made;
      default: fail(Code::kUnimplemented, "no column of ", name_of(dtype_), " in a text file");
    }
  }

 private:
  template <class T>
  void parse(T* to) const {
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      const std::string& s = texts_[i];
      const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), to[i]);
      check(error == std::errc() && end == s.data() + s.size(), Code::kInvalidArgument, "Field ", s,
            " in line ", i, " of ", file_.path, " is not a valid ", name_of(dtype_), ".");
    }
  }

  const TableFile& file_;
  const std::int64_t index_;
  const DType dtype_;
  std::vector<std::string> texts_;
};

}  // namespace

std::pair<Tensor, Tensor> read_table(const TableFile& file, DType keys, DType values,
                                     Allocator& allocator) {
  Column key(file, file.key_index, keys), value(file, file.value_index, values);
  std::ifstream stream(file.path);
  check(stream.is_open(), Code::kNotFound, file.path, "; No such file or directory");
  std::string line;
  std::int64_t number = 0;
  for (; (file.most < 0 || number < file.most) && std::getline(stream, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    key.take(line, number);
    value.take(line, number);
  }
  check(file.most < 0 || number == file.most, Code::kInvalidArgument, "Invalid vocab_size in ",
        file.path, ": expected ", file.most, " but got ", number);
  return {key.tensor(allocator), value.tensor(allocator)};
}

}  // namespace tw
