#include "runtime/memory_plan.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>

namespace tw {
namespace {

// Below this an arena is small whatever the plan; above so many lifetimes the slower plan would
// make an unseen feed shape expensive.
constexpr std::size_t kWorthwhile = 1 << 20;
constexpr std::size_t kMostBySize = 4096;

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

// One place in the arena: a lifetime with those that take it over one after the other.
struct Place {
  int first, last;
  std::size_t bytes, offset = 0;
};

struct Places {
  std::vector<Place> list;
  std::vector<std::size_t> of;  // by lifetime
};

Places places_of(const std::vector<Lifetime>& lifetimes) {
  Places places;
  for (const Lifetime& life : lifetimes) {
    if (life.shares >= 0) {
      places.of.push_back(places.of[static_cast<std::size_t>(life.shares)]);
      Place& place = places.list[places.of.back()];
      place.last = std::max(place.last, life.last);
    } else {
      places.of.push_back(places.list.size());
      places.list.push_back({life.first, life.last, arena_rounded(life.bytes)});
    }
  }
  return places;
}

std::size_t place_by_best_fit(std::vector<Place>& places) {
  Gaps gaps;
  std::multimap<int, const Place*> ending;
  for (Place& place : places) {
    while (!ending.empty() && ending.begin()->first < place.first) {
      gaps.give(ending.begin()->second->offset, ending.begin()->second->bytes);
      ending.erase(ending.begin());
    }
    place.offset = gaps.take(place.bytes);
    ending.emplace(place.last, &place);
  }
  return gaps.end();
}

// The smallest gap that is free all through the place's time, else behind everything in it.
std::size_t lowest_fit(const std::vector<const Place*>& by_offset, const Place& place) {
  std::size_t end = 0, best = SIZE_MAX, best_bytes = SIZE_MAX;
  for (const Place* other : by_offset) {
    if (other->last < place.first || other->first > place.last) continue;
    if (other->offset > end) {
      const std::size_t gap = other->offset - end;
      if (gap >= place.bytes && gap < best_bytes) best = end, best_bytes = gap;
    }
    end = std::max(end, other->offset + other->bytes);
  }
  return best == SIZE_MAX ? end : best;
}

std::size_t place_by_size(std::vector<Place>& places) {
  std::vector<std::size_t> order(places.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return places[a].bytes > places[b].bytes;
  });
  std::vector<const Place*> by_offset;
  std::size_t end = 0;
  for (const std::size_t i : order) {
    Place& place = places[i];
    place.offset = lowest_fit(by_offset, place);
    end = std::max(end, place.offset + place.bytes);
    const auto after = std::upper_bound(
        by_offset.begin(), by_offset.end(), place.offset,
        [](std::size_t offset, const Place* other) { return offset < other->offset; });
    by_offset.insert(after, &place);
  }
  return end;
}

}  // namespace

std::size_t arena_rounded(std::size_t bytes) noexcept {
  return std::max((bytes + kArenaAlign - 1) / kArenaAlign * kArenaAlign, kArenaAlign);
}

LiveBytes most_live(const std::vector<Lifetime>& lifetimes) {
  const Places places = places_of(lifetimes);
  std::multimap<int, std::size_t> ending;
  LiveBytes most;
  std::size_t live = 0;
  for (const Place& place : places.list) {
    while (!ending.empty() && ending.begin()->first < place.first) {
      live -= ending.begin()->second;
      ending.erase(ending.begin());
    }
    live += place.bytes;
    ending.emplace(place.last, place.bytes);
    if (live > most.bytes) most = {live, place.first};
  }
  return most;
}

MemoryPlan plan_memory(const std::vector<Lifetime>& lifetimes) {
  Places places = places_of(lifetimes);
  MemoryPlan plan;
  plan.bytes = place_by_best_fit(places.list);
  if (plan.bytes >= kWorthwhile && places.list.size() <= kMostBySize) {
    const std::size_t live = most_live(lifetimes).bytes;
    if (plan.bytes > live + live / 50) {
      std::vector<Place> by_size = places.list;
      const std::size_t bytes = place_by_size(by_size);
      if (bytes < plan.bytes) plan.bytes = bytes, places.list.swap(by_size);
    }
  }
  for (const std::size_t place : places.of) plan.offsets.push_back(places.list[place].offset);
  return plan;
}

}  // namespace tw
