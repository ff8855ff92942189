#include "kernels/tile_program.h"

#include <algorithm>

#include "kernels/tile_interpreter.h"

namespace tw {
namespace {

using tile::Domain;
using tile::Program;
using tile::Storage;

constexpr int kKeptInputs = 4;

// Walks the index space of one run.
class SpaceRun {
 public:
  SpaceRun(const Program& program, const TileSpace& space, const TileInput* inputs,
           void* const* outputs, bool stream) noexcept
      : program_(program), space_(space), inputs_(inputs), outputs_(outputs), tile_(program) {
    count_ = static_cast<int>(program.inputs.size());
    row_ = space.dims[space.rank - 1];
    for (int i = 0; i < count_; ++i) {
      const Storage storage = program.inputs[static_cast<std::size_t>(i)];
      states_[i].bytes = static_cast<std::int8_t>(bytes_of(storage));
      states_[i].filled = nullptr;
    }
    for (int o = 0; o < static_cast<int>(program.outputs.size()); ++o) {
      tile_.set_output(o, stream, overwrites_a_later_read(o));
    }
  }

  bool run(std::int64_t begin, std::int64_t end) noexcept {
    if (space_.rank == 1 || row_ >= tile_.tile() / 4) {
      run_rows(begin, end);
    } else {
      run_short_rows(begin, end);
    }
    return !tile_.failed();
  }

 private:
  bool overwrites_a_later_read(int o) const noexcept {
    for (int i = 0; i < count_; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (inputs_[i].data == outputs_[o] &&
          program_.last_use[at] > program_.definition[static_cast<std::size_t>(o)]) {
        return true;
      }
    }
    return false;
  }

  std::int64_t offset(int i, std::int64_t flat, int dims) const noexcept {
    std::int64_t sum = 0;
    for (int d = dims - 1; d >= 0; --d) {
      sum += flat % space_.dims[d] * inputs_[i].strides[d];
      flat /= space_.dims[d];
    }
    return sum;
  }
  const char* element(int i, std::int64_t index) const noexcept {
    return static_cast<const char*>(inputs_[i].data) + index * states_[i].bytes;
  }
  TileFeed contiguous_feed(int i) const noexcept {
    return tile_.natural(program_.inputs[static_cast<std::size_t>(i)]) ? TileFeed::kInPlace
                                                                       : TileFeed::kConvert;
  }
  void place_outputs(std::int64_t flat) noexcept {
    for (std::size_t o = 0; o < program_.outputs.size(); ++o) {
      out_[o] = static_cast<char*>(outputs_[o]) + flat * bytes_of(program_.outputs[o]);
    }
  }

  // Rows at least a quarter of a tile long: a tile is a piece of one row.
  void run_rows(std::int64_t begin, std::int64_t end) noexcept {
    const int inner = space_.rank - 1;
    for (int i = 0; i < count_; ++i) {
      states_[i].feed = inputs_[i].strides[inner] == 0 ? TileFeed::kRepeat : contiguous_feed(i);
    }
    const auto none = [](int, char*) {};
    for (std::int64_t at = begin; at < end;) {
      const std::int64_t row = inner == 0 ? 0 : at / row_;
      std::int64_t column = at - row * row_;
      const std::int64_t stop = std::min(row_, column + (end - at));
      for (int i = 0; i < count_; ++i) base_[i] = offset(i, row, inner);
      while (column < stop) {
        const std::int64_t n = std::min(tile_.tile(), stop - column);
        for (int i = 0; i < count_; ++i) {
          states_[i].source = element(i, base_[i] + column * inputs_[i].strides[inner]);
        }
        place_outputs(at);
        tile_.run(states_, out_, n, none);
        column += n, at += n;
      }
    }
  }

  // Short rows: a tile is several of them, and inputs that are not contiguous are laid out; those
  // that are the same in every row, once for all.
  void run_short_rows(std::int64_t begin, std::int64_t end) noexcept {
    const std::int64_t whole = tile_.tile() / row_ * row_;
    if (begin % row_ != 0) {
      const std::int64_t first = std::min(end, (begin / row_ + 1) * row_);
      run_laid_out(begin, first, whole, false);
      begin = first;
    }
    run_laid_out(begin, end, whole, end - begin > whole);
  }
  void run_laid_out(std::int64_t begin, std::int64_t end, std::int64_t whole, bool keep) noexcept {
    int kept = 0;
    for (int i = 0; i < count_; ++i) {
      states_[i].feed = short_row_feed(i);
      if (!keep || kept == kKeptInputs) continue;
      if (states_[i].feed != TileFeed::kExpand || !same_rows(i)) continue;
      states_[i].feed = TileFeed::kKept;
      states_[i].source = kept_[kept++];
      expand(i, 0, whole, const_cast<char*>(states_[i].source));
    }
    for (std::int64_t at = begin; at < end;) {
      const std::int64_t n = std::min(whole, end - at);
      for (int i = 0; i < count_; ++i) {
        if (states_[i].feed == TileFeed::kRepeat) {
          states_[i].source = element(i, 0);
        } else if (states_[i].feed == TileFeed::kInPlace || states_[i].feed == TileFeed::kConvert) {
          states_[i].source = element(i, at);
        }
      }
      place_outputs(at);
      tile_.run(states_, out_, n, [&](int i, char* to) { expand(i, at, n, to); });
      at += n;
    }
  }
  TileFeed short_row_feed(int i) const noexcept {
    bool flat = true, repeated = true;
    std::int64_t stride = 1;
    for (int d = space_.rank - 1; d >= 0; --d) {
      flat &= inputs_[i].strides[d] == stride || space_.dims[d] == 1;
      repeated &= inputs_[i].strides[d] == 0;
      stride *= space_.dims[d];
    }
    return repeated ? TileFeed::kRepeat : flat ? contiguous_feed(i) : TileFeed::kExpand;
  }
  bool same_rows(int i) const noexcept {
    const std::int64_t* strides = inputs_[i].strides;
    return std::all_of(strides, strides + space_.rank - 1, [](std::int64_t s) { return s == 0; });
  }
  // Lays out elements [at, at + n) of a broadcast input; `to` has room for a vector more.
  void expand(int i, std::int64_t at, std::int64_t n, char* to) const noexcept {
    const TileDomainTable& table = machine_of(program_.domain).table;
    const auto storage = static_cast<int>(program_.inputs[static_cast<std::size_t>(i)]);
    const std::int64_t out_bytes = bytes_of(tile::storage_of(program_.domain));
    const std::int64_t inner = inputs_[i].strides[space_.rank - 1];
    std::int64_t row = at / row_, column = at % row_;
    while (n > 0) {
      const std::int64_t run = std::min(n, row_ - column);
      const char* from = element(i, offset(i, row, space_.rank - 1) + column * inner);
      if (inner == 0) {
        table.fill[storage](to, from, run);
      } else {
        table.load[storage](to, from, run);
      }
      to += run * out_bytes, n -= run, ++row, column = 0;
    }
  }

  const Program& program_;
  const TileSpace& space_;
  const TileInput* inputs_;
  void* const* outputs_;
  TileInterpreter tile_;
  int count_;
  std::int64_t row_;
  TileInputState states_[kMaxTileInputs];
  std::int64_t base_[kMaxTileInputs];
  char* out_[kMaxTileOutputs];
  alignas(64) char kept_[kKeptInputs][kWideTile + kGap];
};

}  // namespace

void merge_dims(TileSpace& space, TileInput* inputs, int count) noexcept {
  const auto mergeable = [&](int outer, int inner) {
    if (space.dims[inner] == 1 || space.dims[outer] == 1) return true;
    for (int i = 0; i < count; ++i) {
      const std::int64_t* s = inputs[i].strides;
      if (s[outer] != s[inner] * space.dims[inner]) return false;
    }
    return true;
  };
  int kept = 0;  // dims [0, kept] are final but may still take in the next one
  for (int d = 1; d < space.rank; ++d) {
    const bool merge = mergeable(kept, d);
    const bool outer_is_one = space.dims[kept] == 1, inner_is_one = space.dims[d] == 1;
    if (!merge) ++kept;
    space.dims[kept] = merge ? space.dims[kept] * space.dims[d] : space.dims[d];
    for (int i = 0; i < count; ++i) {
      std::int64_t* s = inputs[i].strides;
      if (!merge || outer_is_one || !inner_is_one) s[kept] = s[d];
    }
  }
  space.rank = kept + 1;
}

bool tile_supports(Domain domain, tile::Opcode op) noexcept {
  return code_of(domain)[op] != nullptr;
}

bool run_tile_program(const Program& program, const TileSpace& space, const TileInput* inputs,
                      void* const* outputs, std::int64_t begin, std::int64_t end,
                      bool stream) noexcept {
  const bool ok = SpaceRun(program, space, inputs, outputs, stream).run(begin, end);
  if (stream) tile_stream_end();
  return ok;
}

}  // namespace tw
