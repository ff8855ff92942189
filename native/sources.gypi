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
      "native/simd/isa.cc"
    ],
    "binding_sources": [
      "native/binding/addon.cc"
    ],
    "native_tests": [
      "test/native/cpu_quota_test.cc",
      "test/native/main.cc",
      "test/native/thread_pool_test.cc",
      "test/native/vec_test.cc"
    ]
  }
}
