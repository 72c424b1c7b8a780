// Other threads' questions to the control thread, which alone may touch the pipeline.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <type_traits>

namespace mgmt {

class LiveCalls {
 public:
  LiveCalls();  // throws std::system_error
  ~LiveCalls();
  LiveCalls(const LiveCalls&) = delete;
  LiveCalls& operator=(const LiveCalls&) = delete;

  // Readable while a call waits.
  int descriptor() const noexcept { return descriptor_; }

  // Control thread: answers those that wait, but no more than a few, since the capture comes first.
  void serve();

  // Control thread: calls that wait or still come return nothing.
  void end();

  // Any other thread: has `call` done by the control thread and returns what that returned; nothing after
  // end(). Throws what `call` throws. `call` should take no more than some milliseconds.
  template <class Call>
  auto operator()(Call&& call) -> std::optional<std::invoke_result_t<Call&>> {
    std::optional<std::invoke_result_t<Call&>> result;
    do_there([&] { result.emplace(call()); });
    return result;
  }

 private:
  struct Waiting {
    std::function<void()> call;
    std::exception_ptr failure;
    bool done = false;
  };

  void do_there(std::function<void()> call);
  void wake() noexcept;

  int descriptor_;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::deque<Waiting*> waiting_;
  bool ended_ = false;
};

}  // namespace mgmt
