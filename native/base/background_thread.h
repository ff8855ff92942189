#pragma once

#include <thread>
#include <utility>

#ifndef _WIN32
#include <pthread.h>
#include <signal.h>
#endif

namespace tw {

// Blocks all signals of the calling thread while it lives; threads started meanwhile inherit that.
class SignalsBlocked {
#ifndef _WIN32
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
#endif
};

// Starts a thread that is never joined and takes no signals of the process; false when the system
// refuses. `name` has at most 15 characters.
template <class Body>
bool start_background_thread(const char* name, Body body) noexcept {
  try {
    const SignalsBlocked blocked;
    std::thread([name, body = std::move(body)]() mutable {
#ifdef __linux__
      pthread_setname_np(pthread_self(), name);
#else
      static_cast<void>(name);
#endif
      body();
    }).detach();
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace tw
