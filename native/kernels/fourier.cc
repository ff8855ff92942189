#include "kernels/fourier.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <utility>

namespace tw {
namespace {

using Complex = Fourier::Complex;

// Written out: the library's product looks for infinities.
inline Complex times(Complex a, Complex b) noexcept {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

bool is_power(std::int64_t n) { return (n & (n - 1)) == 0; }

}  // namespace

Fourier::Fourier(std::int64_t length) : length_(length), padded_(length) {
  if (!is_power(length)) {
    padded_ = static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(2 * length - 1)));
  }
  for (std::int64_t k = 0; k < padded_ / 2; ++k) {
    const double angle = -2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(padded_);
    turns_.emplace_back(std::cos(angle), std::sin(angle));
  }
  if (is_power(length)) return;
  for (std::int64_t k = 0; k < length; ++k) {
    // k^2 modulo 2 length keeps the angle exact.
    const auto square = static_cast<double>(k * k % (2 * length));
    const double angle = -std::numbers::pi * square / static_cast<double>(length);
    chirp_.emplace_back(std::cos(angle), std::sin(angle));
  }
  kernel_.assign(static_cast<std::size_t>(padded_), Complex());
  for (std::int64_t k = 0; k < length; ++k) {
    const Complex value = std::conj(chirp_[static_cast<std::size_t>(k)]);
    kernel_[static_cast<std::size_t>(k)] = value;
    if (k > 0) kernel_[static_cast<std::size_t>(padded_ - k)] = value;
  }
  halving(kernel_.data());
}

void Fourier::halving(Complex* x) const noexcept {
  const std::int64_t n = padded_;
  for (std::int64_t i = 1, j = 0; i < n; ++i) {
    std::int64_t bit = n >> 1;
    for (; (j & bit) != 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(x[i], x[j]);
  }
  for (std::int64_t half = 1; half < n; half *= 2) {
    const std::int64_t step = n / (2 * half);
    for (std::int64_t i = 0; i < n; i += 2 * half) {
      for (std::int64_t k = 0; k < half; ++k) {
        const Complex even = x[i + k];
        const Complex odd = times(x[i + k + half], turns_[static_cast<std::size_t>(k * step)]);
        x[i + k] = even + odd;
        x[i + k + half] = even - odd;
      }
    }
  }
}

void Fourier::transform(Complex* x, Complex* scratch) const noexcept {
  if (chirp_.empty()) return halving(x);
  for (std::int64_t k = 0; k < padded_; ++k) {
    scratch[k] = k < length_ ? times(x[k], chirp_[static_cast<std::size_t>(k)]) : Complex();
  }
  halving(scratch);
  // The inverse transform is that of the conjugate.
  for (std::int64_t k = 0; k < padded_; ++k) {
    scratch[k] = std::conj(times(scratch[k], kernel_[static_cast<std::size_t>(k)]));
  }
  halving(scratch);
  const double scale = 1 / static_cast<double>(padded_);
  for (std::int64_t k = 0; k < length_; ++k) {
    x[k] = times(std::conj(scratch[k]) * scale, chirp_[static_cast<std::size_t>(k)]);
  }
}

}  // namespace tw
