#include "runtime/memory_plan.h"

#include <algorithm>
#include <map>

namespace tw {
namespace {

constexpr std::size_t kAlign = 64;

// Free gaps by offset; neighbours are joined.
class Gaps {
 public:
  std::size_t take(std::size_t bytes) {
    auto best = gaps_.end();
    for (auto gap = gaps_.begin(); gap != gaps_.end(); ++gap) {
      if (gap->second >= bytes && (best == gaps_.end() || gap->second < best->second)) best = gap;
    }
    if (best == gaps_.end()) return extend(bytes);
    const auto [offset, size] = *best;
    gaps_.erase(best);
    if (size > bytes) gaps_.emplace(offset + bytes, size - bytes);
    return offset;
  }

  void give(std::size_t offset, std::size_t bytes) {
    auto next = gaps_.lower_bound(offset);
    if (next != gaps_.begin()) {
      const auto before = std::prev(next);
      if (before->first + before->second == offset) {
        offset = before->first;
        bytes += before->second;
        gaps_.erase(before);
      }
    }
    if (next != gaps_.end() && offset + bytes == next->first) {
      bytes += next->second;
      gaps_.erase(next);
    }
    gaps_.emplace(offset, bytes);
  }

  std::size_t end() const { return end_; }

 private:
  // A gap at the end grows; otherwise the arena does.
  std::size_t extend(std::size_t bytes) {
    std::size_t offset = end_;
    if (!gaps_.empty() && std::prev(gaps_.end())->first + std::prev(gaps_.end())->second == end_) {
      offset = std::prev(gaps_.end())->first;
      gaps_.erase(std::prev(gaps_.end()));
    }
    end_ = offset + bytes;
    return offset;
  }

  std::map<std::size_t, std::size_t> gaps_;
  std::size_t end_ = 0;
};

}  // namespace

MemoryPlan plan_memory(const std::vector<Lifetime>& lifetimes) {
  MemoryPlan plan;
  plan.offsets.resize(lifetimes.size());
  Gaps gaps;
  std::multimap<int, std::size_t> ending;  // last step -> lifetime that frees its place then
  std::vector<std::size_t> rounded(lifetimes.size());
  std::vector<bool> taken_over(lifetimes.size());
  for (const Lifetime& life : lifetimes) {
    if (life.shares >= 0) taken_over[static_cast<std::size_t>(life.shares)] = true;
  }
  for (std::size_t i = 0; i < lifetimes.size(); ++i) {
    const Lifetime& life = lifetimes[i];
    while (!ending.empty() && ending.begin()->first < life.first) {
      const std::size_t done = ending.begin()->second;
      gaps.give(plan.offsets[done], rounded[done]);
      ending.erase(ending.begin());
    }
    rounded[i] = std::max<std::size_t>((life.bytes + kAlign - 1) / kAlign * kAlign, kAlign);
    if (life.shares >= 0) {
      plan.offsets[i] = plan.offsets[static_cast<std::size_t>(life.shares)];
      rounded[i] = rounded[static_cast<std::size_t>(life.shares)];
    } else {
      plan.offsets[i] = gaps.take(rounded[i]);
    }
    if (!taken_over[i]) ending.emplace(life.last, i);
  }
  plan.bytes = gaps.end();
  return plan;
}

}  // namespace tw
