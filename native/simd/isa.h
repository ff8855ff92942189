#pragma once

namespace tw {

// Instruction set tiers. Baseline is SSE2 on x86-64 and NEON on arm64.
enum class Isa { kBaseline, kAvx2, kAvx512 };

// The best tier that this CPU has and TENSORWRIGHT_ISA (baseline, avx2, avx512) allows.
// Chosen once per process.
Isa active_isa() noexcept;
const char* isa_name(Isa isa) noexcept;

// Extensions asked for on their own; false when the tier in force is below avx512.
bool has_vnni() noexcept;
bool has_bf16() noexcept;

}  // namespace tw
