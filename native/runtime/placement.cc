#include "runtime/placement.h"

#include <algorithm>
#include <set>

#include "runtime/layout.h"

namespace tw {
namespace {

class LifeFinder {
 public:
  explicit LifeFinder(const Layout& layout) : layout_(layout) {
    found_.of_slot.assign(layout.slots.size(), -1);
    found_.last_use.assign(layout.slots.size(), -1);
  }

  ValueLives find() {
    find_last_uses();
    int number = 0;
    for (const auto& step : layout_.steps) {
      for (int k = 0; k < step->outputs; ++k) add(*step, number, k);
      ++number;
    }
    return std::move(found_);
  }

 private:
  int input(const Step& step, int k) const {
    return layout_.input_slots[static_cast<std::size_t>(step.first_input + k)];
  }

  int shown_by(int slot) const { return layout_.slots[static_cast<std::size_t>(slot)].shows; }

  void find_last_uses() {
    int number = 0;
    for (const auto& step : layout_.steps) {
      for (int k = 0; k < step->outputs; ++k) use(step->first_output + k, number);
      for (int k = 0; k < step->inputs; ++k) use(input(*step, k), number);
      ++number;
    }
    for (int fetched : layout_.fetch_slots) use(fetched, number);
  }

  void use(int slot, int step) {
    for (; slot >= 0; slot = shown_by(slot)) {
      found_.last_use[static_cast<std::size_t>(slot)] = step;
    }
  }

  void add(const Step& step, int number, int output) {
    const auto slot = static_cast<std::size_t>(step.first_output + output);
    if (layout_.slots[slot].home != Home::kArena) return;
    const std::size_t bytes = layout_.slots[slot].bytes();
    const int shared = in_place(step, number, output, bytes);
    found_.of_slot[slot] = static_cast<int>(found_.lives.size());
    found_.lives.push_back({number, std::max(found_.last_use[slot], number), bytes, shared});
    taken_.push_back(false);
  }

  // The lifetime whose place the output may take over: its input dies here and is as large.
  int in_place(const Step& step, int number, int output, std::size_t bytes) {
    for (const InPlace& pair : step.node->op->in_place) {
      if (pair.output != output || pair.input >= step.inputs) continue;
      const int in = input(step, pair.input);
      if (in < 0) continue;
      const int base = layout_.root(in);
      const int life = found_.of_slot[static_cast<std::size_t>(base)];
      if (life < 0 || taken_[static_cast<std::size_t>(life)]) continue;
      if (found_.last_use[static_cast<std::size_t>(base)] != number) continue;
      if (found_.lives[static_cast<std::size_t>(life)].bytes != bytes) continue;
      if (reads(step, base) > 1) continue;
      taken_[static_cast<std::size_t>(life)] = true;
      return life;
    }
    return -1;
  }

  int reads(const Step& step, int base) const {
    int count = 0;
    for (int k = 0; k < step.inputs; ++k) {
      const int in = input(step, k);
      count += in >= 0 && layout_.root(in) == base ? 1 : 0;
    }
    return count;
  }

  const Layout& layout_;
  std::vector<bool> taken_;
  ValueLives found_;
};

// The lifetimes with one more for the temporaries of each step, and where the former went.
struct WithScratch {
  std::vector<Lifetime> lives;
  std::vector<int> place_of;  // by lifetime of a value
};

WithScratch with_scratch(const std::vector<Lifetime>& lives,
                         const std::vector<std::size_t>& needed) {
  WithScratch all;
  std::size_t next = 0;
  for (std::size_t step = 0; step < needed.size(); ++step) {
    const int now = static_cast<int>(step);
    for (; next < lives.size() && lives[next].first == now; ++next) {
      Lifetime life = lives[next];
      if (life.shares >= 0) life.shares = all.place_of[static_cast<std::size_t>(life.shares)];
      all.place_of.push_back(static_cast<int>(all.lives.size()));
      all.lives.push_back(life);
    }
    if (needed[step] > 0) all.lives.push_back({now, now, needed[step]});
  }
  return all;
}

using Taken = std::multiset<std::pair<std::size_t, std::size_t>>;  // offset, bytes

Scratch largest_gap(const Taken& taken, std::size_t arena_bytes) {
  Scratch best;
  std::size_t end = 0;
  const auto offer = [&](std::size_t to) {
    if (to > end && to - end > best.bytes) best = {end, to - end};
  };
  for (const auto& [offset, bytes] : taken) {
    offer(offset);
    end = std::max(end, offset + bytes);
  }
  offer(arena_bytes);
  return best;
}

}  // namespace

ValueLives value_lives(const Layout& layout) { return LifeFinder(layout).find(); }

std::vector<Lifetime> lives_with(const std::vector<Lifetime>& lives,
                                 const std::vector<std::size_t>& needed) {
  return with_scratch(lives, needed).lives;
}

std::shared_ptr<const Placement> place_values(const std::vector<Lifetime>& lives,
                                              const std::vector<std::size_t>& needed) {
  const WithScratch all = with_scratch(lives, needed);
  const MemoryPlan plan = plan_memory(all.lives);
  auto placement = std::make_shared<Placement>();
  placement->arena_bytes = plan.bytes;
  for (const int place : all.place_of) {
    placement->offsets.push_back(plan.offsets[static_cast<std::size_t>(place)]);
  }
  Taken taken;
  std::multiset<std::pair<int, std::size_t>> ending;  // last step, lifetime
  const auto entry = [&](std::size_t i) {
    return std::pair(placement->offsets[i], arena_rounded(lives[i].bytes));
  };
  std::size_t next = 0;
  for (std::size_t step = 0; step < needed.size(); ++step) {
    const int now = static_cast<int>(step);
    for (; !ending.empty() && ending.begin()->first < now; ending.erase(ending.begin())) {
      taken.erase(taken.find(entry(ending.begin()->second)));
    }
    for (; next < lives.size() && lives[next].first == now; ++next) {
      taken.insert(entry(next));
      ending.emplace(lives[next].last, next);
    }
    placement->scratch.push_back(largest_gap(taken, plan.bytes));
  }
  return placement;
}

}  // namespace tw
