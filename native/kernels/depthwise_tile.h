// Square kernels of a depthwise convolution in two dims: two output lines by a few pixels at a
// time, for all channels in turn, so that memory is walked in order and loaded inputs serve both
// lines. depthwise.cc includes it after window.h; it compiles once per pass, so it has no include
// guard of its own.

#include "kernels/block_epilogue.h"

namespace tw::KERNEL_ISA {

// Channels that one round of tiles goes through: their weights take half of L1.
constexpr std::int64_t kMostRoundChannels = 16384 / 9 / 4 / 32 * 32;
template <class T, int K>
constexpr std::int64_t kRoundChannels = 16384 / (K * K * int(sizeof(T))) / 16 * 16;
template <class T>
alignas(64) constexpr T kNoPixel[kMostRoundChannels] = {};

// Pixels of one line of a tile: as many as leave registers for the inputs that they share.
template <int K, int S>
constexpr int kTilePixels = KERNEL_BYTES == 64 || (K == 3 && S == 1) ? 4 : 2;

template <class T, int K, int S>
class DepthwiseTiles {
 public:
  static constexpr int kMost = kTilePixels<K, S>, kRows = S + K, kColumns = (kMost - 1) * S + K;
  static constexpr std::int64_t kRound = kRoundChannels<T, K>;
  static_assert(kRound > 0 && kRound <= kMostRoundChannels);

  DepthwiseTiles(const ConvShape& s, const T* x, const T* w, const BlockEpilogue<T>& e, T* y)
      noexcept
      : s_(s), e_(e), x_(x), w_(w), y_(y), c_(s.in_channels) {}

  // Output lines [line, line + count), counted through the batch.
  void run(std::int64_t line, std::int64_t count) noexcept {
    for (const std::int64_t end = line + count; line < end;) {
      const std::int64_t h = line % s_.out[1];
      lines_ = h + 1 < s_.out[1] && line + 1 < end ? 2 : 1;
      place_lines(line / s_.out[1], h);
      out_ = y_ + line * s_.out[2] * c_;
      for (std::int64_t j = 0; j < c_; j += kRound) {
        run_channels(j, c_ - j < kRound ? c_ - j : kRound);
      }
      line += lines_;
    }
  }

 private:
  // Where the input lines under the tile begin; null where they lie in the padding.
  void place_lines(std::int64_t image, std::int64_t h) noexcept {
    for (int r = 0; r < kRows; ++r) {
      const std::int64_t at = h * S - s_.pad[1] + r;
      const bool inside = at >= 0 && at < s_.in[1] && (lines_ == 2 || r < K);
      line_[r] = inside ? x_ + (image * s_.in[1] + at) * s_.in[2] * c_ : nullptr;
    }
  }

  void run_channels(std::int64_t j, std::int64_t channels) noexcept {
    channel_ = j, channels_ = channels;
    bool moved = false;
    // Pixels are spread evenly over the tiles: few of them leave the sums waiting for each other.
    const std::int64_t tiles = (s_.out[2] + kMost - 1) / kMost;
    for (std::int64_t t = 0, o = 0, before = 0; t < tiles; ++t) {
      const std::int64_t n = (s_.out[2] - o + tiles - t - 1) / (tiles - t);
      const std::int64_t first = o * S - s_.pad[2];
      const bool whole = first >= 0 && first + kColumns <= s_.in[2] && o + kMost <= s_.out[2];
      if (whole && moved) {
        advance(before);
      } else {
        place_tile(o, first);
      }
      moved = whole, before = n, o += n;
      multiply(n);
    }
  }

  void place_tile(std::int64_t o, std::int64_t first) noexcept {
    for (int r = 0; r < kRows; ++r) {
      step_[r] = line_[r] != nullptr ? S * c_ : 0;
      for (int i = 0; i < kColumns; ++i) {
        const bool inside = line_[r] != nullptr && first + i >= 0 && first + i < s_.in[2];
        in_[r][i] = inside ? line_[r] + (first + i) * c_ + channel_ : kNoPixel<T>;
      }
    }
    for (int q = 0; q < 2; ++q) {
      for (int i = 0; i < kMost; ++i) {
        const bool inside = q < lines_ && o + i < s_.out[2];
        to_[q][i] = inside ? out_ + (q * s_.out[2] + o + i) * c_ + channel_ : sink_;
      }
    }
  }

  // By that many pixels, when this tile and the next lie inside the lines.
  void advance(std::int64_t pixels) noexcept {
    for (int r = 0; r < kRows; ++r) {
      for (int i = 0; i < kColumns; ++i) in_[r][i] += pixels * step_[r];
    }
    for (int q = 0; q < lines_; ++q) {
      for (int i = 0; i < kMost; ++i) to_[q][i] += pixels * c_;
    }
  }

  void multiply(std::int64_t pixels) const noexcept {
    if constexpr (kMost > 2) {
      if (pixels == 4) return channels<4>();
      if (pixels == 3) return channels<3>();
    }
    channels<2>();
  }

  template <int N>
  void channels() const noexcept {
    constexpr int L = kLanes<T>;
    std::int64_t j = 0;
    for (; j + L <= channels_; j += L) vectors<Vec<T>, N, false>(j, L);
    if (j == channels_) return;
#if KERNEL_BYTES == 64
    if (channels_ - j <= L / 2) return vectors<VecBytes<T, 32>, N, true>(j, channels_ - j);
#endif
    vectors<Vec<T>, N, true>(j, channels_ - j);
  }

  template <bool kPart, class V>
  static VEC_FN V read(const T* p, std::int64_t lanes) noexcept {
    return kPart ? load_partial<V>(p, lanes) : load<V>(p);
  }

  // N pixels of both lines for one vector of channels.
  template <class V, int N, bool kPart>
  VEC_FN void vectors(std::int64_t j, std::int64_t lanes) const noexcept {
    constexpr int kInputs = (N - 1) * S + K;
    constexpr bool kKeep = KERNEL_BYTES == 64 && K == 3;  // there are registers for all weights
    const T* w = w_ + channel_ + j;
    const V start = e_.bias != nullptr ? read<kPart, V>(e_.bias + channel_ + j, lanes) : V{};
    V acc[2][N], weights[kKeep ? K * K : 1];
#pragma GCC unroll 4
    for (int i = 0; i < N; ++i) acc[0][i] = acc[1][i] = start;
#pragma GCC unroll 9
    for (int k = 0; kKeep && k < K * K; ++k) {
      weights[k] = read<kPart, V>(w + k * c_, lanes);
      in_register(weights[k]);
    }
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
      if (line_[r] == nullptr) continue;
      V in[kInputs];
#pragma GCC unroll 16
      for (int i = 0; i < kInputs; ++i) {
        in[i] = read<kPart, V>(in_[r][i] + j, lanes);
        in_register(in[i]);
      }
#pragma GCC unroll 2
      for (int q = 0; q < 2; ++q) {
        const int line = r - q * S;
        if (line < 0 || line >= K) continue;
#pragma GCC unroll 5
        for (int k = 0; k < K; ++k) {
          const V weight = kKeep ? weights[line * K + k]
                                 : read<kPart, V>(w + (line * K + k) * c_, lanes);
#pragma GCC unroll 4
          for (int i = 0; i < N; ++i) acc[q][i] = fma(in[i * S + k], weight, acc[q][i]);
        }
      }
    }
    finish<V, N, kPart>(acc, j, lanes);
  }

  template <class V, int N, bool kPart>
  VEC_FN void finish(V (&acc)[2][N], std::int64_t j, std::int64_t lanes) const noexcept {
    const V low = splat<V>(e_.low), high = splat<V>(e_.high);
#pragma GCC unroll 2
    for (int q = 0; q < 2; ++q) {
#pragma GCC unroll 4
      for (int i = 0; i < N; ++i) {
        V v = acc[q][i];
        if (e_.clamp) v = min_or_second(high, max_or_second(low, v));
        if constexpr (kPart) store_partial(to_[q][i] + j, v, lanes);
        if constexpr (!kPart) store(to_[q][i] + j, v);
      }
    }
  }

  const ConvShape& s_;
  const BlockEpilogue<T>& e_;
  const T* x_;
  const T* w_;
  T* y_;
  T* out_ = nullptr;
  const std::int64_t c_;
  std::int64_t lines_ = 0, channel_ = 0, channels_ = 0, step_[kRows];
  const T* line_[kRows];
  const T* in_[kRows][kColumns];  // what each input vector of the tile reads
  T* to_[2][kMost];               // where its pixels go; what lies outside, to the sink
  alignas(64) T sink_[kRound];
};

}  // namespace tw::KERNEL_ISA
