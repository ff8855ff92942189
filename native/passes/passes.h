#pragma once

#include "passes/pass.h"

namespace tw {

// Evaluates what depends on constants alone; drops identities.
void fold_constants(PassContext& context);
// Joins stateless nodes with the same op, inputs and attrs.
void merge_common(PassContext& context);
// Applies the rewrite clauses of the registry until none matches.
void apply_rewrites(PassContext& context);

}  // namespace tw
