{
  "includes": ["native/sources.gypi"],
  "targets": [{
    "target_name": "tensorwright",
    "sources": ["<@(core_sources)", "<@(binding_sources)"],
    "include_dirs": ["native", "<!(node -p \"require('node-addon-api').include_dir\")"],
    "defines": ["NAPI_VERSION=9", "NAPI_CPP_EXCEPTIONS"],
    "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-fno-exceptions"],
    "cflags_cc": ["-std=c++20", "<@(native_flags)"],
    "ldflags": ["<@(native_link_flags)"],
    "xcode_settings": {
      "CLANG_CXX_LANGUAGE_STANDARD": "c++20",
      "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
      "OTHER_CPLUSPLUSFLAGS": ["<@(native_flags)"]
    }
  }]
}
