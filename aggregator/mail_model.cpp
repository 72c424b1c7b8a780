#include "aggregator/mail_model.h"

namespace aggregator {

std::optional<double> destinations_per_mail(double m_s, double q, double k) noexcept {
  const double queries_each = k * (1 - q);
  if (queries_each <= 0) return std::nullopt;
  return (m_s - 2) / queries_each;
}

std::optional<double> cache_efficiency(double observed, double calculated) noexcept {
  if (calculated <= 0) return std::nullopt;
  return 1 - observed / calculated;
}

std::optional<double> mail_exchange_efficiency(double mails, double connects) noexcept {
  if (connects <= 0) return std::nullopt;
  return mails / connects;
}

}  // namespace aggregator
