#pragma once

#include <cstdint>
#include <string>

namespace tw {

// The number of cores that the process may use: its affinity, cut to the CPU quota of its control
// group or of any group above, rounded up; at least 1. Read anew at each call.
int usable_cores() noexcept;

// The memory limit of the control group or of any group above, in bytes; 0 when there is none.
std::uint64_t cgroup_memory_limit() noexcept;

// The CPU quota in cores, 0 when there is none. `root` stands before every path read ("" outside
// tests). Understands cgroup v1 and v2, also mixed.
double cgroup_cpu_quota(const std::string& root);
std::uint64_t cgroup_memory_limit(const std::string& root);

}  // namespace tw
