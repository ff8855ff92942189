#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"

namespace tw {

struct Node;

// The name under which sessions keep the variable of a VarHandleOp: its shared_name, else its own.
const std::string& variable_name(const Node& handle);
// The element of the handle of a variable of this name, the same in all plans and sessions.
std::int64_t variable_key(std::string_view name) noexcept;

// The state of one variable in one session. A value is never changed in place while another
// holder of the tensor could read it: writers put a new tensor.
class Variable {
 public:
  // shape: the declared one, as far as known; what assigned values are checked against.
  explicit Variable(std::string name, const Shape& shape = Shape::unknown())
      : name_(std::move(name)), shape_(shape) {}

  const std::string& name() const noexcept { return name_; }
  const Shape& shape() const noexcept { return shape_; }
  // Undefined when the variable is not initialised.
  Tensor read() const {
    std::lock_guard lock(mutex_);
    return value_;
  }
  void write(Tensor value) {
    std::lock_guard lock(mutex_);
    value_ = std::move(value);
  }
  // Calls update(Tensor& value) under the variable's lock, so that read-modify-write ops of
  // overlapping runs do not lose updates.
  template <class Update>
  void update(Update&& update_value) {
    std::lock_guard lock(mutex_);
    update_value(value_);
  }

 private:
  friend class VariableLocks;
  const std::string name_;
  const Shape shape_;
  mutable std::mutex mutex_;
  Tensor value_;
};

// Holds the locks of several variables, for ops that change them together. Locks are taken in one
// order for all, so that overlapping runs never wait for each other in a circle.
class VariableLocks {
 public:
  explicit VariableLocks(std::vector<Variable*> variables);
  // Of one of the variables given.
  Tensor& value(Variable& variable) noexcept { return variable.value_; }

 private:
  std::vector<std::unique_lock<std::mutex>> locks_;
};

}  // namespace tw
