#include "base/cpu_quota.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sched.h>
#endif

namespace tw {
namespace {

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

bool lists(const std::string& names, const std::string& name) {
  const auto parts = split(names, ',');
  return std::find(parts.begin(), parts.end(), name) != parts.end();
}

// mountinfo writes blanks and the like as \ooo.
std::string unescape(const std::string& field) {
  std::string out;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] == '\\' && i + 3 < field.size()) {
      out += static_cast<char>(std::stoi(field.substr(i + 1, 3), nullptr, 8));
      i += 3;
    } else {
      out += field[i];
    }
  }
  return out;
}

struct Mount {
  std::string root, point;
};

// Where the hierarchy of `controller` (v1), or the unified one ("", v2), is mounted.
bool find_mount(const std::string& root, const std::string& controller, Mount& mount) {
  std::ifstream in(root + "/proc/self/mountinfo");
  for (std::string line; std::getline(in, line);) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    const auto left = split(line.substr(0, dash), ' ');
    const auto right = split(line.substr(dash + 3), ' ');
    if (left.size() < 5 || right.empty()) continue;
    const bool match = controller.empty()
                           ? right[0] == "cgroup2"
                           : right[0] == "cgroup" && right.size() > 2 && lists(right[2], controller);
    if (!match) continue;
    mount = {unescape(left[3]), unescape(left[4])};
    return true;
  }
  return false;
}

// The path of the process's own group in that hierarchy.
bool find_group(const std::string& root, const std::string& controller, std::string& path) {
  std::ifstream in(root + "/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find(':');
    if (first == std::string::npos) continue;
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string names = line.substr(first + 1, second - first - 1);
    if (controller.empty() ? !names.empty() : !lists(names, controller)) continue;
    path = line.substr(second + 1);
    return true;
  }
  return false;
}

// The folders of the own group and of those above it, up to the mount point.
std::vector<std::string> group_folders(const std::string& root, const std::string& controller) {
  Mount mount;
  std::string path;
  if (!find_mount(root, controller, mount) || !find_group(root, controller, path)) return {};
  if (mount.root != "/" && path.compare(0, mount.root.size(), mount.root) == 0) {
    path = path.substr(mount.root.size());
  }
  // A group outside the namespace shows as /../x: only the mount point itself can be read.
  if (path.find("..") != std::string::npos || path == "/") path.clear();
  std::vector<std::string> folders;
  for (;;) {
    folders.push_back(root + mount.point + path);
    if (path.empty()) return folders;
    path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  }
}

std::string first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

double number_in(const std::string& text) {
  std::istringstream in(text);
  double value = 0;
  return in >> value ? value : 0;
}

void keep_smaller(double& limit, double other) {
  if (other > 0 && (limit == 0 || other < limit)) limit = other;
}

int affinity_cores() {
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  return static_cast<int>(std::thread::hardware_concurrency());
}

}  // namespace

double cgroup_cpu_quota(const std::string& root) {
  double limit = 0;
  for (const std::string& folder : group_folders(root, "")) {
    std::istringstream in(first_line(folder + "/cpu.max"));
    double quota = 0, period = 0;
    if (in >> quota >> period && period > 0) keep_smaller(limit, quota / period);
  }
  for (const std::string& folder : group_folders(root, "cpu")) {
    const double quota = number_in(first_line(folder + "/cpu.cfs_quota_us"));
    const double period = number_in(first_line(folder + "/cpu.cfs_period_us"));
    if (period > 0) keep_smaller(limit, quota / period);
  }
  return limit;
}

std::uint64_t cgroup_memory_limit(const std::string& root) {
  double limit = 0;
  for (const std::string& folder : group_folders(root, "")) {
    keep_smaller(limit, number_in(first_line(folder + "/memory.max")));
  }
  for (const std::string& folder : group_folders(root, "memory")) {
    keep_smaller(limit, number_in(first_line(folder + "/memory.limit_in_bytes")));
  }
  // v1 writes "no limit" as a number near 2^63.
  return limit >= 0x1p60 ? 0 : static_cast<std::uint64_t>(limit);
}

int usable_cores() noexcept {
  int cores = 1;
  try {
    cores = affinity_cores();
    const double quota = cgroup_cpu_quota("");
    if (quota > 0) cores = static_cast<int>(std::min<double>(cores, std::ceil(quota)));
  } catch (...) {
    // Unreadable control groups: affinity alone decides.
  }
  return std::max(cores, 1);
}

std::uint64_t cgroup_memory_limit() noexcept {
  try {
    return cgroup_memory_limit("");
  } catch (...) {
    return 0;
  }
}

}  // namespace tw
