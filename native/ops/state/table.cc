#include "ops/state/table.h"

#include <algorithm>
#include <cstring>

#include "ops/array/inference.h"

namespace tw {
namespace {

constexpr std::int64_t kFirstRoom = 16;

// Calls visit<K>() for the type of the keys.
template <class Visit>
auto visit_keys(DType dtype, Visit&& visit) {
  switch (dtype) {
    case DType::kString: return visit.template operator()<std::string>();
    case DType::kInt32: return visit.template operator()<std::int32_t>();
    case DType::kInt64: return visit.template operator()<std::int64_t>();
    default: fail(Code::kUnimplemented, "no tables with keys of ", name_of(dtype));
  }
}

std::int64_t row_size(const Tensor& rows) { return rows.shape().size(1, rows.rank()); }

// Elements [from, from + count) of x to those from `at` of y.
void copy_elements(const Tensor& y, std::int64_t at, const Tensor& x, std::int64_t from,
                   std::int64_t count) {
  if (x.dtype() == DType::kString) {
    std::copy_n(x.data<std::string>() + from, count, y.mutable_data<std::string>() + at);
    return;
  }
  const std::size_t size = size_of(x.dtype());
  if (count == 0) return;
  std::memcpy(static_cast<char*>(y.raw()) + static_cast<std::size_t>(at) * size,
              static_cast<const char*>(x.raw()) + static_cast<std::size_t>(from) * size,
              static_cast<std::size_t>(count) * size);
}

bool same_row(const Tensor& a, std::int64_t i, const Tensor& b, std::int64_t j) {
  const std::int64_t size = row_size(a);
  if (a.dtype() == DType::kString) {
    const std::string* x = a.data<std::string>() + i * size;
    return std::equal(x, x + size, b.data<std::string>() + j * size);
  }
  const std::size_t bytes = static_cast<std::size_t>(size) * size_of(a.dtype());
  const auto row = [&](const Tensor& t, std::int64_t at) {
    return static_cast<const char*>(t.raw()) + static_cast<std::size_t>(at) * bytes;
  };
  return std::memcmp(row(a, i), row(b, j), bytes) == 0;
}

Tensor wider(const Tensor& rows, std::int64_t count, std::int64_t room, Allocator& allocator) {
  Tensor made = Tensor::allocate(rows.dtype(), with_dim(rows.shape(), 0, room), allocator);
  copy_elements(made, 0, rows, 0, count * row_size(rows));
  return made;
}

Tensor first_rows(const Tensor& rows, std::int64_t count) {
  return {rows.dtype(), with_dim(rows.shape(), 0, count), rows.raw(), rows.buffer()};
}

Tensor free_slots(std::int64_t room, Allocator& allocator) {
  Tensor slots = Tensor::allocate(DType::kInt64, {slots_for(room)}, allocator);
  std::fill_n(slots.mutable_data<std::int64_t>(), slots.size(), kNoPlace);
  return slots;
}

template <class K>
KeyIndex<K> index_of(const Tensor& slots, const Tensor& keys) {
  return {{slots.mutable_data<std::int64_t>(), static_cast<std::size_t>(slots.size())},
          keys.data<K>()};
}

}  // namespace

Table::Table(const Tensor& value) {
  const std::span<const Tensor> parts = value.data<Variant>()->list();
  keys_ = parts[0];
  values_ = parts[1];
  slots_ = parts[2];
  count_ = *parts[3].data<std::int64_t>();
}

Table::Table(DType keys, DType values, const Shape& row, Allocator& allocator)
    : keys_(Tensor::allocate(keys, {kFirstRoom}, allocator)),
      values_(Tensor::allocate(values, join({kFirstRoom}, row), allocator)),
      slots_(free_slots(kFirstRoom, allocator)) {}

Tensor Table::value() const { return variant_of({keys_, values_, slots_, Tensor::scalar(count_)}); }

bool Table::owned(const Tensor& value) {
  const auto& list = value.data<Variant>()->values;
  if (!value.buffer()->unique() || list.use_count() != 1) return false;
  return std::all_of(list->begin(), list->begin() + 3,
                     [](const Tensor& part) { return part.buffer()->unique(); });
}

Table Table::copy(Allocator& allocator) const {
  Table made = *this;
  made.keys_ = wider(keys_, count_, keys_.size(), allocator);
  made.values_ = wider(values_, count_, keys_.size(), allocator);
  made.slots_ = slots_.copy(allocator);
  return made;
}

Shape Table::row() const { return part_of(values_.shape(), 1, values_.rank()); }
Tensor Table::keys() const { return first_rows(keys_, count_); }
Tensor Table::values() const { return first_rows(values_, count_); }

void Table::find(const Tensor& keys, const Tensor& other, const Tensor& out) const {
  const std::int64_t size = row_size(values_);
  visit_keys(key_dtype(), [&]<class K>() {
    const KeyIndex<K> index = index_of<K>(slots_, keys_);
    for (std::int64_t i = 0; i < keys.size(); ++i) {
      const std::int64_t place = index.find(keys.data<K>()[i]);
      const bool found = place != kNoPlace;
      copy_elements(out, i * size, found ? values_ : other, found ? place * size : 0, size);
    }
  });
}

void Table::reserve(std::int64_t more, Allocator& allocator) {
  if (count_ + more <= keys_.size()) return;
  const std::int64_t room = std::max(count_ + more, 2 * keys_.size());
  keys_ = wider(keys_, count_, room, allocator);
  values_ = wider(values_, count_, room, allocator);
  slots_ = free_slots(room, allocator);
  visit_keys(key_dtype(), [&]<class K>() {
    KeyIndex<K> index = index_of<K>(slots_, keys_);
    for (std::int64_t i = 0; i < count_; ++i) index.add(i);
  });
}

void Table::insert(const Tensor& keys, const Tensor& values, bool once, Allocator& allocator) {
  reserve(keys.size(), allocator);
  const std::int64_t size = row_size(values_);
  visit_keys(key_dtype(), [&]<class K>() {
    KeyIndex<K> index = index_of<K>(slots_, keys_);
    for (std::int64_t i = 0; i < keys.size(); ++i) {
      const K& key = keys.data<K>()[i];
      keys_.mutable_data<K>()[count_] = key;
      std::int64_t place = index.add(count_);
      if (place == kNoPlace) {
        place = count_++;
      } else {
        check(!once || same_row(values_, place, values, i),
              Code::kFailedPrecondition, "HashTable has different value for same key. Key ", key,
              " has one value already, and entry ", i, " adds another");
      }
      copy_elements(values_, place * size, values, i * size, size);
    }
  });
}

Table Table::without(const Tensor& keys, Allocator& allocator) const {
  Table made(key_dtype(), value_dtype(), row(), allocator);
  made.reserve(count_, allocator);
  const std::int64_t size = row_size(values_);
  visit_keys(key_dtype(), [&]<class K>() {
    const KeyIndex<K> index = index_of<K>(slots_, keys_);
    std::vector<bool> dropped(static_cast<std::size_t>(count_));
    for (std::int64_t i = 0; i < keys.size(); ++i) {
      const std::int64_t place = index.find(keys.data<K>()[i]);
      if (place != kNoPlace) dropped[static_cast<std::size_t>(place)] = true;
    }
    KeyIndex<K> fresh = index_of<K>(made.slots_, made.keys_);
    for (std::int64_t i = 0; i < count_; ++i) {
      if (dropped[static_cast<std::size_t>(i)]) continue;
      made.keys_.mutable_data<K>()[made.count_] = keys_.data<K>()[i];
      fresh.add(made.count_);
      copy_elements(made.values_, made.count_++ * size, values_, i * size, size);
    }
  });
  return made;
}

void check_entries(const Table& table, const Tensor& keys, const Tensor& values) {
  check(keys.dtype() == table.key_dtype() && values.dtype() == table.value_dtype(),
        Code::kInvalidArgument, "the table takes ", name_of(table.key_dtype()), " keys and ",
        name_of(table.value_dtype()), " values, got ", name_of(keys.dtype()), " and ",
        name_of(values.dtype()));
  check(values.shape() == join(keys.shape(), table.row()), Code::kInvalidArgument,
        "Expected shape ", join(keys.shape(), table.row()), " for values, got ", values.shape());
}

}  // namespace tw
