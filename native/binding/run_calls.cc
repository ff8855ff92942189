#include "binding/call.h"
#include "binding/exports.h"
#include "binding/feeds.h"
#include "binding/lease.h"
#include "binding/mailbox.h"
#include "binding/results.h"
#include "binding/run.h"

namespace tw::binding {
namespace {

// Handing a run over costs the JavaScript thread as much as such a run, in waking a runner and in
// being woken.
constexpr std::int64_t kInlineNanoseconds = 30'000;
// JavaScript polls for the end of a run that is expected to take less.
constexpr std::int64_t kPolledNanoseconds = 200'000;
constexpr std::int64_t kPollMargin = 50'000;

const std::shared_ptr<PlanEntry>& entry_of(const Call& call) {
  std::int32_t id = 0;
  ok(call.env, napi_get_value_int32(call.env, call[0], &id), "plan");
  return call.data.plan(id);
}

void set_options(const Call& call, Run& run) {
  if (call.count > 3 && !is_nothing(call.env, call[3])) {
    run.set_timeout(to_number(call.env, call[3], "timeout"));
  }
  if (call.count > 4 && to_flag(call.env, call[4], "traced")) run.set_traced();
  if (call.count > 5) run.keeps = to_flag(call.env, call[5], "keep");
}

// The steps of a traced run, for take_trace.
void keep_trace(EnvData& data, const Run& run) {
  data.last_trace.clear();
  for (const StepTime& step : run.trace) {
    data.last_trace.push_back({step.node, step.op->name, step.start_ns, step.end_ns, step.bytes,
                               step.threads, step.depth});
  }
  data.last_memory = memory_figures(*run.traced_layout, run.entry().session->state());
}

// arena, live, number of the step at which that is, temporaries, variables, results, allocated.
napi_value take_memory(Call& call) {
  const MemoryFigures& m = call.data.last_memory;
  napi_value list = new_array(call.env, 7);
  std::size_t next = 0;
  for (const std::size_t figure : {m.arena, m.live, m.live_at, m.temporaries, m.variables,
                                   m.results, m.allocated}) {
    set_element(call.env, list, next++, from_number(call.env, static_cast<double>(figure)));
  }
  return list;
}

// The caller's out arrays, or null.
napi_value outs_of(const Call& call) {
  return call.count > 2 && !is_nothing(call.env, call[2]) ? call[2] : nullptr;
}

// The layout of the entry's last run on this thread when it fits: no mutex, no counting.
std::shared_ptr<Layout> last_layout(const Run& run) {
  std::shared_ptr<Layout> layout = std::move(run.entry().last_layout);
  return layout && Plan::fits(*layout, run.feeds) ? std::move(layout) : nullptr;
}

napi_value run_now(Call& call, Run& run, std::shared_ptr<Layout> layout) {
  make_outs(call.env, call.data, *layout, outs_of(call), false, run);
  run.run_here(*layout);
  if (run.options.trace != nullptr) run.traced_layout = layout;
  run.entry().last_layout = std::move(layout);
  if (run.options.trace != nullptr) keep_trace(call.data, run);
  report_memory(call.env, run.entry());
  return write_results(call.env, call.data, outs_of(call), run);
}

napi_value start(Call& call) {
  call.data.start(call[0], call[1], call[2]);
  return nothing(call.env);
}

napi_value run_sync(Call& call) {
  const RunPtr run = call.data.new_run(entry_of(call));
  set_options(call, *run);
  read_feeds(call.env, call.data, call[1], false, *run);
  std::shared_ptr<Layout> layout = last_layout(*run);
  if (!layout) layout = run->entry().plan->layout_for(run->feeds);
  return run_now(call, *run, std::move(layout));
}

napi_value run_async(Call& call) {
  RunPtr run = call.data.new_run(entry_of(call));
  set_options(call, *run);
  read_feeds(call.env, call.data, call[1], true, *run);
  std::shared_ptr<Layout> layout = last_layout(*run);
  if (!layout) layout = run->entry().plan->ready_layout(run->feeds);
  std::int64_t expected = -1;
  int threads = 1;
  if (layout) {
    expected = layout->nanoseconds.load(std::memory_order_relaxed);
    const bool may_wait = call.count > 6 && to_flag(call.env, call[6], "mayWait");
    if (expected >= 0 && expected < kInlineNanoseconds && !may_wait) {
      return run_now(call, *run, std::move(layout));
    }
    if (layout->shares_loops.load(std::memory_order_relaxed)) {
      threads = run->entry().session->state().threads();
    }
    make_outs(call.env, call.data, *layout, outs_of(call), true, *run);
    run->entry().last_layout = std::move(layout);
  }
  if (napi_value outs = outs_of(call)) run->hold_outs(call.env, outs);
  const bool polled = expected >= 0 && expected < kPolledNanoseconds;
  const int id = call.data.launch(std::move(run));
  if (threads > 1) wake_pool(threads);
  if (polled) call.data.start_polling();
  call.data.words()[kPollWord] =
      polled ? static_cast<double>(2 * expected + kPollMargin) / 1e6 : 0;
  return from_number(call.env, id);
}

napi_value cancel(Call& call) {
  call.data.cancel(static_cast<int>(to_integer(call.env, call[0], "run")));
  return nothing(call.env);
}

napi_value outcome(Call& call, Run& run) {
  if (run.error) return make_error(call.env, call.data, *run.error);
  try {
    if (run.options.trace != nullptr) keep_trace(call.data, run);
    report_memory(call.env, run.entry());
    napi_value list = write_results(call.env, call.data, run.held_outs(call.env), run);
    return list != nullptr ? list : null(call.env);
  } catch (const Error& e) {
    return make_error(call.env, call.data, e);
  }
}

napi_value next_completion(Call& call) {
  const RunPtr run = call.data.take_completion();
  if (!run) return nullptr;
  call.data.words()[kRunWord] = run->id;
  return outcome(call, *run);
}

napi_value poll(Call& call) {
  const bool stop = to_flag(call.env, call[0], "stop");
  return from_number(call.env, static_cast<int>(call.data.poll(stop)));
}

// name, op, start and end in milliseconds, bytes of outputs, threads and depth, for each step of the
// last traced run.
napi_value take_trace(Call& call) {
  const napi_env env = call.env;
  napi_value list = new_array(env, 7 * call.data.last_trace.size());
  std::size_t next = 0;
  for (const TraceEntry& step : call.data.last_trace) {
    set_element(env, list, next++, from_text(env, step.node));
    set_element(env, list, next++, from_text(env, step.op));
    set_element(env, list, next++, from_number(env, static_cast<double>(step.start_ns) / 1e6));
    set_element(env, list, next++, from_number(env, static_cast<double>(step.end_ns) / 1e6));
    set_element(env, list, next++, from_number(env, static_cast<double>(step.bytes)));
    set_element(env, list, next++, from_number(env, step.threads));
    set_element(env, list, next++, from_number(env, step.depth));
  }
  call.data.last_trace.clear();
  return list;
}

napi_value release_result(Call& call) {
  take_back(call.env, call.data, call[0]);
  return nothing(call.env);
}

}  // namespace

const std::vector<Export>& run_exports() {
  static const std::vector<Export> list = {
      {"start", guarded<start>},         {"runSync", guarded<run_sync>},
      {"runAsync", guarded<run_async>},  {"cancel", guarded<cancel>},
      {"poll", guarded<poll>},
      {"nextCompletion", guarded<next_completion>}, {"releaseResult", guarded<release_result>},
      {"takeMemory", guarded<take_memory>},
      {"takeTrace", guarded<take_trace>},
  };
  return list;
}

}  // namespace tw::binding
