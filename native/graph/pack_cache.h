#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graph/attr.h"

namespace tw {

// What a pack clause made of a node's constants: new inputs and attrs, by their index.
struct Packed {
  std::vector<std::pair<int, Tensor>> inputs;
  std::vector<std::pair<int, AttrValue>> attrs;
};

// The packed constants of a graph, shared by all sessions and plans that run it. Keys are hashes of
// everything that a pack clause may look at. Safe on any thread.
class PackCache {
 public:
  // null: not packed yet.
  std::shared_ptr<const Packed> find(std::uint64_t key) const {
    std::lock_guard lock(mutex_);
    const auto found = packed_.find(key);
    return found == packed_.end() ? nullptr : found->second;
  }
  // Gives what is kept under the key: of two that packed at once, the first.
  std::shared_ptr<const Packed> keep(std::uint64_t key, Packed packed) {
    auto made = std::make_shared<const Packed>(std::move(packed));
    std::lock_guard lock(mutex_);
    return packed_.emplace(key, std::move(made)).first->second;
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::shared_ptr<const Packed>> packed_;
};

}  // namespace tw
