#include "runtime/frame.h"

#include <chrono>
#include <cstring>

#include "runtime/plan.h"
#include "runtime/session_state.h"
#include "runtime/step_context.h"

namespace tw {
namespace {

const Tensor kNoTensor;

// Arenas from here on are lent by the session for the time of a run.
constexpr std::size_t kSharedArena = 256 * 1024;

// Temporaries whose size changes from run to run do not make a new placement each time.
constexpr unsigned kMostPlacements = 5;

std::int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

void check_out(const Tensor& out, const Tensor& value, std::size_t fetch) {
  check(out.dtype() == value.dtype() && out.shape() == value.shape(), Code::kInvalidArgument,
        "out ", fetch, " expected ", name_of(value.dtype()), " ", value.shape(), ", got ",
        name_of(out.dtype()), " ", out.shape());
}

// Runs allocate(); an error names the node whose output is in the slot.
template <class Allocate>
auto allocate_for(const Layout& layout, std::size_t slot, const Allocate& allocate) {
  try {
    return allocate();
  } catch (const Error& e) {
    for (const auto& step : layout.steps) {
      const auto first = static_cast<std::size_t>(step->first_output);
      if (slot < first || slot >= first + static_cast<std::size_t>(step->outputs)) continue;
      throw e.at(step->node->op->name, step->node->name);
    }
    throw;
  }
}

// Whether a value of the last run, whose dtype and shape are the same, lies in the memory where it
// is in this one. Small feeds and results do, when one run of a plan follows the other.
bool lies_there(const Tensor& last, const Tensor& now) {
  return last.defined() && !last.buffer() && !now.buffer() && last.raw() == now.raw();
}

std::size_t largest_in_arena(const Layout& layout) {
  std::size_t largest = 0, most = 0;
  for (std::size_t i = 0; i < layout.slots.size(); ++i) {
    const Slot& slot = layout.slots[i];
    if (slot.home != Home::kArena) continue;
    if (slot.bytes() > most) largest = i, most = slot.bytes();
  }
  return largest;
}

}  // namespace

Layout::~Layout() { delete spare_.load(std::memory_order_acquire); }

std::unique_ptr<Frame> Layout::take_frame() noexcept {
  if (Frame* const spare = spare_.exchange(nullptr, std::memory_order_acquire)) {
    return std::unique_ptr<Frame>(spare);
  }
  std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  std::unique_ptr<Frame> frame = std::move(idle_.back());
  idle_.pop_back();
  return frame;
}

std::shared_ptr<const Placement> Layout::placement() const {
  std::lock_guard lock(mutex_);
  return placement_;
}

void Layout::place_again() {
  std::lock_guard lock(mutex_);
  while (needed_.size() < steps.size()) needed_.emplace_back(0);
  placement_ = place_values(values.lives, needed_scratch());
  ++placements;
}

std::vector<std::size_t> Layout::needed_scratch() const {
  return {needed_.begin(), needed_.end()};
}

void Layout::give_frame(std::unique_ptr<Frame> frame) {
  Frame* none = nullptr;
  if (spare_.compare_exchange_strong(none, frame.get(), std::memory_order_release,
                                     std::memory_order_relaxed)) {
    static_cast<void>(frame.release());
    return;
  }
  std::lock_guard lock(mutex_);
  idle_.push_back(std::move(frame));
}

Frame::Frame(Layout& layout, SessionState& session)
    : layout_(layout), session_(session), values_(layout.slots.size()) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (layout.slots[i].home == Home::kConst) values_[i] = layout.slots[i].value;
    output_list_.push_back(&values_[i]);
  }
  for (int slot : layout.input_slots) {
    input_list_.push_back(slot < 0 ? &kNoTensor : &values_[static_cast<std::size_t>(slot)]);
  }
}

void Frame::take_placement() {
  const unsigned number = layout_.placements.load(std::memory_order_acquire);
  if (number == placement_number_) return;
  placement_ = layout_.placement();
  placement_number_ = number;
  arena_ = {};
  placed_at_ = nullptr;
}

char* Frame::arena_of(StepContext* lender) {
  const std::size_t bytes = placement_->arena_bytes;
  return allocate_for(layout_, largest_in_arena(layout_), [&] {
    if (lender != nullptr && bytes >= kSharedArena) {
      return static_cast<char*>(lender->temporary(bytes));
    }
    arena_ = session_.arenas().take(bytes);
    return static_cast<char*>(arena_->data());
  });
}

void Frame::place_arena(StepContext* lender) {
  take_placement();
  if (arena_ || placement_->arena_bytes == 0) return;
  char* const place = arena_of(lender);
  if (place == placed_at_) return;
  placed_at_ = place;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const int life = layout_.values.of_slot[i];
    if (life < 0) continue;
    const std::size_t offset = placement_->offsets[static_cast<std::size_t>(life)];
    values_[i] = Tensor(layout_.slots[i].dtype, layout_.slots[i].shape, placed_at_ + offset);
  }
}

// What there was no room for will not be asked for again: the process gets it back. A subgraph says
// at once that it needs more, or the run around it would learn that one run later and meanwhile
// hold memory of both sizes.
void Frame::place_again(StepContext* lender) {
  layout_.place_again();
  session_.allocator().trim();
  const std::size_t bytes = layout_.placement()->arena_bytes;
  if (lender != nullptr && bytes >= kSharedArena) lender->expect_arena(bytes);
}

void Frame::run(std::span<const Tensor> feeds, std::span<const Tensor> outs,
                const RunOptions& options, std::vector<Tensor>& results) {
  ++runs;
  outgrown_ = false;
  try {
    place_arena(options.lender);
    start(feeds, outs);
    run_steps(options);
    take_results(outs, results);
    clear();
    if (outgrown_ && layout_.placements <= kMostPlacements) place_again(options.lender);
  } catch (...) {
    clear();
    throw;
  }
}

void Frame::start(std::span<const Tensor> feeds, std::span<const Tensor> outs) {
  for (const RunSlot& run : layout_.run_slots) {
    const auto i = static_cast<std::size_t>(run.slot), index = static_cast<std::size_t>(run.index);
    if (run.home == Home::kFeed) {
      if (!lies_there(values_[i], feeds[index])) values_[i] = feeds[index];
    } else if (run.home == Home::kResult) {
      const Slot& slot = layout_.slots[i];
      if (index < outs.size() && outs[index].defined()) {
        if (!lies_there(values_[i], outs[index])) {
          values_[i] = Tensor(slot.dtype, slot.shape, outs[index].raw(), outs[index].buffer());
        }
        check_out(outs[index], values_[i], index);
      } else {
        values_[i] = allocate_for(layout_, i, [&] {
          return Tensor::allocate(slot.dtype, slot.shape, session_.allocator());
        });
      }
    }
  }
}

std::int64_t Frame::bytes_of(std::span<Tensor* const> outputs) noexcept {
  std::int64_t bytes = 0;
  for (const Tensor* output : outputs) {
    if (output != nullptr && output->defined()) bytes += static_cast<std::int64_t>(output->bytes());
  }
  return bytes;
}

void Frame::run_steps(const RunOptions& options) {
  const int threads = options.threads > 0 ? std::min(options.threads, session_.threads())
                                          : session_.threads();
  StepContext context(session_, threads, options);
  std::size_t number = 0;
  for (const auto& owned : layout_.steps) {
    const Step& step = *owned;
    if (options.cancellation != nullptr) options.cancellation->throw_if_cancelled();
    const std::int64_t start = options.trace != nullptr ? now_ns() : 0;
    const std::span inputs(input_list_.data() + step.first_input,
                           static_cast<std::size_t>(step.inputs));
    const std::span outputs(output_list_.data() + step.first_output,
                            static_cast<std::size_t>(step.outputs));
    const Scratch& scratch = placement_->scratch[number];
    try {
      context.execute(step, inputs, outputs, {placed_at_ + scratch.offset, scratch.bytes});
    } catch (const Error& e) {
      throw e.at(step.node->op->name, step.node->name);
    }
    if (options.trace != nullptr) {
      const std::int64_t end = now_ns();
      options.trace->push_back({step.node->name, step.node->op, start, end, bytes_of(outputs),
                                threads, options.depth});
    }
    if (context.asked() > 0) layout_.note_scratch(number, context.asked());
    outgrown_ = outgrown_ || context.asked() > scratch.bytes;
    ++number;
    for (int slot : step.release) values_[static_cast<std::size_t>(slot)] = Tensor();
  }
  if (options.cancellation != nullptr) options.cancellation->throw_if_cancelled();
}

void Frame::take_results(std::span<const Tensor> outs, std::vector<Tensor>& results) {
  results.clear();
  results.reserve(layout_.fetch_slots.size());
  for (std::size_t i = 0; i < layout_.fetch_slots.size(); ++i) {
    const Tensor& value = values_[static_cast<std::size_t>(layout_.fetch_slots[i])];
    check(value.defined(), Code::kInternal, "fetch ", i, " has no value");
    const bool given = i < outs.size() && outs[i].defined();
    if (layout_.direct[i]) {
      results.push_back(value);
    } else if (!given) {
      results.push_back(value.copy(session_.allocator()));
    } else {
      check_out(outs[i], value, i);
      check(!is_object(value.dtype()), Code::kInvalidArgument, "out cannot take ",
            name_of(value.dtype()), " values");
      // A loop hands on what does not change in the place where it is.
      const bool there = outs[i].raw() == value.raw();
      if (value.size() > 0 && !there) std::memcpy(outs[i].raw(), value.raw(), value.bytes());
      results.push_back(outs[i]);
    }
  }
}

// Lets go of feeds, results, what kernels allocated, and a large arena. Feeds and results without a
// buffer hold nothing, and the next run often has them in the same place.
void Frame::clear() noexcept {
  for (const RunSlot& run : layout_.run_slots) {
    Tensor& value = values_[static_cast<std::size_t>(run.slot)];
    if (value.buffer() || run.home == Home::kDynamic) value = Tensor();
  }
  if (arena_ && placement_->arena_bytes >= kSharedArena) session_.arenas().give(std::move(arena_));
}

}  // namespace tw
