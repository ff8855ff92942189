#include "binding/run.h"

#include <new>

#include "binding/retire.h"
#include "binding/values.h"

namespace tw::binding {

void GiveBack::operator()(Run* run) const noexcept { run->data().take_back(run); }

void Run::begin(const std::shared_ptr<PlanEntry>& entry) {
  entry_ = entry;
  options = {};
  options.host = &data_.host;
  keeps = false;
  mailbox_end = kResultBytes;
}

void Run::end() noexcept {
  feeds.clear();
  outs.clear();
  results.clear();
  made.clear();
  trace.clear();
  error.reset();
  traced_layout.reset();
  cancellation.reset();
  release_held();
  // The plan was released while the run was under way.
  if (entry_.use_count() == 1) retire({std::move(entry_)}, nullptr);
  entry_.reset();
}

void Run::run() noexcept {
  data_.began();
  try {
    cancellation->throw_if_cancelled();
    options.cancellation = &*cancellation;
    const auto layout = entry_->plan->layout_for(feeds);
    if (options.trace != nullptr) traced_layout = layout;
    entry_->plan->run(*layout, feeds, outs, options, results);
  } catch (const Error& e) {
    error = e;
  } catch (const std::bad_alloc&) {
    error = Error(Code::kResourceExhausted, "the system has no memory left");
  } catch (const std::exception& e) {
    error = Error(Code::kInternal, e.what());
  }
  // Gone before JavaScript hears of the end, so that a result is not shared with a feed.
  feeds.clear();
  outs.clear();
  data_.finished(this);
}

void Run::run_here(Layout& layout) { entry_->plan->run(layout, feeds, outs, options, results); }

char* Run::small_memory(std::size_t bytes) {
  if (bytes <= sizeof small_) return small_;
  more_small_.resize((bytes + 7) / 8);
  return reinterpret_cast<char*>(more_small_.data());
}

void Run::set_timeout(double milliseconds) {
  if (milliseconds <= 0 || milliseconds > 1e12) return;
  using Clock = Cancellation::Clock;
  const auto time = std::chrono::duration<double, std::milli>(milliseconds);
  cancellation.emplace().set_deadline(Clock::now() +
                                      std::chrono::duration_cast<Clock::duration>(time));
  options.cancellation = &*cancellation;
}

void Run::hold_outs(napi_env env, napi_value list) {
  ok(env, napi_create_reference(env, list, 1, &held_outs_), "outs");
}

napi_value Run::held_outs(napi_env env) const {
  napi_value list = nullptr;
  if (held_outs_ != nullptr) ok(env, napi_get_reference_value(env, held_outs_, &list));
  return list;
}

void Run::release_held() noexcept {
  for (auto* refs : {&held, &made_refs}) {
    for (napi_ref ref : *refs) {
      if (ref != nullptr) napi_delete_reference(data_.env(), ref);
    }
    refs->clear();
  }
  if (held_outs_ != nullptr) napi_delete_reference(data_.env(), held_outs_);
  held_outs_ = nullptr;
}

}  // namespace tw::binding
