#include "binding/block.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "binding/call.h"
#include "binding/exports.h"
#include "binding/feeds.h"

namespace tw::binding {
namespace {

constexpr napi_type_tag kBlockTag = {0x7265736f6e677477, 0x626c6f636b000001};

// Memory that is to become a constant. Large weights are copied into it in pieces, so that none
// of the copies holds the JavaScript thread for long.
struct BlockBox {
  BufferRef buffer;  // none once a constant has it
  PackedMatrix matrix;  // instead of the buffer
  std::size_t bytes = 0;

  bool empty() const noexcept { return !buffer && !matrix.panels.defined(); }

  void finalize(napi_env) noexcept {}
};

BlockBox& box_of(napi_env env, napi_value handle) {
  auto& box = unwrap<BlockBox>(env, handle, kBlockTag, "block");
  check(!box.empty(), Code::kFailedPrecondition, "the block is a constant already");
  return box;
}

// Reads a file in pieces, and gives the core away now and then, since the event loop may be waiting
// for it.
class Pieces {
 public:
  static constexpr std::size_t kBytes = 256 << 10;

  Pieces(const std::string& path, std::uint64_t offset) : file_(path, offset) {}

  void read(void* to, std::size_t bytes) {
    file_.read(to, bytes);
    if (Clock::now() - since_ < std::chrono::microseconds(500)) return;
    std::this_thread::yield();
    since_ = Clock::now();
  }

 private:
  using Clock = std::chrono::steady_clock;
  FileRange file_;
  Clock::time_point since_ = Clock::now();
};

void read_plain(BlockBox& box, Pieces& file) {
  box.buffer = heap_allocator().allocate(box.bytes);
  auto* const to = static_cast<char*>(box.buffer->data());
  for (std::size_t at = 0; at < box.bytes; at += Pieces::kBytes) {
    file.read(to + at, std::min(Pieces::kBytes, box.bytes - at));
  }
}

// Fills the block from a file; as a matrix when box.matrix says of what size.
void read_into(BlockBox& box, const std::string& path, std::uint64_t offset,
               std::optional<std::uint32_t> sum) {
  Pieces file(path, offset);
  if (box.matrix.k > 0) {
    check(!sum, Code::kInvalidArgument, "the bytes of a matrix are not summed up");
    box.matrix = packed_from(std::move(box.matrix), [&](void* to, std::size_t bytes) {
      file.read(to, bytes);
    });
    return;
  }
  read_plain(box, file);
  if (!sum) return;
  const std::uint32_t found = crc32c(box.buffer->data(), box.bytes);
  check(found == *sum, Code::kDataLoss, "the ", box.bytes, " bytes from byte ", offset,
        " on have the checksum ", found, ", expected ", *sum);
}

napi_value new_block(Call& call) {
  const std::int64_t bytes = to_integer(call.env, call[0], "bytes");
  check(bytes >= 0, Code::kInvalidArgument, "expected a number of bytes, got ", bytes);
  auto box = std::make_unique<BlockBox>();
  box->bytes = static_cast<std::size_t>(bytes);
  box->buffer = heap_allocator().allocate(box->bytes);
  napi_value handle = wrap(call.env, box.get(), kBlockTag);
  box.release();
  return handle;
}

// Touches each page, so that whoever fills the block meets no page fault.
void touch(const BlockBox& box) noexcept {
  constexpr std::size_t kPage = 4096;
  auto* const bytes = static_cast<volatile char*>(box.buffer->data());
  for (std::size_t i = 0; i < box.bytes; i += kPage) bytes[i] = 0;
}

// A block that is made, and may be read from a file, on a thread that gives way to JavaScript's; a
// thread of libuv's pool waits for it.
struct Making {
  std::unique_ptr<BlockBox> box = std::make_unique<BlockBox>();
  std::string path;  // "": nothing is read
  std::uint64_t offset = 0;
  std::optional<std::uint32_t> sum;  // the CRC-32C that the bytes of the file have to have
  napi_deferred deferred = nullptr;
  napi_async_work work = nullptr;
  std::optional<Error> error;

  static void execute(napi_env, void* self) noexcept {
    auto& making = *static_cast<Making*>(self);
    run_yielding([&making] { making.make(); });
  }

  void make() noexcept {
    try {
      if (path.empty()) {
        box->buffer = heap_allocator().allocate(box->bytes);
        // First touch costs more than the copy.
        touch(*box);
      } else {
        read_into(*box, path, offset, sum);
      }
    } catch (const Error& e) {
      error = e;
    } catch (const std::exception&) {
      error = Error(Code::kResourceExhausted,
                    text("there is no memory for a constant of ", box->bytes, " bytes"));
    }
  }

  static void complete(napi_env env, napi_status, void* self) noexcept {
    const std::unique_ptr<Making> making(static_cast<Making*>(self));
    napi_delete_async_work(env, making->work);
    try {
      if (!making->error) {
        napi_value handle = wrap(env, making->box.get(), kBlockTag);
        making->box.release();
        ok(env, napi_resolve_deferred(env, making->deferred, handle));
        return;
      }
      ok(env, napi_reject_deferred(env, making->deferred,
                                   make_error(env, EnvData::of(env), *making->error)));
    } catch (...) {
      // The environment is ending: nobody waits for the promise any more.
    }
  }
};

std::size_t byte_count(Call& call, std::size_t i, const char* name) {
  const std::int64_t bytes = to_integer(call.env, call[i], name);
  check(bytes >= 0, Code::kInvalidArgument, "expected a number for ", name, ", got ", bytes);
  return static_cast<std::size_t>(bytes);
}

std::optional<std::uint32_t> sum_given(Call& call, std::size_t i) {
  if (is_nothing(call.env, call[i])) return std::nullopt;
  return static_cast<std::uint32_t>(byte_count(call, i, "sum"));
}

// Of a matrix that is to lie packed: [k, n, taps, outputs first or not].
PackedMatrix to_matrix(Call& call, std::size_t i, std::size_t bytes) {
  PackedMatrix matrix;
  if (is_nothing(call.env, call[i])) return matrix;
  const auto at = [&](std::uint32_t k) {
    return to_integer(call.env, element_at(call.env, call[i], k), "matrix");
  };
  matrix.k = at(0);
  matrix.n = at(1);
  matrix.taps = at(2);
  matrix.outputs_first = at(3) != 0;
  const bool sound = matrix.k > 0 && matrix.n > 1 && matrix.taps > 0 && matrix.k % matrix.taps == 0;
  const bool fits = sound &&
                    checked_product(checked_product(matrix.k, matrix.n), sizeof(float)) ==
                        static_cast<std::int64_t>(bytes);
  check(fits, Code::kInvalidArgument, "a matrix of ", matrix.k, " x ", matrix.n, " floats, ",
        matrix.taps, " by channel, in ", bytes, " bytes");
  return matrix;
}

napi_value begin(Call& call, std::unique_ptr<Making> making) {
  napi_value promise = nullptr;
  ok(call.env, napi_create_promise(call.env, &making->deferred, &promise), "promise");
  ok(call.env, napi_create_async_work(call.env, nullptr, from_text(call.env, "newBlock"),
                                      Making::execute, Making::complete, making.get(),
                                      &making->work), "work");
  ok(call.env, napi_queue_async_work(call.env, making->work), "work");
  making.release();
  return promise;
}

napi_value new_block_async(Call& call) {
  auto making = std::make_unique<Making>();
  making->box->bytes = byte_count(call, 0, "bytes");
  return begin(call, std::move(making));
}

napi_value read_block_async(Call& call) {
  auto making = std::make_unique<Making>();
  making->path = to_text(call.env, call[0], "path");
  making->offset = byte_count(call, 1, "offset");
  making->box->bytes = byte_count(call, 2, "bytes");
  making->sum = sum_given(call, 3);
  making->box->matrix = to_matrix(call, 4, making->box->bytes);
  return begin(call, std::move(making));
}

napi_value read_block(Call& call) {
  auto box = std::make_unique<BlockBox>();
  const std::string path = to_text(call.env, call[0], "path");
  const std::size_t offset = byte_count(call, 1, "offset");
  box->bytes = byte_count(call, 2, "bytes");
  box->matrix = to_matrix(call, 4, box->bytes);
  read_into(*box, path, offset, sum_given(call, 3));
  napi_value handle = wrap(call.env, box.get(), kBlockTag);
  box.release();
  return handle;
}

napi_value read_cached_bytes(Call& call) {
  const std::int64_t file = to_integer(call.env, call[0], "file");
  check(file >= 0 && file <= 0x7fffffff, Code::kInvalidArgument, "expected a file, got ", file);
  const std::size_t offset = byte_count(call, 1, "offset");
  const View to = view_of(call.env, call[2]);
  const std::size_t got = read_cached(static_cast<int>(file), offset, to.data, to.entries);
  return from_number(call.env, static_cast<double>(got));
}

napi_value fill_block(Call& call) {
  const BlockBox& box = box_of(call.env, call[0]);
  check(static_cast<bool>(box.buffer), Code::kFailedPrecondition, "the block is full");
  const std::int64_t offset = to_integer(call.env, call[1], "offset");
  const View view = view_of(call.env, call[2]);
  check(offset >= 0 && static_cast<std::uint64_t>(offset) <= box.bytes &&
            view.entries <= box.bytes - static_cast<std::size_t>(offset),
        Code::kOutOfRange, view.entries, " bytes at ", offset, " do not fit into ", box.bytes);
  char* const to = static_cast<char*>(box.buffer->data()) + offset;
  if (view.entries > 0) std::memcpy(to, view.data, view.entries);
  return nothing(call.env);
}

}  // namespace

Tensor take_block(napi_env env, DType dtype, const Shape& shape, napi_value handle) {
  BlockBox& box = box_of(env, handle);
  const auto needed = static_cast<std::size_t>(shape.size()) * size_of(dtype);
  check(!is_object(dtype) && needed == box.bytes, Code::kInvalidArgument, name_of(dtype), " ",
        shape, " takes ", needed, " bytes, but the block has ", box.bytes);
  if (!box.buffer) {
    check(dtype == DType::kFloat32, Code::kInvalidArgument, "a matrix of floats as ",
          name_of(dtype));
    return deferred(shape, std::exchange(box.matrix, {}), unpack_matrix);
  }
  void* const data = box.buffer->data();
  return Tensor(dtype, shape, data, std::move(box.buffer));
}

const std::vector<Export>& block_exports() {
  static const std::vector<Export> list = {
      {"newBlock", guarded<new_block>},
      {"newBlockAsync", guarded<new_block_async>},
      {"fillBlock", guarded<fill_block>},
      {"readBlock", guarded<read_block>},
      {"readBlockAsync", guarded<read_block_async>},
      {"readCached", guarded<read_cached_bytes>},
  };
  return list;
}

}  // namespace tw::binding
