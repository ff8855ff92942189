#pragma once

#include <cstddef>

#include "base/function_ref.h"
#include "tensor/deferred.h"

namespace tw {

// Gives the next bytes of a matrix in plain order.
using MatrixSource = FunctionRef<void(void* to, std::size_t bytes)>;

// Packs a matrix of floats as products and convolutions of one group read it, piece by piece, so
// that it never exists in plain order. All but the panels of `matrix` is given; n > 1.
PackedMatrix packed_from(PackedMatrix matrix, MatrixSource source);

// The inverse.
void unpack_matrix(const PackedMatrix& matrix, float* plain);

}  // namespace tw
