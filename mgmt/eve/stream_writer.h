// Writes events over a connection, which is made anew after it broke.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "mgmt/eve/byte_stream.h"
#include "mgmt/eve/event_writer.h"

namespace mgmt {

// What a broken connection had taken but the other side not read is gone and not known: TCP does not say. A
// record that it took half of is written again as a whole.
class StreamWriter final : public EventWriter {
 public:
  using Connect = std::function<std::unique_ptr<ByteStream>()>;         // throws WriteError
  using Frame = std::function<std::string(const EventRecord& record)>;  // its octets on the connection

  StreamWriter(Connect connect, Frame frame) : connect_(std::move(connect)), frame_(std::move(frame)) {}

  void write(const EventRecord& record) override {
    tend();
    on_stream([&] { stream_->send(frame_(record)); });
  }

  void tend() override {
    if (!stream_) stream_ = connect_();
    on_stream([&] { stream_->check(); });
  }

  void reopen() override {}
  void close() override { stream_.reset(); }

 private:
  template <class Work>
  void on_stream(Work&& work) {
    try {
      work();
    } catch (const WriteError&) {
      stream_.reset();
      throw;
    }
  }

  Connect connect_;
  Frame frame_;
  std::unique_ptr<ByteStream> stream_;
};

}  // namespace mgmt
