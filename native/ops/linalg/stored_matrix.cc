#include "ops/linalg/stored_matrix.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "kernels/pack.h"
#include "kernels/tile_block.h"
#include "tensor/slab.h"

namespace tw {
namespace {

constexpr std::int64_t kPieceBytes = 256 << 10;

// One panel: rows [0, k) of `columns` columns from column `first` on.
struct Panel {
  std::int64_t first, columns, width;
  float* data;
};

Panel panel_of(const PackedMatrix& m, std::int64_t index) {
  const std::int64_t full = tile_shape<float>().panel, first = index * full;
  return {first, std::min(full, m.n - first), panel_width<float>(m.n, index),
          m.panels.mutable_data<float>() + first * m.k};
}

Tensor piece_of(std::int64_t floats) { return Tensor::allocate(DType::kFloat32, {floats}); }

void read_rows(const PackedMatrix& m, MatrixSource source) {
  const std::int64_t panels = panel_count<float>(m.n);
  const std::int64_t most = std::clamp<std::int64_t>(kPieceBytes / 4 / m.n, 1, m.k);
  const Tensor piece = piece_of(most * m.n);
  auto* const rows = piece.mutable_data<float>();
  for (std::int64_t k = 0; k < m.k; k += most) {
    const std::int64_t count = std::min(most, m.k - k);
    source(rows, static_cast<std::size_t>(count * m.n) * sizeof(float));
    for (std::int64_t p = 0; p < panels; ++p) {
      const Panel panel = panel_of(m, p);
      pack_panel<float>({rows, m.n}, m.n, p, 0, count, panel.data + k * panel.width);
    }
  }
}

// The row of a panel at which an element [channel][tap] of an output lies.
std::int64_t row_of(const PackedMatrix& m, std::int64_t channel, std::int64_t tap) {
  return tap * (m.k / m.taps) + channel;
}

// Puts `count` outputs, one after the other in `outputs`, into the columns of a panel from `column`
// on. `turned` holds kTurned floats, or those of one channel, for each output.
constexpr std::int64_t kTurned = 256;
void put_outputs(const PackedMatrix& m, const float* outputs, std::int64_t count, float* turned,
                 const Panel& panel, std::int64_t column) {
  const std::int64_t channels = m.k / m.taps, width = panel.width;
  if (m.taps == 1) return transpose_block(outputs, m.k, count, m.k, panel.data + column, width);
  const std::int64_t most = std::max<std::int64_t>(1, kTurned / m.taps);
  for (std::int64_t c = 0; c < channels; c += most) {
    const std::int64_t some = std::min(most, channels - c);
    transpose_block(outputs + c * m.taps, m.k, count, some * m.taps, turned, count);
    const float* row = turned;
    for (std::int64_t i = c; i < c + some; ++i) {
      for (std::int64_t tap = 0; tap < m.taps; ++tap, row += count) {
        std::memcpy(panel.data + row_of(m, i, tap) * width + column, row,
                    static_cast<std::size_t>(count) * sizeof(float));
      }
    }
  }
}

void read_outputs(const PackedMatrix& m, MatrixSource source) {
  const std::int64_t full = tile_shape<float>().panel;
  const std::int64_t most = std::clamp<std::int64_t>(kPieceBytes / 4 / m.k / 4 * 4, 4, full);
  const Tensor piece = piece_of(most * m.k);
  const Tensor turned = piece_of(most * std::max(kTurned, m.taps));
  for (std::int64_t p = 0; p < panel_count<float>(m.n); ++p) {
    const Panel panel = panel_of(m, p);
    for (std::int64_t column = 0; column < panel.columns; column += most) {
      const std::int64_t count = std::min(most, panel.columns - column);
      source(piece.raw(), static_cast<std::size_t>(count * m.k) * sizeof(float));
      put_outputs(m, piece.data<float>(), count, turned.mutable_data<float>(), panel, column);
    }
    for (std::int64_t k = 0; k < m.k; ++k) {
      std::fill(panel.data + k * panel.width + panel.columns, panel.data + (k + 1) * panel.width,
                0.0f);
    }
  }
}

// A hash of pieces, the same for the same pieces. Its lanes do not wait for each other, so that it
// takes no longer than reading the piece from the cache.
class PieceHash {
 public:
  void add(const void* piece, std::size_t bytes) noexcept {
    const auto* at = static_cast<const char*>(piece);
    Words words;
    for (; bytes >= sizeof(Words); at += sizeof(Words), bytes -= sizeof(Words)) {
      std::memcpy(words.data(), at, sizeof(Words));
      mix(words);
    }
    if (bytes == 0) return;
    words = {};
    std::memcpy(words.data(), at, bytes);
    mix(words);
  }

  std::uint64_t value() const noexcept {
    std::uint64_t hash = 0;
    for (const std::uint64_t lane : lanes_) hash = (hash ^ lane) * kFactor + (hash >> 29);
    return hash;
  }

 private:
  using Words = std::array<std::uint64_t, 8>;
  static constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15u;

  void mix(const Words& words) noexcept {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::uint64_t mixed = (lanes_[i] ^ words[i]) * kFactor;
      lanes_[i] = mixed ^ (mixed >> 32);
    }
  }

  Words lanes_{};
};

Tensor memory_of(std::int64_t floats) {
  BufferRef memory = allocate_beside(static_cast<std::size_t>(floats) * sizeof(float));
  void* const data = memory->data();
  return Tensor(DType::kFloat32, {floats}, data, std::move(memory));
}

}  // namespace

PackedMatrix packed_from(PackedMatrix matrix, MatrixSource source) {
  PieceHash hash;
  const auto hashed = [&](void* to, std::size_t bytes) {
    source(to, bytes);
    hash.add(to, bytes);
  };
  matrix.panels = memory_of(packed_size<float>(matrix.k, matrix.n));
  if (matrix.outputs_first) {
    read_outputs(matrix, hashed);
  } else {
    read_rows(matrix, hashed);
  }
  matrix.hash = hash.value();
  return matrix;
}

void unpack_matrix(const PackedMatrix& m, float* plain) {
  const std::int64_t channels = m.k / m.taps;
  for (std::int64_t p = 0; p < panel_count<float>(m.n); ++p) {
    const Panel panel = panel_of(m, p);
    const float* row = panel.data;
    if (m.outputs_first && m.taps == 1) {
      transpose_block(row, panel.width, m.k, panel.columns, plain + panel.first * m.k, m.k);
      continue;
    }
    for (std::int64_t k = 0; k < m.k; ++k, row += panel.width) {
      if (!m.outputs_first) {
        std::memcpy(plain + k * m.n + panel.first, row,
                    static_cast<std::size_t>(panel.columns) * sizeof(float));
        continue;
      }
      const std::int64_t at = k % channels * m.taps + k / channels;
      for (std::int64_t j = 0; j < panel.columns; ++j) plain[(panel.first + j) * m.k + at] = row[j];
    }
  }
}

}  // namespace tw
