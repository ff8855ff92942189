#include "kernels/tile_table.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/tile_f32.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "simd/vec_math.h"

#include "kernels/tile_loop.h"

#include "kernels/tile_float_ops.h"

namespace tw::KERNEL_ISA {

static const TileFn* code_f32() noexcept {
  static constexpr TileCode kCode = float_code<float>();
  return kCode.code;
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

const TileFn* tile_code_f32() noexcept { return KERNEL_SELECT(code_f32)(); }

}  // namespace tw
#endif
