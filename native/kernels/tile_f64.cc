#include "kernels/tile_table.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/tile_f64.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "simd/vec_math.h"

#include "kernels/tile_loop.h"

#include "kernels/tile_float_ops.h"

namespace tw::KERNEL_ISA {

static const TileFn* code_f64() noexcept {
  static constexpr TileCode kCode = float_code<double>();
  return kCode.code;
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

const TileFn* tile_code_f64() noexcept { return KERNEL_SELECT(code_f64)(); }

}  // namespace tw
#endif
