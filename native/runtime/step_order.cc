#include "runtime/step_order.h"

#include <algorithm>
#include <set>
#include <utility>

#include "passes/transposes.h"

namespace tw {
namespace {

// Below this, memory does not matter; an order must save a twentieth to be taken.
constexpr std::size_t kWorthwhile = 1 << 20;
constexpr double kClearly = 0.95;
// Steps that use a value with more users than this are not looked at again for each of them.
constexpr int kManyUsers = 8;

struct Value {
  double bytes = 0;         // in the arena
  bool fetched = false;     // lives on to the end
  std::vector<int> users;   // tasks, each once
};

// What matters here of the step of that number.
struct Task {
  bool at_once = false;     // takes no memory and no time: aliases, reads of variables
  double makes = 0;         // bytes of outputs in the arena
  std::vector<int> uses;    // values, each once
  std::vector<int> before, after;  // tasks
};

void add_once(std::vector<int>& list, int item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

class TaskGraph {
 public:
  explicit TaskGraph(const Layout& layout)
      : layout_(layout),
        values(layout.slots.size()),
        task_of_(static_cast<std::size_t>(layout.work.graph.size()), -1) {
    for (const auto& step : layout.steps) add(*step);
    for (const int slot : layout.fetch_slots) values[index(layout.root(slot))].fetched = true;
  }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  void add(const Step& step) {
    const int number = static_cast<int>(tasks.size());
    task_of_[index(step.node->id)] = number;
    Task& task = tasks.emplace_back();
    task.at_once = passes_on(*step.node->op);
    for (const Output in : step.node->inputs) {
      if (in.valid()) depend(task, in.node);
    }
    for (const int control : step.node->controls) depend(task, control);
    for (const int before : task.before) tasks[index(before)].after.push_back(number);
    for (int k = 0; k < step.inputs; ++k) {
      const int slot = layout_.input_slots[index(step.first_input + k)];
      if (slot >= 0) add_once(task.uses, layout_.root(slot));
    }
    for (const int value : task.uses) values[index(value)].users.push_back(number);
    for (int slot = step.first_output; slot < step.first_output + step.outputs; ++slot) {
      if (layout_.slots[index(slot)].home != Home::kArena) continue;
      values[index(slot)].bytes = static_cast<double>(layout_.slots[index(slot)].bytes());
      task.makes += values[index(slot)].bytes;
    }
  }

  void depend(Task& task, int node) {
    if (task_of_[index(node)] >= 0) add_once(task.before, task_of_[index(node)]);
  }

  const Layout& layout_;

 public:
  std::vector<Task> tasks;
  std::vector<Value> values;  // by slot

 private:
  std::vector<int> task_of_;  // by node
};

// Runs whatever is ready and makes the sum of live bytes smaller, else goes on in the given order.
// The bytes of a value are shared out between the steps that have yet to use it: the last of them
// frees it, but all must run for that.
class FrugalOrder {
 public:
  explicit FrugalOrder(const TaskGraph& graph) : graph_(graph), score_(graph.tasks.size()) {
    for (const Value& value : graph.values) left_.push_back(static_cast<int>(value.users.size()));
    for (const Task& task : graph.tasks) waits_.push_back(static_cast<int>(task.before.size()));
  }

  std::vector<int> make() {
    for (std::size_t i = 0; i < waits_.size(); ++i) {
      if (waits_[i] == 0) enter(static_cast<int>(i));
    }
    while (!ready_.empty()) {
      run(saving_.empty() ? *ready_.begin() : saving_.begin()->second);
    }
    return std::move(order_);
  }

 private:
  double score_of(int number) const {
    const Task& task = graph_.tasks[static_cast<std::size_t>(number)];
    if (task.at_once) return -1e300;
    double score = task.makes;
    for (const int used : task.uses) {
      const Value& value = graph_.values[static_cast<std::size_t>(used)];
      if (!value.fetched) score -= value.bytes / left_[static_cast<std::size_t>(used)];
    }
    return score;
  }

  void enter(int number) {
    ready_.insert(number);
    rate(number);
  }

  void rate(int number) {
    const auto i = static_cast<std::size_t>(number);
    saving_.erase({score_[i], number});
    score_[i] = score_of(number);
    if (score_[i] < 0) saving_.emplace(score_[i], number);
  }

  void run(int number) {
    const Task& task = graph_.tasks[static_cast<std::size_t>(number)];
    ready_.erase(number);
    saving_.erase({score_[static_cast<std::size_t>(number)], number});
    order_.push_back(number);
    for (const int after : task.after) {
      if (--waits_[static_cast<std::size_t>(after)] == 0) enter(after);
    }
    for (const int used : task.uses) {
      const int left = --left_[static_cast<std::size_t>(used)];
      if (left > kManyUsers) continue;
      for (const int user : graph_.values[static_cast<std::size_t>(used)].users) {
        if (ready_.contains(user)) rate(user);
      }
    }
  }

  const TaskGraph& graph_;
  std::vector<double> score_;
  std::vector<int> left_, waits_, order_;
  std::set<int> ready_;
  std::set<std::pair<double, int>> saving_;
};

void permute(Layout& layout, const std::vector<int>& order) {
  std::vector<std::unique_ptr<Step>> steps;
  for (const int i : order) steps.push_back(std::move(layout.steps[static_cast<std::size_t>(i)]));
  layout.steps.swap(steps);
}

}  // namespace

void order_steps(Layout& layout) {
  layout.values = value_lives(layout);
  const std::size_t bytes = most_live(layout.values.lives).bytes;
  if (bytes < kWorthwhile) return;
  const std::vector<int> order = FrugalOrder(TaskGraph(layout)).make();
  permute(layout, order);
  ValueLives lives = value_lives(layout);
  if (static_cast<double>(most_live(lives.lives).bytes) < kClearly * static_cast<double>(bytes)) {
    layout.values = std::move(lives);
  } else {
    permute(layout, inverse(order));
  }
}

}  // namespace tw
