#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "runtime/frame.h"
#include "runtime/layout.h"
#include "runtime/missing_feeds.h"

namespace tw {

// The first stage: what one (fetches, targets, feeds) of a graph needs, as a copy on which the
// passes run once, at the first run. It keeps a bounded number of layouts, one per feed shapes.
// Runs may overlap, on any threads.
class Plan {
 public:
  // Looks at the feeds only; the first run copies the part of the graph that is needed. scope: what
  // the names of nodes need before them to be unique in the session, for a subgraph.
  Plan(SessionState& session, std::shared_ptr<const Graph> graph, std::vector<Output> fetches,
       std::vector<int> targets, std::vector<Output> feeds, std::string scope = {});

  std::size_t feeds() const noexcept { return feed_infos_.size(); }
  // Dtype and static shape of a feed.
  const OutputInfo& feed_info(std::size_t i) const { return feed_infos_[i]; }

  std::vector<Tensor> run(std::span<const Tensor> feeds, std::span<const Tensor> outs,
                          const RunOptions& options);

  // The layout for these feeds when a run has made it already and is not making one right now.
  std::shared_ptr<Layout> ready_layout(std::span<const Tensor> feeds);
  // Makes the layout if need be.
  std::shared_ptr<Layout> layout_for(std::span<const Tensor> feeds);
  // Whether the layout, one of this plan, is that for the feeds.
  static bool fits(const Layout& layout, std::span<const Tensor> feeds) noexcept;
  void run(Layout& layout, std::span<const Tensor> feeds, std::span<const Tensor> outs,
           const RunOptions& options, std::vector<Tensor>& results);

 private:
  std::shared_ptr<Layout> find_layout(std::span<const Tensor> feeds);
  void compile();

  static constexpr std::size_t kMostLayouts = 16;
  SessionState& session_;
  std::vector<OutputInfo> feed_infos_;
  std::mutex compiling_;  // held while passes run or a layout is made
  std::shared_ptr<const Graph> graph_;  // null once the part that is needed is in work_
  std::vector<Output> fetches_, feeds_;
  std::vector<int> targets_;
  const std::string scope_;
  bool compiled_ = false;
  WorkGraph work_;
  std::vector<MissingFeed> missing_;
  std::mutex layouts_mutex_;
  std::list<std::shared_ptr<Layout>> layouts_;  // most recently used first
};

}  // namespace tw
