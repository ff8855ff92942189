#include "binding/feeds.h"

#include <algorithm>
#include <cstring>

#include "binding/copy.h"
#include "binding/kept.h"
#include "binding/lease.h"
#include "binding/mailbox.h"
#include "binding/values.h"

namespace tw::binding {
namespace {

Tensor string_tensor(napi_env env, const Shape& shape, napi_value list, Allocator& allocator) {
  Tensor tensor = Tensor::allocate(DType::kString, shape, allocator);
  check(length_of(env, list, "strings") == static_cast<std::uint64_t>(tensor.size()),
        Code::kInvalidArgument, "expected ", tensor.size(), " strings");
  for (std::int64_t i = 0; i < tensor.size(); ++i) {
    tensor.mutable_data<std::string>()[i] =
        to_text(env, element_at(env, list, static_cast<std::uint32_t>(i)), "string");
  }
  return tensor;
}

Tensor variant_tensor(napi_env env, const Shape& shape, napi_value elements, Allocator& allocator);

// A tensor inside a variant, from [dtype's code, dims, values].
Tensor tensor_from(napi_env env, napi_value record, Allocator& allocator) {
  const auto code = static_cast<int>(to_number(env, element_at(env, record, 0), "dtype"));
  check(code > 0 && code < kDTypeCount, Code::kInvalidArgument, "no dtype has code ", code);
  const napi_value dims = element_at(env, record, 1);
  Shape shape;
  for (std::uint32_t axis = 0; axis < length_of(env, dims, "dims"); ++axis) {
    shape.push_back(static_cast<std::int64_t>(to_number(env, element_at(env, dims, axis), "dim")));
  }
  return copy_to_tensor(env, static_cast<DType>(code), shape, element_at(env, record, 2), allocator);
}

Tensor variant_tensor(napi_env env, const Shape& shape, napi_value elements, Allocator& allocator) {
  Tensor tensor = Tensor::allocate(DType::kVariant, shape, allocator);
  check(length_of(env, elements, "variants") == static_cast<std::uint64_t>(tensor.size()),
        Code::kInvalidArgument, "expected ", tensor.size(), " variants");
  for (std::int64_t i = 0; i < tensor.size(); ++i) {
    const napi_value values = element_at(env, elements, static_cast<std::uint32_t>(i));
    if (is_nothing(env, values)) continue;
    std::vector<Tensor> list;
    for (std::uint32_t k = 0; k < length_of(env, values, "a variant's values"); ++k) {
      list.push_back(tensor_from(env, element_at(env, values, k), allocator));
    }
    tensor.mutable_data<Variant>()[i] = Variant(std::move(list));
  }
  return tensor;
}

bool is_shared(napi_env env, napi_value buffer) {
  bool ordinary = false;
  ok(env, napi_is_arraybuffer(env, buffer, &ordinary));
  return !ordinary;
}

// The view's memory, checked to hold all elements.
View checked_view(napi_env env, DType dtype, const Shape& shape, napi_value values) {
  const View view = view_of(env, values);
  const auto needed = static_cast<std::uint64_t>(shape.size()) * (is_complex(dtype) ? 2 : 1);
  check(view.entries >= needed, Code::kInvalidArgument, "expected an array of ", needed,
        " entries for ", name_of(dtype), " ", shape, ", got ", view.entries,
        view.entries == 0 ? " (detached?)" : "");
  return view;
}

void hold(napi_env env, napi_value value, Run& run) {
  napi_ref ref = nullptr;
  ok(env, napi_create_reference(env, value, 1, &ref));
  run.held.push_back(ref);
}

Tensor large_feed(napi_env env, EnvData& data, DType dtype, const Shape& shape, napi_value values,
                  bool async, Run& run) {
  Allocator& allocator = run.entry().session->state().allocator();
  if (dtype == DType::kString) return string_tensor(env, shape, values, allocator);
  if (dtype == DType::kVariant) return variant_tensor(env, shape, values, allocator);
  const View view = checked_view(env, dtype, shape, values);
  const bool index = is_integer(dtype);
  const auto borrowed = [&](BufferRef keep) { return Tensor(dtype, shape, view.data, std::move(keep)); };
  if (!async) {
    if (!index || !is_shared(env, view.buffer)) return borrowed({});
  } else if (!index) {
    const std::size_t bytes = static_cast<std::size_t>(shape.size()) * size_of(dtype);
    if (BufferRef lent = lent_buffer(data, view.data, bytes)) return borrowed(std::move(lent));
    if (is_shared(env, view.buffer)) {
      hold(env, view.buffer, run);
      return borrowed({});
    }
  }
  Tensor copy = Tensor::allocate(dtype, shape, allocator);
  copy_bytes(copy.raw(), view.data, copy.bytes());
  return copy;
}

Tensor kept_feed(napi_env env, DType dtype, const Shape& shape, napi_value handle) {
  const Tensor& kept = kept_tensor(env, handle);
  check(kept.dtype() == dtype && kept.shape() == shape, Code::kInternal, "another kept value");
  return kept;
}

// The shape in the words of a record, which are moved over: `expected` itself when it is that one.
const Shape& read_shape(const double*& word, const Shape& expected, Shape& made) {
  const int rank = static_cast<int>(*word++);
  bool same = rank == expected.rank();
  for (int axis = 0; same && axis < rank; ++axis) {
    same = word[axis] == static_cast<double>(expected[axis]);
  }
  if (!same) {
    made = {};
    for (int axis = 0; axis < rank; ++axis) made.push_back(static_cast<std::int64_t>(word[axis]));
  }
  word += rank;
  return same ? expected : made;
}

}  // namespace

View view_of(napi_env env, napi_value array) {
  View view;
  napi_typedarray_type type = napi_uint8_array;
  std::size_t offset = 0;
  ok(env, napi_get_typedarray_info(env, array, &type, &view.entries, &view.data, &view.buffer,
                                   &offset), "typed array");
  return view;
}

Tensor copy_to_tensor(napi_env env, DType dtype, const Shape& shape, napi_value values,
                      Allocator& allocator) {
  if (dtype == DType::kString) return string_tensor(env, shape, values, allocator);
  if (dtype == DType::kVariant) return variant_tensor(env, shape, values, allocator);
  const View view = checked_view(env, dtype, shape, values);
  Tensor copy = Tensor::allocate(dtype, shape, allocator);
  copy_bytes(copy.raw(), view.data, copy.bytes());
  return copy;
}

void read_feeds(napi_env env, EnvData& data, napi_value payload, bool async, Run& run) {
  const Plan& plan = *run.entry().plan;
  const double* word = data.words();
  const auto end = static_cast<std::size_t>(word[kFeedEndWord]);
  check(end >= kFeedBytes && end <= kResultBytes, Code::kInternal, "feeds outside the mailbox");
  // Copied: the mailbox may be used again while the run goes on.
  char* const small = run.small_memory(end - kFeedBytes);
  std::memcpy(small, data.bytes() + kFeedBytes, end - kFeedBytes);
  std::uint32_t next = 0;
  const Layout* const last = run.entry().last_layout.get();
  Shape made;
  run.feeds.reserve(plan.feeds());
  for (std::size_t i = 0; i < plan.feeds(); ++i) {
    const double tag = *word++;
    const OutputInfo& info = plan.feed_info(i);
    const Shape& shape =
        read_shape(word, last != nullptr ? last->feed_shapes[i] : info.shape, made);
    const DType dtype = info.dtype;
    if (tag < 0) {
      const napi_value values = element_at(env, payload, next++);
      run.feeds.push_back(tag == kKept ? kept_feed(env, dtype, shape, values)
                                       : large_feed(env, data, dtype, shape, values, async, run));
      continue;
    }
    const auto at = static_cast<std::size_t>(tag);
    const std::size_t bytes =
        run.feeds.emplace_back(dtype, shape, small + (at - kFeedBytes)).bytes();
    check(at >= kFeedBytes && at <= end && bytes <= end - at, Code::kInternal,
          "a feed outside the mailbox");
  }
}

}  // namespace tw::binding
