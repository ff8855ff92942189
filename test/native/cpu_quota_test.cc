#include "base/cpu_quota.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "test.h"

using namespace tw;
namespace fs = std::filesystem;

namespace {

// A made-up root folder, removed at the end.
class FakeRoot {
 public:
  FakeRoot() {
    std::string name = (fs::temp_directory_path() / "tw-cgroup-XXXXXX").string();
    EXPECT(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~FakeRoot() { fs::remove_all(path_); }
  FakeRoot& file(const std::string& path, const std::string& content) {
    fs::create_directories(fs::path(path_ + path).parent_path());
    std::ofstream(path_ + path) << content << "\n";
    return *this;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

const char* const kV2Mount = "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw";
const char* const kV1Mount = "33 23 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct";

}  // namespace

TEST("cpu_quota: v2 takes the smallest limit on the way up") {
  FakeRoot root;
  root.file("/proc/self/cgroup", "0::/a/b").file("/proc/self/mountinfo", kV2Mount);
  root.file("/sys/fs/cgroup/a/b/cpu.max", "max 100000");
  EXPECT(cgroup_cpu_quota(root.path()) == 0);
  root.file("/sys/fs/cgroup/a/cpu.max", "150000 100000");
  EXPECT(cgroup_cpu_quota(root.path()) == 1.5);
  root.file("/sys/fs/cgroup/a/b/cpu.max", "50000 100000");
  EXPECT(cgroup_cpu_quota(root.path()) == 0.5);
}

TEST("cpu_quota: v1, own group and parent") {
  FakeRoot root;
  root.file("/proc/self/cgroup", "4:cpu,cpuacct:/a/b\n0::/").file("/proc/self/mountinfo", kV1Mount);
  root.file("/sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us", "-1");
  root.file("/sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_period_us", "100000");
  EXPECT(cgroup_cpu_quota(root.path()) == 0);
  root.file("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "100000");
  root.file("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "50000");
  EXPECT(cgroup_cpu_quota(root.path()) == 2);
}

TEST("cpu_quota: the mount shows only a part of the hierarchy") {
  FakeRoot root;
  root.file("/proc/self/cgroup", "4:cpu:/docker/x")
      .file("/proc/self/mountinfo", "33 23 0:29 /docker/x /cg rw - cgroup cgroup rw,cpu");
  root.file("/cg/cpu.cfs_quota_us", "300000").file("/cg/cpu.cfs_period_us", "100000");
  EXPECT(cgroup_cpu_quota(root.path()) == 3);
}

TEST("cpu_quota: a group outside the namespace, and no information at all") {
  FakeRoot root;
  EXPECT(cgroup_cpu_quota(root.path()) == 0);
  root.file("/proc/self/cgroup", "0::/../other").file("/proc/self/mountinfo", kV2Mount);
  root.file("/sys/fs/cgroup/cpu.max", "200000 100000");
  EXPECT(cgroup_cpu_quota(root.path()) == 2);
}

TEST("cpu_quota: memory limits") {
  FakeRoot root;
  root.file("/proc/self/cgroup", "0::/a").file("/proc/self/mountinfo", kV2Mount);
  root.file("/sys/fs/cgroup/a/memory.max", "max");
  EXPECT(cgroup_memory_limit(root.path()) == 0);
  root.file("/sys/fs/cgroup/memory.max", "1048576");
  EXPECT(cgroup_memory_limit(root.path()) == 1048576);
}

TEST("cpu_quota: at least one core") { EXPECT(usable_cores() >= 1); }
