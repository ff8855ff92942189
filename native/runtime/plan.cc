#include "runtime/plan.h"

#include <chrono>

#include "runtime/session_state.h"

namespace tw {
namespace {

bool fits(const Layout& layout, std::span<const Tensor> feeds) {
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    if (!(layout.feed_shapes[i] == feeds[i].shape())) return false;
  }
  return true;
}

void check_feeds(const std::vector<OutputInfo>& infos, std::span<const Tensor> feeds) {
  check(feeds.size() == infos.size(), Code::kInvalidArgument, "expected ", infos.size(),
        " feeds, got ", feeds.size());
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    check(feeds[i].dtype() == infos[i].dtype, Code::kInvalidArgument, "feed ", i, " expected ",
          name_of(infos[i].dtype), ", got ", name_of(feeds[i].dtype()));
    check(compatible(feeds[i].shape(), infos[i].shape), Code::kInvalidArgument,
          "Cannot feed value of shape ", feeds[i].shape(), " for feed ", i, ", which has shape ",
          infos[i].shape);
  }
}

// Asking the clock costs as much as a tiny step.
constexpr unsigned kTimedRuns = 8;

// Rises slowly, falls at once: one run that was interrupted does not change how it is dispatched.
void note_time(Layout& layout, std::int64_t took) {
  const std::int64_t known = layout.nanoseconds.load(std::memory_order_relaxed);
  const std::int64_t next = known < 0 || took < known ? took : known + (took - known) / 16;
  layout.nanoseconds.store(next, std::memory_order_relaxed);
}

}  // namespace

Plan::Plan(SessionState& session, const Graph& graph, const std::vector<Output>& fetches,
           const std::vector<int>& targets, const std::vector<Output>& feeds)
    : session_(session), work_(extract(graph, fetches, targets, feeds)) {
  for (Output feed : work_.feeds) feed_infos_.push_back(work_.graph.info(feed));
  for (Output fetch : work_.fetches) fetch_infos_.push_back(work_.graph.info(fetch));
}

std::shared_ptr<Layout> Plan::find_layout(std::span<const Tensor> feeds) {
  std::lock_guard lock(layouts_mutex_);
  for (auto it = layouts_.begin(); it != layouts_.end(); ++it) {
    if (!fits(**it, feeds)) continue;
    if (it != layouts_.begin()) layouts_.splice(layouts_.begin(), layouts_, it);
    return layouts_.front();
  }
  return nullptr;
}

std::shared_ptr<Layout> Plan::ready_layout(std::span<const Tensor> feeds) {
  return feeds.size() == feed_infos_.size() ? find_layout(feeds) : nullptr;
}

std::shared_ptr<Layout> Plan::layout_for(std::span<const Tensor> feeds) {
  check_feeds(feed_infos_, feeds);
  if (auto layout = find_layout(feeds)) return layout;
  std::lock_guard lock(compiling_);
  if (auto layout = find_layout(feeds)) return layout;
  if (!compiled_) {
    run_passes(work_, session_.options().passes);
    compiled_ = true;
  }
  std::vector<Shape> shapes;
  for (const Tensor& feed : feeds) shapes.push_back(feed.shape());
  std::shared_ptr<Layout> layout = make_layout(work_, shapes, session_);
  std::lock_guard list_lock(layouts_mutex_);
  layouts_.push_front(layout);
  if (layouts_.size() > kMostLayouts) layouts_.pop_back();
  return layout;
}

std::vector<Tensor> Plan::run(std::span<const Tensor> feeds, std::span<const Tensor> outs,
                              const RunOptions& options) {
  return run(layout_for(feeds), feeds, outs, options);
}

std::vector<Tensor> Plan::run(const std::shared_ptr<Layout>& layout, std::span<const Tensor> feeds,
                              std::span<const Tensor> outs, const RunOptions& options) {
  using Clock = std::chrono::steady_clock;
  std::unique_ptr<Frame> frame;
  bool timed = false;
  {
    std::lock_guard lock(layout->mutex);
    timed = layout->runs++ % kTimedRuns == 0;
    if (!layout->idle.empty()) {
      frame = std::move(layout->idle.back());
      layout->idle.pop_back();
    }
  }
  if (!frame) frame = std::make_unique<Frame>(*layout, session_);
  const auto start = timed ? Clock::now() : Clock::time_point();
  std::vector<Tensor> results = frame->run(feeds, outs, options);
  if (timed) note_time(*layout, (Clock::now() - start) / std::chrono::nanoseconds(1));
  std::lock_guard lock(layout->mutex);
  layout->idle.push_back(std::move(frame));
  return results;
}

}  // namespace tw
