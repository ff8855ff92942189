#pragma once

#include <mutex>
#include <string>

#include "tensor/tensor.h"

namespace tw {

// The state of one variable in one session. A value is never changed in place while another
// holder of the tensor could read it: writers put a new tensor.
class Variable {
 public:
  explicit Variable(std::string name) : name_(std::move(name)) {}

  const std::string& name() const noexcept { return name_; }
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
  const std::string name_;
  mutable std::mutex mutex_;
  Tensor value_;
};

}  // namespace tw
