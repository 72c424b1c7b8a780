// The nominal rates of the everyday, at 1000 permille of the day's shape. A day of a small campus is
// compressed into minutes, so each is some hundred times what it would be.
#pragma once

#include "tests/support/world/arrivals.h"

namespace tests::world {

inline constexpr Rate kVisits = per_second(60);  // of web sites by PCs
inline constexpr Rate kTypos = per_second(2);
inline constexpr Rate kMailsReceived = per_second(8);
inline constexpr Rate kMailsSent = per_second(2);
inline constexpr Rate kLogins = per_second(4);  // to mailboxes
inline constexpr Rate kInternalConnections = per_second(6);
inline constexpr Rate kVisitors = per_second(3);  // from outside, at the campus' web server
inline constexpr Rate kScanned = {1500};          // SYNs from outside that nobody asked for

// What comes of them, and what an attack's strength is a multiple of. tests/world_test.cpp counts them in a
// day.
inline constexpr Rate kMailServerQueries = per_second(75);  // m_S = 8, 3 for each mail sent, m_P = 1
inline constexpr Rate kQueriesReceived = per_second(163);   // by the name server, from inside
inline constexpr Rate kNxdomains = per_second(19);          // it answers so often that there is no such name
inline constexpr Rate kReverseQueries = per_second(14);
inline constexpr Rate kAnswersToCache = per_second(30);  // with addresses, from servers outside

}  // namespace tests::world
