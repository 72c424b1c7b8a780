// A certificate that vouches for itself, made on the spot.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace tests {

// For `name`, as in "IP:127.0.0.1" or "DNS:log.example".
class TestCertificate {
 public:
  explicit TestCertificate(const std::string& name)
      : key_(EVP_EC_gen("P-256"), EVP_PKEY_free),
        certificate_(X509_new(), X509_free),
        context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free) {
    X509* const made = certificate_.get();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, key_.get());
    const auto* const subject = reinterpret_cast<const unsigned char*>("tapline test");
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC, subject, -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(made));
    extend(NID_subject_alt_name, name);
    extend(NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(made, key_.get(), EVP_sha256());
    SSL_CTX_use_certificate(context_.get(), made);
    SSL_CTX_use_PrivateKey(context_.get(), key_.get());
  }

  // As a PEM file.
  void save(const std::string& path) const {
    std::FILE* const file = std::fopen(path.c_str(), "w");
    PEM_write_X509(file, certificate_.get());
    std::fclose(file);
  }

  void save_key(const std::string& path) const {
    std::FILE* const file = std::fopen(path.c_str(), "w");
    PEM_write_PrivateKey(file, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
  }

  X509* certificate() const { return certificate_.get(); }
  EVP_PKEY* key() const { return key_.get(); }
  SSL_CTX* context() const { return context_.get(); }

 private:
  void extend(int what, const std::string& value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
    X509_add_ext(certificate_.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }

  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
  std::unique_ptr<X509, void (*)(X509*)> certificate_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
};

}  // namespace tests
