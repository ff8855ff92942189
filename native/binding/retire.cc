#include "binding/retire.h"

#include <new>

namespace tw::binding {
namespace {

class RetireJob final : public RunnerJob {
 public:
  RetireJob(std::vector<std::shared_ptr<PlanEntry>> entries, std::shared_ptr<Session> session)
      : session_(std::move(session)), entries_(std::move(entries)) {}
  void run() noexcept override { delete this; }

 private:
  // Plans go before their session.
  std::shared_ptr<Session> session_;
  std::vector<std::shared_ptr<PlanEntry>> entries_;
};

class DropJob final : public RunnerJob {
 public:
  explicit DropJob(std::shared_ptr<const void> object) : object_(std::move(object)) {}
  void run() noexcept override { delete this; }

 private:
  std::shared_ptr<const void> object_;
};

}  // namespace

void retire(std::vector<std::shared_ptr<PlanEntry>> entries, std::shared_ptr<Session> session) {
  submit(new RetireJob(std::move(entries), std::move(session)));
}

void retire(std::shared_ptr<const void> object) noexcept {
  if (auto* job = new (std::nothrow) DropJob(std::move(object))) submit(job);
}

}  // namespace tw::binding
