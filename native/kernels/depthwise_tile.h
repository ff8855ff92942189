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
    const std::int64_t each = s_.out[2] / tiles, larger = s_.out[2] % tiles;
    for (std::int64_t t = 0, o = 0; t < tiles; ++t) {
      const std::int64_t n = each + (t < larger ? 1 : 0), first = o * S - s_.pad[2];
      const bool whole = first >= 0 && first + kColumns <= s_.in[2] && n == kMost;
      if (whole && moved) {
        advance();
      } else {
        place_tile(o, first);
      }
      moved = whole, o += n;
      multiply(n);
    }
  }

  void place_tile(std::int64_t o, std::int64_t first) noexcept {
    for (int r = 0; r < kRows; ++r) {
      for (int i = 0; i < kColumns; ++i) {
        const bool inside = line_[r] != nullptr && first + i >= 0 && first + i < s_.in[2];
        in_[r * kColumns + i] = inside ? line_[r] + (first + i) * c_ + channel_ : kNoPixel<T>;
      }
    }
    for (int q = 0; q < 2; ++q) {
      for (int i = 0; i < kMost; ++i) {
        const bool inside = q < lines_ && o + i < s_.out[2];
        to_[q * kMost + i] = inside ? out_ + (q * s_.out[2] + o + i) * c_ + channel_ : sink_;
      }
    }
  }

  // To the next tile, when this one and that one are whole and inside the lines. Lines that are not
  // read need not be left out, nor lines that are not written when they are one.
  void advance() noexcept {
    for (int i = 0; i < kRows * kColumns; ++i) in_[i] += kMost * S * c_;
    for (int i = 0; i < lines_ * kMost; ++i) to_[i] += kMost * c_;
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
        in[i] = read<kPart, V>(in_[r * kColumns + i] + j, lanes);
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
    // Two instructions for each vector are much beside nine products: one is enough for a relu.
    if (e_.clamp) clamp(acc);
#pragma GCC unroll 2
    for (int q = 0; q < 2; ++q) {
#pragma GCC unroll 4
      for (int i = 0; i < N; ++i) {
        T* to = to_[q * kMost + i] + j;
        if constexpr (kPart) store_partial(to, acc[q][i], lanes);
        if constexpr (!kPart) store(to, acc[q][i]);
      }
    }
  }

  template <class V, int N>
  VEC_FN void clamp(V (&acc)[2][N]) const noexcept {
    const V low = splat<V>(e_.low), high = splat<V>(e_.high);
#pragma GCC unroll 8
    for (int i = 0; i < 2 * N; ++i) acc[i / N][i % N] = max_or_second(low, acc[i / N][i % N]);
    if (e_.high == std::numeric_limits<T>::infinity()) return;
#pragma GCC unroll 8
    for (int i = 0; i < 2 * N; ++i) acc[i / N][i % N] = min_or_second(high, acc[i / N][i % N]);
  }

  const ConvShape& s_;
  const BlockEpilogue<T>& e_;
  const T* x_;
  const T* w_;
  T* y_;
  T* out_ = nullptr;
  const std::int64_t c_;
  std::int64_t lines_ = 0, channel_ = 0, channels_ = 0;
  const T* line_[kRows];
  const T* in_[kRows * kColumns];  // what each input vector of the tile reads
  T* to_[2 * kMost];               // where its pixels go; what lies outside, to the sink
  alignas(64) T sink_[kRound];
};

}  // namespace tw::KERNEL_ISA
