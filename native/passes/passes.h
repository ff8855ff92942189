#pragma once

#include "passes/pass.h"

namespace tw {

// Evaluates what depends on constants alone; drops identities.
void fold_constants(PassContext& context);
// Evaluates what fold_constants left for the rewrite rules to see, and applies these again.
void fold_late(PassContext& context);
// Joins stateless nodes with the same op, inputs and attrs.
void merge_common(PassContext& context);
// Loops compute what is the same in each step once, before the first step.
void hoist_invariants(PassContext& context);
// Applies the rewrite clauses of the registry until none matches.
void apply_rewrites(PassContext& context);
// Gives ops with a data_format the channels-last layout and moves the transposes that this takes
// towards the edges of the graph, where most meet and vanish.
void channels_last(PassContext& context);
// Joins elementwise ops into programs, and gives those that follow a matMul or convolution to it
// as an epilogue.
void fuse_elementwise(PassContext& context);
// Lets ops prepare their constant operands: the pack clauses of the registry.
void pack_weights(PassContext& context);

}  // namespace tw
