#pragma once

#include <complex>
#include <cstdint>
#include <vector>

namespace tw {

// Discrete Fourier transforms of one length, any: powers of two by halving, other lengths by
// Bluestein's way through one of the next power of two. Forward, not scaled.
class Fourier {
 public:
  using Complex = std::complex<double>;
  explicit Fourier(std::int64_t length);
  // Numbers of scratch that transform needs.
  std::int64_t scratch() const noexcept { return chirp_.empty() ? 0 : padded_; }
  void transform(Complex* x, Complex* scratch) const noexcept;

 private:
  void halving(Complex* x) const noexcept;

  std::int64_t length_, padded_;
  std::vector<Complex> turns_;   // e^(-2 pi i k / padded)
  std::vector<Complex> chirp_;   // e^(-pi i k^2 / length); empty for powers of two
  std::vector<Complex> kernel_;  // the transform of the conjugate chirp
};

}  // namespace tw
