#include "mgmt/eve/tls_stream.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include "mgmt/text_style.h"
#include "wire/network.h"

namespace mgmt {
namespace {

// Why the library failed last, of this thread.
std::string reason_of_library() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* const reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "the connection broke off" : reason;
}

std::string refusal(long verdict) {
  const bool name = verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH;
  return fmt::format("its certificate is refused: {} ({})", X509_verify_cert_error_string(verdict),
                     name ? "tls_name says what it must bear" : "tls_ca says who may vouch for it");
}

}  // namespace

TlsTrust::TlsTrust(const std::string& ca_file) : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
  if (!context_) throw std::runtime_error("[[event_log]]: no TLS: " + reason_of_library());
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context_.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);  // what it says is not listened to
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  const int loaded = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context_.get())
                                     : SSL_CTX_load_verify_file(context_.get(), ca_file.c_str());
  if (loaded == 1) return;
  throw std::runtime_error(
      fmt::format("[[event_log]]: the certificates in {} cannot be read: {}. tls_ca names a PEM file.",
                  ca_file.empty() ? "the system's store" : printable(ca_file, kPathColumns, TextStyle{}),
                  reason_of_library()));
}

TlsStream::TlsStream(const TlsTrust& trust, std::unique_ptr<PeerSocket> socket, const std::string& name)
    : socket_(std::move(socket)), session_(SSL_new(trust.context()), SSL_free) {
  if (!session_ || SSL_set_fd(session_.get(), socket_->descriptor()) != 1)
    throw WriteError(reason_of_library());
  expect_name(name);
  shake_hands();
}

TlsStream::~TlsStream() {
  if (session_) SSL_shutdown(session_.get());  // says goodbye, and waits for no answer
  ERR_clear_error();
}

void TlsStream::expect_name(const std::string& name) {
  if (wire::address_from(name)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session_.get()), name.c_str());
    return;
  }
  SSL_set1_host(session_.get(), name.c_str());
  SSL_set_tlsext_host_name(session_.get(), name.c_str());
}

void TlsStream::shake_hands() {
  for (;;) {
    ERR_clear_error();
    const int result = SSL_connect(session_.get());
    if (result == 1) return;
    const long verdict = SSL_get_verify_result(session_.get());
    if (verdict != X509_V_OK) {
      ERR_clear_error();
      throw WriteError(refusal(verdict));
    }
    wait_or_fail(result, Wait::kBriefly);
  }
}

void TlsStream::send(std::string_view octets) {
  while (!octets.empty()) {
    ERR_clear_error();
    const int length = static_cast<int>(std::min<std::size_t>(octets.size(), INT_MAX));
    const int sent = SSL_write(session_.get(), octets.data(), length);
    if (sent > 0) {
      octets.remove_prefix(static_cast<std::size_t>(sent));
    } else {
      wait_or_fail(sent, Wait::kLong);
    }
  }
}

void TlsStream::check() {
  std::array<char, 512> ignored{};
  ERR_clear_error();
  const int length = SSL_read(session_.get(), ignored.data(), ignored.size());
  if (length > 0 || SSL_get_error(session_.get(), length) == SSL_ERROR_WANT_READ) return;
  if (SSL_get_error(session_.get(), length) == SSL_ERROR_ZERO_RETURN)
    throw WriteError("the other side has closed the connection");
  throw WriteError(reason_of_library());
}

void TlsStream::wait_or_fail(int result, Wait wait) {
  const int system_error = errno;
  const int error = SSL_get_error(session_.get(), result);
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
    throw WriteError(error == SSL_ERROR_SYSCALL && system_error != 0 ? std::strerror(system_error)
                                                                     : reason_of_library());
  const short events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
  if (wait == Wait::kBriefly) {
    socket_->wait_briefly_for(events);
  } else {
    socket_->wait_for(events);
  }
}

}  // namespace mgmt
