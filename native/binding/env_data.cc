#include "binding/env_data.h"

#include <algorithm>

#include "binding/run.h"
#include "binding/values.h"

namespace tw::binding {
namespace {

// Plan numbers: the slot in the low bits, above it how often the slot was used.
constexpr int kSlotBits = 20;
constexpr int kSlotMask = (1 << kSlotBits) - 1;

using Holder = std::shared_ptr<EnvData>;

}  // namespace

EnvData::EnvData(napi_env env) : env_(env) { spare_runs_.reserve(kSpareRuns); }
EnvData::~EnvData() = default;

EnvData& EnvData::of(napi_env env) {
  void* holder = nullptr;
  ok(env, napi_get_instance_data(env, &holder));
  return **static_cast<Holder*>(holder);
}

void EnvData::install(napi_env env) {
  auto* holder = new Holder(std::make_shared<EnvData>(env));
  const auto finalize = [](napi_env, void* data, void*) { delete static_cast<Holder*>(data); };
  ok(env, napi_set_instance_data(env, holder, finalize, nullptr));
}

void EnvData::start(napi_value mailbox, napi_value error_type, napi_value drain) {
  check(words_ == nullptr, Code::kFailedPrecondition, "start was called before");
  void* bytes = nullptr;
  std::size_t length = 0;
  ok(env_, napi_get_arraybuffer_info(env_, mailbox, &bytes, &length), "mailbox");
  ok(env_, napi_create_reference(env_, mailbox, 1, &mailbox_));
  ok(env_, napi_create_reference(env_, error_type, 1, &error_type_));
  ok(env_, napi_create_reference(env_, drain, 1, &drain_));
  napi_value name = from_text(env_, "tensorwright");
  ok(env_, napi_create_threadsafe_function(env_, nullptr, nullptr, name, 0, 1, nullptr, nullptr,
                                           this, call_drain, &notify_));
  ok(env_, napi_unref_threadsafe_function(env_, notify_));
  // Hooks run in reverse order: this one before that of the threadsafe function.
  ok(env_, napi_add_env_cleanup_hook(env_, cleanup, this));
  words_ = static_cast<double*>(bytes);
}

napi_value EnvData::error_type() const {
  napi_value type = nullptr;
  if (error_type_ != nullptr) napi_get_reference_value(env_, error_type_, &type);
  return type;
}

int EnvData::add_plan(PlanEntry entry) {
  std::size_t slot = plans_.size();
  if (free_plans_.empty()) {
    check(slot < kSlotMask, Code::kResourceExhausted, "too many plans");
    plans_.push_back({});
  } else {
    slot = free_plans_.back();
    free_plans_.pop_back();
  }
  const int uses = (plans_[slot].id >> kSlotBits) + 1;
  plans_[slot].id = static_cast<int>(slot) | ((uses & 0x7ff) << kSlotBits);
  plans_[slot].entry = std::make_shared<PlanEntry>(std::move(entry));
  return plans_[slot].id;
}

std::shared_ptr<PlanEntry> EnvData::release_plan(int id) {
  const auto slot = static_cast<std::size_t>(id & kSlotMask);
  if (slot >= plans_.size() || plans_[slot].id != id || !plans_[slot].entry) return nullptr;
  free_plans_.push_back(slot);
  return std::move(plans_[slot].entry);
}

const std::shared_ptr<PlanEntry>& EnvData::plan(int id) const {
  const auto slot = static_cast<std::size_t>(id & kSlotMask);
  check(slot < plans_.size() && plans_[slot].id == id && plans_[slot].entry,
        Code::kFailedPrecondition, "Attempted to use a closed Session.");
  return plans_[slot].entry;
}

void EnvData::report_constants(std::int64_t bytes) noexcept {
  unreported_ += bytes;
  if (unreported_ >= 0 && unreported_ < kWorthTelling) return;
  std::int64_t total = 0;
  napi_adjust_external_memory(env_, unreported_, &total);
  unreported_ = 0;
}

RunPtr EnvData::new_run(const std::shared_ptr<PlanEntry>& entry) {
  RunPtr run;
  if (spare_runs_.empty()) {
    run.reset(new Run(*this));
  } else {
    run.reset(spare_runs_.back().release());
    spare_runs_.pop_back();
  }
  run->begin(entry);
  return run;
}

void EnvData::take_back(Run* run) noexcept {
  std::unique_ptr<Run> spare(run);
  spare->end();
  if (spare_runs_.size() < kSpareRuns) spare_runs_.push_back(std::move(spare));
}

int EnvData::launch(RunPtr run) {
  next_run_ = next_run_ == 0x7fffffff ? 1 : next_run_ + 1;
  const int id = next_run_;
  run->id = id;
  if (!run->cancellation) run->cancellation.emplace();
  if (running_.empty()) ok(env_, napi_ref_threadsafe_function(env_, notify_));
  running_.emplace(id, run.get());
  {
    std::lock_guard lock(mutex_);
    if (in_flight_++ == 0) runner_cpu_.store(kNotBegun, std::memory_order_relaxed);
  }
  early_polls_ = 0;
  submit(run.release());
  return id;
}

RunPtr EnvData::take_completion() {
  if (taken_.empty()) {
    std::lock_guard lock(mutex_);
    taken_.swap(ended_);
    any_ended_.store(false, std::memory_order_relaxed);
    if (taken_.empty()) notified_ = false;
  }
  if (taken_.empty()) return nullptr;
  RunPtr run(taken_.front());
  taken_.pop_front();
  running_.erase(run->id);
  if (running_.empty()) napi_unref_threadsafe_function(env_, notify_);
  return run;
}

void EnvData::cancel(int run) {
  const auto found = running_.find(run);
  if (found != running_.end()) found->second->cancellation->cancel();
}

void EnvData::cancel_session(const Session* session) {
  for (auto& [id, run] : running_) {
    if (run->entry().session.get() == session) run->cancellation->cancel();
  }
}

void EnvData::finished(Run* run) noexcept {
  std::lock_guard lock(mutex_);
  ended_.push_back(run);
  any_ended_.store(true, std::memory_order_relaxed);
  if (!notified_ && !closing_ && !polling_) {
    notified_ = true;
    napi_call_threadsafe_function(notify_, nullptr, napi_tsfn_nonblocking);
  }
  if (--in_flight_ == 0) idle_.notify_all();
}

void EnvData::wake() noexcept {
  napi_call_threadsafe_function(notify_, nullptr, napi_tsfn_nonblocking);
}

void EnvData::start_polling() noexcept {
  std::lock_guard lock(mutex_);
  polling_ = true;
}

EnvData::Poll EnvData::poll(bool stop) noexcept {
  if (any_ended_.load(std::memory_order_relaxed)) return Poll::kEnded;
  const int cpu = runner_cpu_.load(std::memory_order_relaxed);
  if (cpu == kNotBegun) stop = stop || ++early_polls_ > kMostEarlyPolls;
  if (!stop && (cpu < 0 || cpu != current_cpu())) return Poll::kNothing;
  std::lock_guard lock(mutex_);
  polling_ = false;
  return ended_.empty() ? Poll::kStopped : Poll::kEnded;
}

void EnvData::cleanup(void* pointer) {
  EnvData& data = *static_cast<EnvData*>(pointer);
  for (auto& [id, run] : data.running_) run->cancellation->cancel();
  {
    std::unique_lock lock(data.mutex_);
    data.closing_ = true;
    data.idle_.wait(lock, [&] { return data.in_flight_ == 0; });
  }
  for (auto& [id, run] : data.running_) delete run;
  data.running_.clear();
  data.taken_.clear();
  data.ended_.clear();
  data.plans_.clear();
  napi_release_threadsafe_function(data.notify_, napi_tsfn_abort);
}

void EnvData::call_drain(napi_env env, napi_value, void* context, void*) {
  if (env == nullptr) return;
  napi_value drain = nullptr, undefined = nullptr, ignored = nullptr;
  napi_get_reference_value(env, static_cast<EnvData*>(context)->drain_, &drain);
  napi_get_undefined(env, &undefined);
  napi_call_function(env, undefined, drain, 0, nullptr, &ignored);
}

}  // namespace tw::binding
