#include "runtime/memory_plan.h"

#include <random>

#include "test.h"

namespace tw {
namespace {

bool overlap(const MemoryPlan& plan, const std::vector<Lifetime>& lives, std::size_t a,
             std::size_t b) {
  const bool together = lives[a].first <= lives[b].last && lives[b].first <= lives[a].last;
  return together && plan.offsets[a] < plan.offsets[b] + arena_rounded(lives[b].bytes) &&
         plan.offsets[b] < plan.offsets[a] + arena_rounded(lives[a].bytes);
}

std::vector<Lifetime> random_lives(unsigned seed, int count, std::size_t largest) {
  std::mt19937 random(seed);
  std::vector<Lifetime> lives;
  for (int i = 0; i < count; ++i) {
    const unsigned longest = random() % 8 == 0 ? static_cast<unsigned>(count) : 8;
    const int length = static_cast<int>(random() % longest);
    lives.push_back({i, i + length, random() % largest, -1});
  }
  return lives;
}

// Activations that live until their layer's gradients are computed, and those gradients.
std::vector<Lifetime> training_lives(unsigned seed, int layers) {
  std::mt19937 random(seed);
  std::vector<std::size_t> bytes;
  std::vector<Lifetime> lives;
  for (int i = 0; i < layers; ++i) {
    bytes.push_back((1 << 16) + random() % (1 << 20));
    lives.push_back({i, 2 * layers - i, bytes.back(), -1});
  }
  for (int i = layers - 1; i >= 0; --i) {
    const int step = 2 * layers - 1 - i;
    lives.push_back({step, step + 1, bytes[static_cast<std::size_t>(i)], -1});
    lives.push_back({step, 2 * layers, random() % (1 << 16), -1});
  }
  return lives;
}

}  // namespace

TEST("memory plan: places of values that live together are apart") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    // Small ones are placed by best fit, large ones by size where that is better.
    const auto lives = random_lives(seed, 150, seed % 2 == 0 ? 1000 : 1 << 20);
    const MemoryPlan plan = plan_memory(lives);
    for (std::size_t a = 0; a < lives.size(); ++a) {
      EXPECT(plan.offsets[a] % kArenaAlign == 0);
      EXPECT(plan.offsets[a] + arena_rounded(lives[a].bytes) <= plan.bytes);
      for (std::size_t b = 0; b < a; ++b) EXPECT(!overlap(plan, lives, a, b));
    }
  }
}

TEST("memory plan: the arena of a training step is little more than what lives at once") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto lives = training_lives(seed, 60);
    const std::size_t live = most_live(lives).bytes;
    const std::size_t planned = plan_memory(lives).bytes;
    EXPECT(planned >= live);
    EXPECT(planned <= live + live / 20);
  }
}

TEST("memory plan: lifetimes of no pattern do not take much more either") {
  std::size_t live = 0, planned = 0;
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto lives = random_lives(seed, 200, 1 << 20);
    live += most_live(lives).bytes;
    planned += plan_memory(lives).bytes;
    EXPECT(plan_memory(lives).bytes <= most_live(lives).bytes * 5 / 4);
  }
  EXPECT(planned <= live + live / 8);
}

TEST("memory plan: a place is taken over") {
  const std::vector<Lifetime> lives = {{0, 2, 640, -1}, {1, 3, 64, -1}, {2, 5, 640, 0}};
  const MemoryPlan plan = plan_memory(lives);
  EXPECT(plan.offsets[2] == plan.offsets[0]);
  EXPECT(plan.bytes == 704);
  const LiveBytes live = most_live(lives);
  EXPECT(live.bytes == 704 && live.step == 1);
}

}  // namespace tw
