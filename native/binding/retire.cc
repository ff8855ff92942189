#include "binding/retire.h"

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

}  // namespace

void retire(std::vector<std::shared_ptr<PlanEntry>> entries, std::shared_ptr<Session> session) {
  submit(new RetireJob(std::move(entries), std::move(session)));
}

}  // namespace tw::binding
