// The size of a whole tile: vectors of a row, and rows. Panels are packed for those. Included after
// simd/vec.h, once per pass, so it has no include guard.

namespace tw::KERNEL_ISA {

#if KERNEL_BYTES == 64
static constexpr int kVectors = 4, kRows = 6;
#elif KERNEL_BYTES == 32
static constexpr int kVectors = 2, kRows = 6;
#else
static constexpr int kVectors = 2, kRows = 4;
#endif

}  // namespace tw::KERNEL_ISA
