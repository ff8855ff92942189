#include "binding/results.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <cstring>

#include "binding/copy.h"
#include "binding/feeds.h"
#include "binding/kept.h"
#include "binding/lease.h"
#include "binding/mailbox.h"
#include "binding/values.h"

namespace tw::binding {
namespace {

// The largest buffer of all supported versions of Node.js.
constexpr std::size_t kMostBytes = std::size_t{1} << 32;

struct Memory {
  napi_value value = nullptr;
  void* data = nullptr;
};

// Memory that JavaScript owns: an ArrayBuffer, or a Buffer for large sizes, because its pages are
// not touched before the kernel writes to them. Huge pages make that first touch three times
// cheaper.
Memory make_memory(napi_env env, std::size_t bytes) {
  Memory memory;
  check(bytes <= kMostBytes, Code::kResourceExhausted, "a result of ", bytes,
        " bytes is more than a buffer of JavaScript can hold");
  if (bytes <= kLeaseBytes) {
    ok(env, napi_create_arraybuffer(env, bytes, &memory.data, &memory.value), "result");
    return memory;
  }
  ok(env, napi_create_buffer(env, bytes, &memory.data, &memory.value), "result");
#if defined(MADV_HUGEPAGE)
  constexpr std::uintptr_t kPage = 4096;
  const auto first = (reinterpret_cast<std::uintptr_t>(memory.data) + kPage - 1) & ~(kPage - 1);
  const auto end = (reinterpret_cast<std::uintptr_t>(memory.data) + bytes) & ~(kPage - 1);
  if (end > first + (2u << 20)) madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
#endif
  return memory;
}

napi_value out_at(napi_env env, napi_value outs, std::size_t i) {
  if (outs == nullptr) return nullptr;
  napi_value out = element_at(env, outs, static_cast<std::uint32_t>(i));
  return is_nothing(env, out) ? nullptr : out;
}

// The memory of the caller's array, checked to have exactly as many entries as the result.
void* given_memory(napi_env env, napi_value out, const Shape& shape, DType dtype, std::size_t i) {
  const View view = view_of(env, out);
  const auto needed = static_cast<std::uint64_t>(shape.size()) * (is_complex(dtype) ? 2 : 1);
  check(view.entries == needed, Code::kInvalidArgument, "expected ", needed,
        " entries in the out array of fetch ", i, " (", name_of(dtype), " ", shape, "), got ",
        view.entries);
  return view.data;
}

napi_value from_strings(napi_env env, const Tensor& tensor) {
  napi_value list = new_array(env, static_cast<std::size_t>(tensor.size()));
  for (std::int64_t i = 0; i < tensor.size(); ++i) {
    set_element(env, list, static_cast<std::size_t>(i), from_text(env, tensor.data<std::string>()[i]));
  }
  return list;
}

napi_value from_variants(napi_env env, const Tensor& tensor);

// A tensor inside a variant: [dtype's code, dims, values].
napi_value from_tensor(napi_env env, const Tensor& tensor) {
  napi_value dims = new_array(env, static_cast<std::size_t>(tensor.rank()));
  for (int axis = 0; axis < tensor.rank(); ++axis) {
    set_element(env, dims, static_cast<std::size_t>(axis),
                from_number(env, static_cast<double>(tensor.dim(axis))));
  }
  napi_value values = nullptr;
  if (tensor.dtype() == DType::kString) {
    values = from_strings(env, tensor);
  } else if (tensor.dtype() == DType::kVariant) {
    values = from_variants(env, tensor);
  } else {
    const Memory copy = make_memory(env, tensor.bytes());
    copy_bytes(copy.data, tensor.raw(), tensor.bytes());
    values = copy.value;
  }
  napi_value record = new_array(env, 3);
  set_element(env, record, 0, from_number(env, static_cast<double>(tensor.dtype())));
  set_element(env, record, 1, dims);
  set_element(env, record, 2, values);
  return record;
}

napi_value from_variants(napi_env env, const Tensor& tensor) {
  napi_value elements = new_array(env, static_cast<std::size_t>(tensor.size()));
  for (std::int64_t i = 0; i < tensor.size(); ++i) {
    const Variant& element = tensor.data<Variant>()[i];
    if (element.values == nullptr) {
      napi_value none = nullptr;
      ok(env, napi_get_null(env, &none));
      set_element(env, elements, static_cast<std::size_t>(i), none);
      continue;
    }
    const auto list = element.list();
    napi_value values = new_array(env, list.size());
    for (std::size_t k = 0; k < list.size(); ++k) {
      set_element(env, values, k, from_tensor(env, list[k]));
    }
    set_element(env, elements, static_cast<std::size_t>(i), values);
  }
  return elements;
}

// Where one result goes, and the list entry when it does not go into the mailbox.
class Writer {
 public:
  Writer(napi_env env, EnvData& data, Run& run) : env_(env), data_(data), run_(run) {}

  void write(std::size_t i, napi_value out) {
    const Tensor& result = run_.results[i];
    double* record = word_;
    record[1] = result.rank();
    for (int axis = 0; axis < result.rank(); ++axis) {
      record[2 + axis] = static_cast<double>(result.dim(axis));
    }
    word_ += 2 + result.rank();
    record[0] = place(i, out, result);
  }

  napi_value list() const noexcept { return list_; }

 private:
  double place(std::size_t i, napi_value out, const Tensor& result) {
    if (run_.keeps) return listed(keep(env_, result), kKept);
    if (out != nullptr) {
      void* const to = given_memory(env_, out, result.shape(), result.dtype(), i);
      if (to != result.raw()) copy_bytes(to, result.raw(), result.bytes());
      return kGiven;
    }
    if (napi_value made = made_memory(i)) return listed(made, kPayload);
    if (result.dtype() == DType::kString) return listed(from_strings(env_, result), kPayload);
    if (result.dtype() == DType::kVariant) return listed(from_variants(env_, result), kPayload);
    const char* const raw = result.data<char>();
    if (raw >= data_.bytes() + kResultBytes && raw < data_.bytes() + kMailboxBytes) {
      return static_cast<double>(raw - data_.bytes());
    }
    const std::size_t bytes = result.bytes();
    if (bytes <= kInlineBytes && byte_ + bytes <= kMailboxBytes) {
      if (bytes > 0) std::memcpy(data_.bytes() + byte_, result.raw(), bytes);
      const std::size_t at = byte_;
      byte_ += (bytes + 15) & ~std::size_t{15};
      return static_cast<double>(at);
    }
    if (bytes > kLeaseBytes && result.buffer() && result.buffer()->unique() &&
        may_lend(data_, bytes)) {
      if (napi_value lent = lend(env_, data_, run_.entry(), result)) return listed(lent, kInPool);
    }
    const Memory copy = make_memory(env_, bytes);
    copy_bytes(copy.data, result.raw(), bytes);
    return listed(copy.value, kPayload);
  }

  napi_value made_memory(std::size_t i) {
    if (i < run_.made.size()) return run_.made[i];
    napi_value made = nullptr;
    if (i < run_.made_refs.size() && run_.made_refs[i] != nullptr) {
      ok(env_, napi_get_reference_value(env_, run_.made_refs[i], &made));
    }
    return made;
  }

  double listed(napi_value entry, double tag) {
    if (list_ == nullptr) list_ = new_array(env_);
    set_element(env_, list_, next_++, entry);
    return tag;
  }

  napi_env env_;
  EnvData& data_;
  Run& run_;
  napi_value list_ = nullptr;
  std::size_t next_ = 0;
  double* word_ = data_.words() + kResultWords;
  std::size_t byte_ = run_.mailbox_end;
};

}  // namespace

void make_outs(napi_env env, EnvData& data, const Layout& layout, napi_value outs, bool async,
               Run& run) {
  if (run.keeps) return;
  std::size_t lent = 0, made_bytes = 0;
  const std::size_t fetches = layout.fetch_slots.size();
  for (std::size_t i = 0; i < fetches; ++i) {
    const Slot& slot = layout.slots[static_cast<std::size_t>(layout.fetch_slots[i])];
    if (!slot.shape.fully_known() || is_object(slot.dtype)) continue;
    const std::size_t bytes = static_cast<std::size_t>(slot.shape.size()) * size_of(slot.dtype);
    void* memory = nullptr;
    napi_value made = nullptr;
    if (napi_value given = out_at(env, outs, i)) {
      // The caller could detach it under an asynchronous run, which therefore copies at its end.
      if (async) continue;
      memory = given_memory(env, given, slot.shape, slot.dtype, i);
    } else if (async && bytes <= kLeaseBytes) {
      continue;
    } else if (bytes <= kInlineBytes) {
      if (run.mailbox_end + bytes > kMailboxBytes) continue;
      memory = data.bytes() + run.mailbox_end;
      run.mailbox_end += (bytes + 63) & ~std::size_t{63};
    } else if (bytes > kLeaseBytes && may_lend(data, lent + bytes)) {
      lent += bytes;
      continue;
    } else {
      const std::size_t limit = run.entry().session->state().allocator().limit();
      check(bytes <= limit - made_bytes, Code::kResourceExhausted,
            "results take more than the memory limit of ", limit, " bytes");
      made_bytes += bytes;
      const Memory fresh = make_memory(env, bytes);
      memory = fresh.data;
      made = fresh.value;
    }
    run.outs.resize(i);
    run.outs.emplace_back(slot.dtype, slot.shape, memory);
    if (made == nullptr) continue;
    if (async) {
      run.made_refs.resize(fetches);
      ok(env, napi_create_reference(env, made, 1, &run.made_refs[i]));
    } else {
      run.made.resize(fetches);
      run.made[i] = made;
    }
  }
  if (!run.outs.empty()) run.outs.resize(fetches);
}

napi_value write_results(napi_env env, EnvData& data, napi_value outs, Run& run) {
  Writer writer(env, data, run);
  for (std::size_t i = 0; i < run.results.size(); ++i) writer.write(i, out_at(env, outs, i));
  return writer.list();
}

}  // namespace tw::binding
