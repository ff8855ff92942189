#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace tw {

// One step of an optimizer for one parameter p with gradient g; a, b, c are its slots, t the number
// of the step from 1 on. First p is multiplied by keep = 1 - rate * weight decay. Then:
//   kDescent      p -= rate g
//   kMomentum     a = first a + g; p -= rate a
//   kNesterov     a = first a + g; p -= rate (g + first a)
//   kAdagrad      a += g^2; p -= rate g / (sqrt(a) + epsilon)         Duchi et al. 2011
//   kAdadelta     a = first a + (1 - first) g^2; u = g sqrt(b + epsilon) / sqrt(a + epsilon);
//                 b = first b + (1 - first) u^2; p -= rate u          Zeiler 2012
//   kRmsProp      a = first a + (1 - first) g^2;
//                 b = second b + rate g / sqrt(a + epsilon); p -= b   Tieleman, Hinton 2012
//   kCentered     as kRmsProp with c = first c + (1 - first) g and a - c^2 below the root
//   kAdam         a = first a + (1 - first) g; b = second b + (1 - second) g^2;
//                 p -= rate a / (sqrt(b) + epsilon), rate being the given one times
//                 sqrt(1 - second^t) / (1 - first^t)                  Kingma, Ba 2014, section 2
//   kNadam        as kAdam with first a + (1 - first) g for a in the last line
//   kFtrl         n = a + g^2; b += g - (sqrt(n) - sqrt(a)) / rate p; a = n;
//                 p = (sign(b) first - b) / (sqrt(n) / rate + 2 second) where |b| > first,
//                 else 0                                              McMahan et al. 2013
enum class OptimizerRule {
  kDescent,
  kMomentum,
  kNesterov,
  kAdagrad,
  kAdadelta,
  kRmsProp,
  kCentered,
  kAdam,
  kNadam,
  kFtrl,
};

struct OptimizerStep {
  OptimizerRule rule;
  double rate;
  double keep = 1;
  double first = 0, second = 0, epsilon = 0;
};

// Moves n elements, all floating dtypes. Parameters and gradients are of `dtype`; slots are of
// that dtype too, but float for float16 and bfloat16, which are computed in float.
void optimizer_step(const OptimizerStep& step, DType dtype, void* parameters,
                    void* const* slots, const void* gradients, std::int64_t n) noexcept;

// Lamb (You et al. 2019, algorithm 2) needs norms of whole parameters between its two halves.
struct LambStep {
  double first, second, epsilon, weight_decay;
  double first_correction, second_correction;  // 1 - first^t, 1 - second^t
};
struct LambNorms {
  double parameter = 0, direction = 0;  // sums of squares
};

// Moves the slots a and b as kAdam does and writes the direction
// u = (a / (1 - first^t)) / (sqrt(b / (1 - second^t)) + epsilon) + weight_decay p, in the slots'
// dtype.
LambNorms lamb_direction(const LambStep& step, DType dtype, const void* parameters,
                         void* const* slots, const void* gradients, void* direction,
                         std::int64_t n) noexcept;
// p -= rate u.
void lamb_move(double rate, DType dtype, void* parameters, const void* direction,
               std::int64_t n) noexcept;

}  // namespace tw
