// TLS to a server whose certificate must be good.
#pragma once

#include <memory>
#include <string>

#include <openssl/ssl.h>

#include "mgmt/eve/peer_socket.h"

namespace mgmt {

// Whom to believe, read once.
class TlsTrust {
 public:
  // `ca_file`: PEM; "": those that the system trusts. Throws std::runtime_error, in a sentence.
  explicit TlsTrust(const std::string& ca_file);

  SSL_CTX* context() const noexcept { return context_.get(); }

 private:
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
};

// SIGPIPE must be ignored.
class TlsStream final : public ByteStream {
 public:
  // Shakes hands, within some seconds, and throws WriteError if the certificate does not bear `name`, a host
  // name or an address, or nobody vouches for it.
  TlsStream(const TlsTrust& trust, std::unique_ptr<PeerSocket> socket, const std::string& name);
  ~TlsStream() override;
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  void send(std::string_view octets) override;
  void check() override;

 private:
  enum class Wait {
    kBriefly,
    kLong
  };
  void expect_name(const std::string& name);
  void shake_hands();
  void wait_or_fail(int result, Wait wait);

  std::unique_ptr<PeerSocket> socket_;
  std::unique_ptr<SSL, void (*)(SSL*)> session_;
};

}  // namespace mgmt
