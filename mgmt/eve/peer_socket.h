// The socket of a connection that this machine begins, over TCP or to a Unix socket.
#pragma once

#include <string>

#include "mgmt/endpoint_text.h"
#include "mgmt/eve/byte_stream.h"

namespace mgmt {

class PeerSocket final : public ByteStream {
 public:
  // Connect, within some seconds, or throw WriteError.
  PeerSocket(const Endpoint& peer, GiveUp give_up);
  PeerSocket(const std::string& unix_path, GiveUp give_up);
  ~PeerSocket() override;
  PeerSocket(const PeerSocket&) = delete;
  PeerSocket& operator=(const PeerSocket&) = delete;

  void send(std::string_view octets) override;
  void check() override;

  int descriptor() const noexcept { return socket_; }

  // Waits for POLLIN or POLLOUT. Throws WriteError if it is to give up.
  void wait_for(short events) const;

  // The same, but for some seconds only, as it is done before anything was sent.
  void wait_briefly_for(short events) const;

 private:
  void connect_to(const void* address, unsigned octets);

  GiveUp give_up_;
  int socket_ = -1;
};

}  // namespace mgmt
