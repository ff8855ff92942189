{
  "variables": {
    "native_flags": [
      "-fno-rtti",
      "-fvisibility=hidden",
      "-fvisibility-inlines-hidden",
      "-ffp-contract=off",
      "-fno-math-errno",
      "-fno-trapping-math",
      "-Wall",
      "-Wextra"
    ],
    "native_link_flags": [
      "-Wl,-z,nodelete"
    ],
    "core_sources": [
      "native/base/cpu_quota.cc",
      "native/base/error.cc",
      "native/base/runner.cc",
      "native/base/thread_pool.cc",
      "native/tensor/allocator.cc",
      "native/tensor/dtype.cc",
      "native/tensor/shape.cc",
      "native/tensor/tensor.cc",
      "native/simd/isa.cc",
      "native/kernels/gemm.cc",
      "native/kernels/gemv.cc",
      "native/kernels/pack.cc",
      "native/kernels/tile_block.cc",
      "native/kernels/update.cc",
      "native/graph/attr.cc",
      "native/graph/evaluate.cc",
      "native/graph/gradient_context.cc",
      "native/graph/gradients.cc",
      "native/graph/graph.cc",
      "native/graph/node_builder.cc",
      "native/graph/op_registry.cc",
      "native/graph/op_spec.cc",
      "native/graph/pass_context.cc",
      "native/graph/shape_context.cc",
      "native/graph/variable.cc",
      "native/ops/array/identity.cc",
      "native/ops/array/sources.cc",
      "native/ops/control/assert.cc",
      "native/ops/state/gradient_descent.cc",
      "native/ops/state/scatter.cc",
      "native/ops/state/state.cc",
      "native/ops/state/variables.cc"
    ],
    "binding_sources": [
      "native/binding/addon.cc"
    ],
    "native_tests": [
      "test/native/cpu_quota_test.cc",
      "test/native/gemm_test.cc",
      "test/native/graph_runner.cc",
      "test/native/graph_test.cc",
      "test/native/main.cc",
      "test/native/state_test.cc",
      "test/native/thread_pool_test.cc",
      "test/native/vec_test.cc"
    ],
    "bench_sources": [
      "bench/native/fma_peak.cc"
    ]
  }
}
