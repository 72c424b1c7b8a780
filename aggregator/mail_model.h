// How many DNS queries mail costs, and how well a mail server does (Musashi et al.). Nothing where the
// figures do not say: a division by 0.
#pragma once

#include <array>
#include <optional>

namespace aggregator {

// k in m_S = 2 + k n (1 - q), the queries for each destination domain of a mail: the papers take 2 and 4.
inline constexpr std::array<double, 2> kQueriesADomain = {2, 4};

// n, the destination domains of a mail that is sent, from m_S, the queries for an SMTP session, and q, the
// share of mail that is received for users here, from 0 to below 1.
std::optional<double> destinations_per_mail(double m_s, double q, double k) noexcept;

// 1 - D_obs / D_calc: the share of the calculated queries that a cache answered.
std::optional<double> cache_efficiency(double observed, double calculated) noexcept;

// MEE = N_f / N_c: mails for each connection.
std::optional<double> mail_exchange_efficiency(double mails, double connects) noexcept;

}  // namespace aggregator
