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
      "native/base/error.cc",
      "native/simd/isa.cc"
    ],
    "binding_sources": [
      "native/binding/addon.cc"
    ],
    "native_tests": [
      "test/native/main.cc"
    ]
  }
}
