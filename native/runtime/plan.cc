#include "runtime/plan.h"

#include <chrono>
#include <optional>

#include "base/thread_pool.h"
#include "runtime/missing_variables.h"
#include "runtime/session_state.h"

namespace tw {
namespace {

bool same_dtypes(const std::vector<OutputInfo>& infos, std::span<const Tensor> feeds) noexcept {
  if (feeds.size() != infos.size()) return false;
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    if (feeds[i].dtype() != infos[i].dtype) return false;
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

// Asking the clock costs as much as a tiny step. The first run of a frame meets cold memory.
constexpr unsigned kTimedRuns = 8;
bool is_timed(unsigned run) noexcept { return run < 3 || run % kTimedRuns == 0; }

// Rises slowly, falls at once: one run that was interrupted does not change how it is dispatched.
void note_time(Layout& layout, std::int64_t took) {
  const std::int64_t known = layout.nanoseconds.load(std::memory_order_relaxed);
  const std::int64_t next = known < 0 || took < known ? took : known + (took - known) / 16;
  layout.nanoseconds.store(next, std::memory_order_relaxed);
}

}  // namespace

Plan::Plan(SessionState& session, std::shared_ptr<const Graph> graph, std::vector<Output> fetches,
           std::vector<int> targets, std::vector<Output> feeds, std::string scope)
    : session_(session),
      graph_(std::move(graph)),
      fetches_(std::move(fetches)),
      feeds_(std::move(feeds)),
      targets_(std::move(targets)),
      scope_(std::move(scope)) {
  std::lock_guard lock(graph_->guard);
  for (const Output feed : feeds_) feed_infos_.push_back(tw::feed_info(*graph_, feed));
}

// The passes may fail and run again; the graph is copied once.
void Plan::compile() {
  if (compiled_) return;
  if (graph_) {
    work_ = extract(*graph_, fetches_, targets_, feeds_);
    missing_ = missing_feeds(work_);
    graph_.reset();
  }
  PassOptions options = session_.options().passes;
  options.threads = session_.threads();
  run_passes(work_, options);
  compiled_ = true;
}

std::shared_ptr<Layout> Plan::find_layout(std::span<const Tensor> feeds) {
  if (!same_dtypes(feed_infos_, feeds)) return nullptr;
  std::lock_guard lock(layouts_mutex_);
  for (auto it = layouts_.begin(); it != layouts_.end(); ++it) {
    if (!fits(**it, feeds)) continue;
    if (it != layouts_.begin()) layouts_.splice(layouts_.begin(), layouts_, it);
    return layouts_.front();
  }
  return nullptr;
}

std::shared_ptr<Layout> Plan::ready_layout(std::span<const Tensor> feeds) {
  return find_layout(feeds);
}

std::shared_ptr<Layout> Plan::layout_for(std::span<const Tensor> feeds) {
  if (auto layout = find_layout(feeds)) return layout;
  check_feeds(feed_infos_, feeds);
  std::lock_guard lock(compiling_);
  if (auto layout = find_layout(feeds)) return layout;
  compile();
  check_missing(work_, missing_);
  std::vector<Shape> shapes;
  for (const Tensor& feed : feeds) shapes.push_back(feed.shape());
  std::shared_ptr<Layout> layout = make_layout(work_, shapes, session_, scope_);
  std::lock_guard list_lock(layouts_mutex_);
  layouts_.push_front(layout);
  if (layouts_.size() > kMostLayouts) layouts_.pop_back();
  return layout;
}

std::vector<Tensor> Plan::run(std::span<const Tensor> feeds, std::span<const Tensor> outs,
                              const RunOptions& options) {
  std::vector<Tensor> results;
  run(*layout_for(feeds), feeds, outs, options, results);
  return results;
}

bool Plan::fits(const Layout& layout, std::span<const Tensor> feeds) noexcept {
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    if (!(layout.feed_shapes[i] == feeds[i].shape())) return false;
  }
  return true;
}

void Plan::run(Layout& layout, std::span<const Tensor> feeds, std::span<const Tensor> outs,
               const RunOptions& options, std::vector<Tensor>& results) {
  using Clock = std::chrono::steady_clock;
  std::unique_ptr<Frame> frame = layout.take_frame();
  if (!frame) frame = std::make_unique<Frame>(layout, session_);
  const bool timed = is_timed(frame->runs);
  const auto start = timed ? Clock::now() : Clock::time_point();
  const std::uint32_t loops = timed ? shared_loops() : 0;
  std::optional<PoolInUse> pool;
  if (layout.shares_loops.load(std::memory_order_relaxed)) pool.emplace(session_.threads());
  try {
    frame->run(feeds, outs, options, results);
  } catch (const Error& e) {
    throw naming_missing_variables(e, layout, session_);
  }
  if (timed) {
    note_time(layout, (Clock::now() - start) / std::chrono::nanoseconds(1));
    layout.shares_loops.store(shared_loops() != loops, std::memory_order_relaxed);
  }
  layout.give_frame(std::move(frame));
}

}  // namespace tw
