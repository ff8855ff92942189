#include "runtime/layout.h"

#include "passes/fold.h"
#include "passes/split_epilogue.h"
#include "runtime/frame.h"
#include "runtime/plan.h"
#include "runtime/session_state.h"
#include "runtime/step_order.h"

namespace tw {
namespace {

class LayoutBuilder {
 public:
  LayoutBuilder(const WorkGraph& work, const std::vector<Shape>& shapes, SessionState& session,
                const std::string& scope)
      : session_(session), scope_(scope), layout_(std::make_unique<Layout>()) {
    layout_->feed_shapes = shapes;
    layout_->work = work;
  }

  std::unique_ptr<Layout> build() {
    give_feed_shapes();
    fold_shapes();
    number_slots();
    find_homes();
    place_results();
    add_steps();
    order_steps(*layout_);
    layout_->place_again();
    if (expect_arenas()) layout_->place_again();
    plan_release();
    list_run_slots();
    return std::move(layout_);
  }

 private:
  Graph& graph() { return layout_->work.graph; }
  int slot_of(Output o) const { return first_slot_[static_cast<std::size_t>(o.node)] + o.index; }
  Slot& slot(Output o) { return layout_->slots[static_cast<std::size_t>(slot_of(o))]; }

  void give_feed_shapes() {
    for (std::size_t i = 0; i < layout_->feed_shapes.size(); ++i) {
      const Output feed = layout_->work.feeds[i];
      Node& node = graph().mutable_node(feed.node);
      node.outputs[0].shape = layout_->feed_shapes[i];
      node.attr_values[static_cast<std::size_t>(node.op->attr_index("shape"))] =
          layout_->feed_shapes[i];
    }
  }

  // With the feed shapes known, infers anew and folds what depends on shapes alone.
  void fold_shapes() {
    Replacements replacements;
    const int size = graph().size();
    for (int id = 0; id < size; ++id) {
      Node& node = graph().mutable_node(id);
      for (Output& in : node.inputs) {
        const auto hit = replacements.find(in);
        if (hit != replacements.end()) in = hit->second;
      }
      infer(id);
      if (const auto split = split_epilogue(graph(), id)) {
        replacements.emplace(Output{id, 0}, *split);
        continue;
      }
      if (const auto values = folded(graph(), id)) {
        for (std::size_t k = 0; k < values->size(); ++k) {
          const Output constant = graph().constant((*values)[k], graph().node(id).name + "/folded");
          replacements.emplace(Output{id, static_cast<int>(k)}, constant);
        }
      }
    }
    if (!replacements.empty()) rebuild(layout_->work, replacements);
  }

  void infer(int id) {
    try {
      for (OutputInfo& info : graph().mutable_node(id).outputs) info.value = nullptr;
      graph().infer(id);
    } catch (const Error& e) {
      throw e.at(graph().node(id).op->name, graph().node(id).name);
    }
  }

  void number_slots() {
    int next = 0;
    for (int id = 0; id < graph().size(); ++id) {
      first_slot_.push_back(next);
      next += static_cast<int>(graph().node(id).outputs.size());
    }
    layout_->slots.resize(static_cast<std::size_t>(next));
    for (int id = 0; id < graph().size(); ++id) {
      for (std::size_t k = 0; k < graph().node(id).outputs.size(); ++k) {
        const OutputInfo& info = graph().node(id).outputs[k];
        Slot& s = slot({id, static_cast<int>(k)});
        s.dtype = info.dtype;
        s.shape = info.shape;
      }
    }
    for (std::size_t i = 0; i < layout_->work.feeds.size(); ++i) {
      Slot& s = slot(layout_->work.feeds[i]);
      s.home = Home::kFeed;
      s.index = static_cast<int>(i);
    }
  }

  // Values that need no step: feeds, constants and the handles of variables.
  bool without_step(const Node& node) {
    if (node.outputs.empty()) return false;
    Slot& s = slot({node.id, 0});
    if (s.home == Home::kFeed) return true;
    if (node.op->role == Role::kConst) {
      s.value = node.attrs().get<Tensor>("value");
      s.value.raw();  // of a deferred constant that no op packs: kernels cannot say that they fail
      s.home = Home::kConst;
      return true;
    }
    if (node.op->role == Role::kVariable) {
      s.value = Tensor::scalar<std::int64_t>(session_.variable_id(node));
      s.value = Tensor(DType::kResource, {}, s.value.raw(), s.value.buffer());
      s.home = Home::kConst;
      return true;
    }
    return false;
  }

  void find_homes() {
    for (int id = 0; id < graph().size(); ++id) {
      const Node& node = graph().node(id);
      if (without_step(node)) continue;
      if (node.op->alias && node.inputs[0].valid()) slot({id, 0}).shows = slot_of(node.inputs[0]);
      for (std::size_t k = 0; k < node.outputs.size(); ++k) {
        Slot& s = slot({id, static_cast<int>(k)});
        const bool known = s.shape.fully_known() && !is_object(s.dtype);
        s.home = known && !passes_on(*node.op) ? Home::kArena : Home::kDynamic;
      }
    }
  }

  void add_steps() {
    for (int id = 0; id < graph().size(); ++id) {
      const Node& node = graph().node(id);
      const Home home = node.outputs.empty() ? Home::kNone : slot({id, 0}).home;
      if (home != Home::kConst && home != Home::kFeed) add_step(node);
    }
  }

  void add_step(const Node& node) {
    Step& step = *layout_->steps.emplace_back(std::make_unique<Step>());
    step.node = &node;
    step.first_input = static_cast<int>(layout_->input_slots.size());
    step.inputs = static_cast<int>(node.inputs.size());
    step.first_output = first_slot_[static_cast<std::size_t>(node.id)];
    step.outputs = static_cast<int>(node.outputs.size());
    for (Output in : node.inputs) {
      layout_->input_slots.push_back(in.valid() ? slot_of(in) : -1);
      if (in.valid()) step.known_shapes = step.known_shapes && graph().info(in).shape.fully_known();
    }
    for (int k = 0; k < step.outputs; ++k) {
      step.known_shapes = step.known_shapes && slot({node.id, k}).shape.fully_known();
    }
    // The kernel checks what the branch taken is given; that need not fit the others.
    step.known_shapes = step.known_shapes || node.op->branches;
    if (node.op->stateful) step.random = &session_.random_counter(scope_ + node.name);
    add_subplans(step);
  }

  void add_subplans(Step& step) {
    for (std::size_t i = 0; i < step.node->op->attrs.size(); ++i) {
      const auto* sub = std::get_if<GraphRef>(&step.node->attr_values[i]);
      if (sub == nullptr) continue;
      std::vector<Output> feeds;
      for (int parameter : (*sub)->parameters()) feeds.push_back({parameter, 0});
      const std::string& name = step.node->op->attrs[i].name;
      step.subplans[name] =
          std::make_shared<Plan>(session_, *sub, (*sub)->results, std::vector<int>(), feeds,
                                 scope_ + step.node->name + ":" + name + "/");
    }
  }

  // Makes room for the arenas of the subgraphs that certainly run, from the first run on: else that
  // one would take more memory than all later ones.
  bool expect_arenas() {
    bool found = false;
    for (std::size_t i = 0; i < layout_->steps.size(); ++i) {
      const std::size_t bytes = subgraph_arena(*layout_->steps[i]);
      if (bytes > 0) layout_->note_scratch(i, arena_rounded(bytes));
      found = found || bytes > 0;
    }
    return found;
  }

  // 0 when the step is no call of one subgraph with all its inputs, or their shapes are unknown.
  std::size_t subgraph_arena(const Step& step) {
    if (step.subplans.size() != 1) return 0;
    Plan& plan = *step.subplans.begin()->second;
    if (plan.feeds() != static_cast<std::size_t>(step.inputs)) return 0;
    std::vector<Tensor> feeds;
    for (int k = 0; k < step.inputs; ++k) {
      const int from = layout_->input_slots[static_cast<std::size_t>(step.first_input + k)];
      if (from < 0) return 0;
      const Slot& in = layout_->slots[static_cast<std::size_t>(from)];
      if (!in.shape.fully_known() || plan.feed_info(feeds.size()).dtype != in.dtype) return 0;
      feeds.push_back(Tensor(in.dtype, in.shape, nullptr));
    }
    try {
      return plan.layout_for(feeds)->placement()->arena_bytes;
    } catch (const Error&) {
      return 0;  // the run says it, with the node's name
    }
  }

  // A fetched value that a kernel writes goes straight into the result's memory.
  void place_results() {
    for (std::size_t i = 0; i < layout_->work.fetches.size(); ++i) {
      const Output fetch = layout_->work.fetches[i];
      Slot& s = slot(fetch);
      const bool direct = s.home == Home::kArena;
      if (direct) {
        s.home = Home::kResult;
        s.index = static_cast<int>(i);
      }
      layout_->fetch_slots.push_back(slot_of(fetch));
      layout_->direct.push_back(direct);
    }
  }

  void plan_release() {
    const int steps = static_cast<int>(layout_->steps.size());
    for (std::size_t i = 0; i < layout_->slots.size(); ++i) {
      const int last = layout_->values.last_use[i];
      if (layout_->slots[i].home != Home::kDynamic || last < 0 || last >= steps) continue;
      layout_->steps[static_cast<std::size_t>(last)]->release.push_back(static_cast<int>(i));
    }
  }

  void list_run_slots() {
    for (std::size_t i = 0; i < layout_->slots.size(); ++i) {
      const Slot& s = layout_->slots[i];
      const Home home = s.home;
      const bool in_run = home == Home::kFeed || home == Home::kResult || home == Home::kDynamic;
      if (in_run) layout_->run_slots.push_back({static_cast<int>(i), home, s.index});
    }
  }

  SessionState& session_;
  const std::string& scope_;
  std::unique_ptr<Layout> layout_;
  std::vector<int> first_slot_;
};

}  // namespace

std::unique_ptr<Layout> make_layout(const WorkGraph& work, const std::vector<Shape>& shapes,
                                    SessionState& session, const std::string& scope) {
  return LayoutBuilder(work, shapes, session, scope).build();
}

}  // namespace tw
