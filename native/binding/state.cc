#include <optional>

#include "binding/call.h"
#include "binding/copy.h"
#include "binding/exports.h"
#include "binding/feeds.h"
#include "binding/session_box.h"

namespace tw::binding {
namespace {

// Moves the state of a session to JavaScript or back. What takes long is done on a thread of
// libuv's pool when the call is an asynchronous one.
class StateJob {
 public:
  explicit StateJob(const Call& call) : session_(open_session(call)) {}
  virtual ~StateJob() = default;

  // On any thread: copies the elements.
  virtual void copy() = 0;
  // On the JavaScript thread, after copy() has succeeded: gives the result.
  virtual napi_value finish(napi_env env) = 0;

  // What must live until the end.
  void hold(napi_env env, napi_value object) {
    ok(env, napi_create_reference(env, object, 1, &held_), "object");
  }
  void release(napi_env env) noexcept {
    if (held_ != nullptr) napi_delete_reference(env, held_);
    held_ = nullptr;
  }

 protected:
  SessionState& state() { return session_->state(); }
  const Session& session() const { return *session_; }
  const Node& variable_node(int id) const {
    const Node& node = session_->graph().node(id);
    check(node.op->role == Role::kVariable, Code::kInvalidArgument, "'", node.name,
          "' is not the handle of a variable");
    return node;
  }
  napi_value held(napi_env env) const {
    napi_value object = nullptr;
    ok(env, napi_get_reference_value(env, held_, &object), "object");
    return object;
  }

 private:
  std::shared_ptr<Session> session_;
  napi_ref held_ = nullptr;
};

struct HeldUntilEnd {
  napi_env env;
  StateJob& job;
  ~HeldUntilEnd() { job.release(env); }
};

// An asynchronous call in progress.
struct Work {
  std::unique_ptr<StateJob> job;
  napi_deferred deferred = nullptr;
  napi_async_work work = nullptr;
  std::optional<Error> error;

  static void execute(napi_env, void* self) noexcept {
    auto& work = *static_cast<Work*>(self);
    try {
      work.job->copy();
    } catch (const Error& e) {
      work.error = e;
    } catch (const std::exception& e) {
      work.error = Error(Code::kResourceExhausted, e.what());
    }
  }

  void settle(napi_env env) {
    try {
      if (error) throw *error;
      ok(env, napi_resolve_deferred(env, deferred, job->finish(env)));
    } catch (const Error& e) {
      ok(env, napi_reject_deferred(env, deferred, make_error(env, EnvData::of(env), e)));
    }
  }

  static void complete(napi_env env, napi_status, void* self) noexcept {
    const std::unique_ptr<Work> work(static_cast<Work*>(self));
    const HeldUntilEnd held{env, *work->job};
    napi_delete_async_work(env, work->work);
    try {
      work->settle(env);
    } catch (...) {
      // The environment is ending: nobody waits for the promise any more.
    }
  }
};

napi_value perform(Call& call, std::unique_ptr<StateJob> job, bool async) {
  const napi_env env = call.env;
  if (!async) {
    const HeldUntilEnd held{env, *job};
    job->copy();
    return job->finish(env);
  }
  auto work = std::make_unique<Work>();
  work->job = std::move(job);
  napi_value promise = nullptr;
  ok(env, napi_create_promise(env, &work->deferred, &promise), "promise");
  ok(env, napi_create_async_work(env, nullptr, from_text(env, "sessionState"), Work::execute,
                                 Work::complete, work.get(), &work->work), "work");
  ok(env, napi_queue_async_work(env, work->work), "work");
  work.release();
  return promise;
}

// The values as they are at the call: later writes go to other memory.
class ReadJob final : public StateJob {
 public:
  ReadJob(const Call& call, const std::vector<int>& ids) : StateJob(call) {
    napi_value list = new_array(call.env, ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const Node& node = variable_node(ids[i]);
      Tensor value = state().variable(state().variable_id(node)).read();
      if (!value.defined()) continue;
      check(!is_object(value.dtype()), Code::kUnimplemented, "variable '", node.name,
            "' holds strings");
      set_element(call.env, list, i, entry(call.env, std::move(value)));
    }
    hold(call.env, list);
  }

  void copy() override {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      copy_bytes(places_[i], values_[i].raw(), values_[i].bytes());
    }
    values_.clear();
  }

  napi_value finish(napi_env env) override { return held(env); }

 private:
  napi_value entry(napi_env env, Tensor value) {
    void* place = nullptr;
    napi_value buffer = nullptr;
    ok(env, napi_create_arraybuffer(env, value.bytes(), &place, &buffer), "buffer");
    napi_value pair = new_array(env, 2);
    set_element(env, pair, 0, from_shape(env, value.shape()));
    set_element(env, pair, 1, buffer);
    values_.push_back(std::move(value));
    places_.push_back(place);
    return pair;
  }

  std::vector<Tensor> values_;
  std::vector<void*> places_;
};

// All or none: nothing is written before there is memory for every value.
class WriteJob final : public StateJob {
 public:
  WriteJob(const Call& call, const std::vector<int>& ids) : StateJob(call) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const Node& node = variable_node(ids[i]);
      const auto at = static_cast<std::uint32_t>(i);
      const Shape shape = to_shape(call.env, element_at(call.env, call[2], at), "shape");
      const DType dtype = node.attrs().dtype("dtype");
      const View view = view_of(call.env, element_at(call.env, call[3], at));
      Variable& variable = state().variable(state().variable_id(node));
      check(compatible(variable.shape(), shape) && !is_object(dtype), Code::kInvalidArgument,
            "cannot assign ", name_of(dtype), " ", shape, " to variable '", node.name, "' of shape ",
            variable.shape());
      const Tensor given(dtype, shape, view.data);
      check(view.entries == given.bytes(), Code::kInvalidArgument, "expected ", given.bytes(),
            " bytes for variable '", node.name, "', got ", view.entries);
      variables_.push_back(&variable);
      values_.push_back(given);
    }
    hold(call.env, call[3]);
  }

  void copy() override {
    for (Tensor& value : values_) {
      Tensor own = Tensor::allocate(value.dtype(), value.shape(), state().allocator());
      copy_bytes(own.raw(), value.raw(), value.bytes());
      value = std::move(own);
    }
  }

  napi_value finish(napi_env env) override {
    check(!session().closed(), Code::kFailedPrecondition, "Attempted to use a closed Session.");
    for (std::size_t i = 0; i < values_.size(); ++i) variables_[i]->write(std::move(values_[i]));
    return nothing(env);
  }

 private:
  std::vector<Variable*> variables_;
  std::vector<Tensor> values_;
};

// (session, ids, async): a list with [shape, ArrayBuffer], or nothing, for each variable.
napi_value read_variables(Call& call) {
  const std::vector<int> ids = to_ids(call.env, call[1], "variables");
  return perform(call, std::make_unique<ReadJob>(call, ids), to_flag(call.env, call[2], "async"));
}

// (session, ids, shapes, bytes, async)
napi_value write_variables(Call& call) {
  const std::vector<int> ids = to_ids(call.env, call[1], "variables");
  return perform(call, std::make_unique<WriteJob>(call, ids), to_flag(call.env, call[4], "async"));
}

// (session): name, position, name, position, ... of the random ops that have drawn numbers.
// Positions are texts: they have 64 bits.
napi_value random_state(Call& call) {
  napi_value list = new_array(call.env);
  std::size_t next = 0;
  for (const auto& [name, position] : open_session(call)->state().random_positions()) {
    set_element(call.env, list, next++, from_text(call.env, name));
    set_element(call.env, list, next++, from_text(call.env, std::to_string(position)));
  }
  return list;
}

// (session, list as random_state gives it): all other random ops begin anew.
napi_value set_random_state(Call& call) {
  SessionState::RandomPositions positions;
  const std::uint32_t length = length_of(call.env, call[1], "positions");
  for (std::uint32_t i = 0; i + 1 < length; i += 2) {
    const std::string name = to_text(call.env, element_at(call.env, call[1], i), "name");
    const std::string text = to_text(call.env, element_at(call.env, call[1], i + 1), "position");
    positions.emplace_back(name, std::strtoull(text.c_str(), nullptr, 10));
  }
  open_session(call)->state().set_random_positions(positions);
  return nothing(call.env);
}

}  // namespace

const std::vector<Export>& state_exports() {
  static const std::vector<Export> list = {
      {"readVariables", guarded<read_variables>},
      {"writeVariables", guarded<write_variables>},
      {"randomState", guarded<random_state>},
      {"setRandomState", guarded<set_random_state>},
  };
  return list;
}

}  // namespace tw::binding
