#include "runtime/step_order.h"

#include <algorithm>
#include <set>

namespace tw {
namespace {

// Below this, memory does not matter; an order must save a twentieth to be taken.
constexpr double kWorthwhile = 1 << 20;
constexpr double kClearly = 0.95;
// Steps that use a value with more users than this are not looked at again for each of them.
constexpr int kManyUsers = 8;

struct Value {
  double bytes = 0;         // in the arena
  bool fetched = false;     // lives on to the end
  std::vector<int> users;   // tasks, each once
};

struct Task {
  int node = -1;
  bool at_once = false;     // takes no memory and no time: aliases, reads of variables
  double makes = 0;         // bytes of outputs in the arena
  std::vector<int> uses;    // values, each once
  std::vector<int> outputs; // values in the arena
  std::vector<int> before, after;  // tasks
};

void add_once(std::vector<int>& list, int item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

class TaskGraph {
 public:
  TaskGraph(const Layout& layout, const std::vector<int>& first_slot)
      : layout_(layout), first_slot_(first_slot), values(layout.slots.size()) {
    const Graph& graph = layout.work.graph;
    root_.resize(layout.slots.size());
    task_of_.assign(static_cast<std::size_t>(graph.size()), -1);
    for (int id = 0; id < graph.size(); ++id) add(graph.node(id));
    for (const int slot : layout.fetch_slots) values[index(root_[index(slot)])].fetched = true;
  }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  int slot_of(Output o) const { return first_slot_[index(o.node)] + o.index; }

  void add(const Node& node) {
    for (std::size_t k = 0; k < node.outputs.size(); ++k) {
      const int slot = first_slot_[index(node.id)] + static_cast<int>(k);
      const int shows = layout_.slots[index(slot)].shows;
      root_[index(slot)] = shows < 0 ? slot : root_[index(shows)];
    }
    if (!makes_step(node)) return;
    const int number = static_cast<int>(tasks.size());
    task_of_[index(node.id)] = number;
    Task& task = tasks.emplace_back();
    task.node = node.id;
    task.at_once = passes_on(*node.op);
    for (const Output in : node.inputs) {
      if (!in.valid()) continue;
      depend(task, in.node);
      add_once(task.uses, root_[index(slot_of(in))]);
    }
    for (const int control : node.controls) depend(task, control);
    for (const int before : task.before) tasks[index(before)].after.push_back(number);
    for (const int value : task.uses) values[index(value)].users.push_back(number);
    for (std::size_t k = 0; k < node.outputs.size(); ++k) {
      const int slot = first_slot_[index(node.id)] + static_cast<int>(k);
      if (layout_.slots[index(slot)].home != Home::kArena) continue;
      task.outputs.push_back(slot);
      values[index(slot)].bytes = static_cast<double>(layout_.slots[index(slot)].bytes());
      task.makes += values[index(slot)].bytes;
    }
  }

  bool makes_step(const Node& node) const {
    if (node.outputs.empty()) return true;
    const Home home = layout_.slots[index(first_slot_[index(node.id)])].home;
    return home != Home::kConst && home != Home::kFeed;
  }

  void depend(Task& task, int node) {
    if (task_of_[index(node)] >= 0) add_once(task.before, task_of_[index(node)]);
  }

  const Layout& layout_;
  const std::vector<int>& first_slot_;
  std::vector<int> root_, task_of_;

 public:
  std::vector<Task> tasks;
  std::vector<Value> values;
};

// The most bytes that live at once in this order. An output counts as in place when the op can
// and an input of that size dies.
double peak_of(const TaskGraph& graph, const Layout& layout, const std::vector<int>& order) {
  std::vector<std::size_t> left;
  for (const Value& value : graph.values) left.push_back(value.users.size());
  double live = 0, peak = 0;
  for (const int number : order) {
    const Task& task = graph.tasks[static_cast<std::size_t>(number)];
    double freed = 0, reused = 0;
    const bool in_place = !layout.work.graph.node(task.node).op->in_place.empty();
    for (const int used : task.uses) {
      const Value& value = graph.values[static_cast<std::size_t>(used)];
      if (--left[static_cast<std::size_t>(used)] > 0 || value.fetched) continue;
      freed += value.bytes;
      if (in_place && value.bytes == task.makes) reused = task.makes;
    }
    peak = std::max(peak, live + task.makes - reused);
    for (const int output : task.outputs) {
      const Value& value = graph.values[static_cast<std::size_t>(output)];
      if (value.users.empty() && !value.fetched) freed += value.bytes;
    }
    live += task.makes - freed;
  }
  return peak;
}

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

}  // namespace

std::vector<int> step_order(const Layout& layout, const std::vector<int>& first_slot) {
  const TaskGraph graph(layout, first_slot);
  std::vector<int> order(graph.tasks.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
  double peak = peak_of(graph, layout, order);
  if (peak >= kWorthwhile) {
    std::vector<int> frugal = FrugalOrder(graph).make();
    const double less = peak_of(graph, layout, frugal);
    if (less < kClearly * peak) order = std::move(frugal);
  }
  for (int& task : order) task = graph.tasks[static_cast<std::size_t>(task)].node;
  return order;
}

}  // namespace tw
