#include "runtime/missing_feeds.h"

#include <algorithm>
#include <unordered_set>

namespace tw {
namespace {

constexpr int kNone = -1;
constexpr std::size_t kLongestWay = 6;

struct Users {
  std::vector<int> next;    // towards a fetch; kNone at one
  std::vector<bool> needed;
};

// Breadth first from what is asked for, so that ways are short.
Users users_of(const WorkGraph& work) {
  const auto size = static_cast<std::size_t>(work.graph.size());
  Users users{std::vector<int>(size, kNone), std::vector<bool>(size)};
  std::vector<int> queue;
  const auto reach = [&](int id, int from) {
    if (users.needed[static_cast<std::size_t>(id)]) return;
    users.needed[static_cast<std::size_t>(id)] = true;
    users.next[static_cast<std::size_t>(id)] = from;
    queue.push_back(id);
  };
  for (Output fetch : work.fetches) reach(fetch.node, kNone);
  for (int target : work.targets) reach(target, kNone);
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const int id = queue[i];
    for (Output in : work.graph.node(id).inputs) {
      if (in.valid()) reach(in.node, id);
    }
    for (int control : work.graph.node(id).controls) reach(control, id);
  }
  return users;
}

std::vector<int> unfed(const WorkGraph& work) {
  std::vector<int> found;
  for (int id = 0; id < work.graph.size(); ++id) {
    if (work.graph.node(id).op->role != Role::kPlaceholder) continue;
    const auto fed = [id](Output feed) { return feed.node == id; };
    if (std::none_of(work.feeds.begin(), work.feeds.end(), fed)) found.push_back(id);
  }
  return found;
}

// " (x -> MatMul 'h' -> Relu 'y', which is fetched)"; the middle of a long way is left out.
std::string way(const Graph& graph, const Users& users, int id) {
  std::vector<int> nodes;
  for (int at = users.next[static_cast<std::size_t>(id)]; at != kNone;
       at = users.next[static_cast<std::size_t>(at)]) {
    nodes.push_back(at);
  }
  if (nodes.empty()) return " (it is fetched)";
  std::string shown = " (" + graph.node(id).name;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes.size() > kLongestWay && i == kLongestWay / 2) {
      i = nodes.size() - kLongestWay / 2;
      shown += " -> ...";
    }
    const Node& node = graph.node(nodes[i]);
    shown += text(" -> ", node.op->name, " '", node.name, "'");
  }
  return shown + ", which is fetched)";
}

}  // namespace

std::vector<MissingFeed> missing_feeds(const WorkGraph& work) {
  const std::vector<int> found = unfed(work);
  std::vector<MissingFeed> missing;
  if (found.empty()) return missing;
  const Users users = users_of(work);
  for (int id : found) {
    const Node& node = work.graph.node(id);
    if (!users.needed[static_cast<std::size_t>(id)]) continue;
    const Shape& shape = node.outputs[0].shape;
    const std::string declared =
        shape.has_rank() && shape.rank() > 0 ? text(" and shape ", shape) : "";
    missing.push_back({node.name, text("'", node.name, "' with dtype ",
                                       name_of(node.outputs[0].dtype), declared,
                                       way(work.graph, users, id))});
  }
  return missing;
}

void check_missing(const WorkGraph& work, const std::vector<MissingFeed>& missing) {
  if (missing.empty()) return;
  std::unordered_set<std::string> left;
  for (int id : unfed(work)) left.insert(work.graph.node(id).name);
  std::string sentence;
  const MissingFeed* first = nullptr;
  for (const MissingFeed& feed : missing) {
    if (!left.contains(feed.node)) continue;
    sentence += first == nullptr ? "You must feed a value for placeholder tensor " : "; and for ";
    if (first == nullptr) first = &feed;
    sentence += feed.sentence;
  }
  if (first == nullptr) return;
  throw Error(Code::kInvalidArgument, sentence).at("Placeholder", first->node);
}

}  // namespace tw
