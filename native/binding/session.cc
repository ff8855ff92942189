#include <algorithm>

#include "binding/call.h"
#include "binding/exports.h"
#include "binding/graph_box.h"
#include "binding/retire.h"
#include "binding/run.h"
#include "binding/session_box.h"

namespace tw::binding {
namespace {

constexpr napi_type_tag kSessionTag = {0x7265736f6e677477, 0x73657373696f6e01};

void tell_v8(napi_env env, SessionBox& box, std::int64_t bytes) {
  std::int64_t total = 0;
  if (bytes == box.reported) return;
  napi_adjust_external_memory(env, bytes - box.reported, &total);
  box.reported = bytes;
}

// Lets go of the session: at once when no run is under way, else with the last one.
void close(napi_env env, EnvData& data, SessionBox& box) {
  if (!box.session) return;
  data.cancel_session(box.session.get());
  std::vector<std::shared_ptr<PlanEntry>> entries;
  for (int plan : box.plans) entries.push_back(data.release_plan(plan));
  box.plans.clear();
  retire(std::move(entries), std::move(box.session));
  tell_v8(env, box, 0);
}

struct SessionHolder {
  std::shared_ptr<SessionBox> box;
  void finalize(napi_env env) {
    try {
      close(env, EnvData::of(env), *box);
    } catch (...) {
      // The environment is going down: its cleanup has cancelled the runs and dropped the plans.
    }
  }
};

const std::shared_ptr<SessionBox>& box_of(const Call& call) {
  return unwrap<SessionHolder>(call.env, call[0], kSessionTag, "session").box;
}

napi_value new_session(Call& call) {
  const napi_env env = call.env;
  SessionOptions options;
  options.threads = static_cast<int>(to_integer(env, property(env, call[1], "threads"), "threads"));
  options.memory_limit = static_cast<std::size_t>(
      to_integer(env, property(env, call[1], "memoryLimit"), "memoryLimit"));
  options.passes.strict = to_flag(env, property(env, call[1], "strict"), "strict");
  napi_value disabled = property(env, call[1], "disabledPasses");
  for (std::uint32_t i = 0; i < length_of(env, disabled, "disabledPasses"); ++i) {
    options.passes.disabled.push_back(to_text(env, element_at(env, disabled, i), "pass"));
  }
  auto holder = std::make_unique<SessionHolder>();
  holder->box = std::make_shared<SessionBox>();
  holder->box->session = std::make_shared<Session>(graph_box(env, call[0]).graph, options);
  napi_value handle = wrap(env, holder.get(), kSessionTag);
  holder.release();
  return handle;
}

napi_value close_session(Call& call) {
  close(call.env, call.data, *box_of(call));
  return nothing(call.env);
}

napi_value new_plan(Call& call) {
  const std::shared_ptr<SessionBox>& box = box_of(call);
  open_session(call);
  const std::vector<Output> feeds = to_outputs(call.env, call[1], "feeds");
  const std::vector<Output> fetches = to_outputs(call.env, call[2], "fetches");
  const std::vector<int> targets = to_ids(call.env, call[3], "targets");
  PlanEntry entry{box, box->session, box->session->prepare(fetches, targets, feeds)};
  const int id = call.data.add_plan(std::move(entry));
  box->plans.push_back(id);
  return from_number(call.env, id);
}

napi_value release_plan(Call& call) {
  const int id = static_cast<int>(to_integer(call.env, call[0], "plan"));
  if (std::shared_ptr<PlanEntry> entry = call.data.release_plan(id)) {
    std::erase(entry->box->plans, id);
    retire({std::move(entry)}, nullptr);
  }
  return nothing(call.env);
}

// Bytes in use, kept for reuse, and the most that were ever in use.
napi_value stats(Call& call) {
  SessionBox& box = *box_of(call);
  Allocator::Stats stats;
  if (box.session) stats = box.session->state().allocator().stats();
  napi_value list = new_array(call.env, 3);
  set_element(call.env, list, 0, from_number(call.env, static_cast<double>(stats.live_bytes)));
  set_element(call.env, list, 1, from_number(call.env, static_cast<double>(stats.pooled_bytes)));
  set_element(call.env, list, 2, from_number(call.env, static_cast<double>(stats.peak_bytes)));
  return list;
}

}  // namespace

std::shared_ptr<Session> open_session(const Call& call) {
  std::shared_ptr<Session> session = box_of(call)->session;
  check(session != nullptr, Code::kFailedPrecondition, "Attempted to use a closed Session.");
  return session;
}

void report_memory(napi_env env, const PlanEntry& entry) {
  constexpr std::int64_t kWorthTelling = 1 << 20;
  constexpr unsigned kRunsBetween = 32;
  SessionBox& box = *entry.box;
  if (!box.session || box.runs++ % kRunsBetween != 0) return;
  const Allocator::Stats stats = entry.session->state().allocator().stats();
  const auto bytes =
      static_cast<std::int64_t>(stats.live_bytes + stats.pooled_bytes - box.leased_bytes);
  if (std::abs(bytes - box.reported) >= kWorthTelling) tell_v8(env, box, bytes);
}

const std::vector<Export>& session_exports() {
  static const std::vector<Export> list = {
      {"newSession", guarded<new_session>}, {"closeSession", guarded<close_session>},
      {"newPlan", guarded<new_plan>},       {"releasePlan", guarded<release_plan>},
      {"stats", guarded<stats>},
  };
  return list;
}

}  // namespace tw::binding
