#include "mgmt/fleet/clickhouse.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "mgmt/fleet/connection_guard.h"
#include "mgmt/number_text.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

constexpr std::size_t kMostOfRefusal = 4096;  // octets that are looked at
constexpr std::size_t kMostOfHeaders = 256 << 10;
constexpr std::size_t kWordsColumns = 200;

// Codes of ClickHouse's exceptions (src/Common/ErrorCodes.cpp).
enum Code : int {
  kNoSuchColumnInTable = 16,
  kUnknownIdentifier = 47,
  kUnknownTable = 60,
  kUnknownDatabase = 81,
  kIncorrectData = 117,  // JSON with a field that is no column
  kReadonly = 164,
  kUnknownUser = 192,
  kWrongPassword = 193,
  kRequiredPassword = 194,
  kAddressNotAllowed = 195,
  kAccessDenied = 497,
  kAuthenticationFailed = 516
};

std::string password_in(const std::string& file) {
  if (file.empty()) return "";
  std::ifstream in(file);
  std::string line;
  if (!in || !std::getline(in, line) || line.empty()) {
    throw ClickHouseError(fmt::format(
        "[fleet] password_file: {} cannot be read, or its first line is empty. Make it readable for "
        "the user that tapline runs as",
        printable(file, kPathColumns, TextStyle{})));
  }
  return line;
}

// Of "Code: 60, e.displayText() = ..." and "Code: 60. DB::Exception: ..."; 0: ClickHouse does not speak so.
int code_in(std::string_view body) {
  constexpr std::string_view kBegin = "Code: ";
  int code = 0;
  if (body.starts_with(kBegin)) std::from_chars(body.data() + kBegin.size(), body.data() + body.size(), code);
  return code;
}

// Its own words, without the code, the names of its functions, and what it repeats of the data.
std::string words_in(std::string_view body) {
  constexpr std::string_view kException = "DB::Exception: ";
  if (const std::size_t at = body.find(kException); at != std::string_view::npos)
    body.remove_prefix(at + kException.size());
  body = body.substr(
      0, std::min({body.find(", e.what()"), body.find('\n'), body.find(": (at row"), body.size()}));
  return printable(body, kWordsColumns, TextStyle{});
}

std::string reason_of(httplib::Error error) {
  using Error = httplib::Error;
  switch (error) {
    case Error::Connection:
    case Error::ConnectionTimeout:
      return "cannot be reached. Is ClickHouse running, and its HTTP interface at this address?";
    case Error::SSLLoadingCerts:
      return "cannot be trusted: tls_ca of [fleet] is no file of certificates in PEM";
    case Error::SSLServerVerification:
      return "shows a certificate that is not vouched for: tls_ca of [fleet] names those who may, and the "
             "certificate must bear the name in the url";
    case Error::SSLConnection:
      return "does not speak TLS as expected. Is it the port for https?";
    default:
      return "broke the connection off, or did not answer in time";
  }
}

std::string reason_of(ConnectionGuard::Ended ended, const ClickHouseLimits& limits, std::size_t most_bytes) {
  switch (ended) {
    case ConnectionGuard::Ended::kTooLong:
      return fmt::format("took longer than {} s", limits.total.count() / 1000);
    case ConnectionGuard::Ended::kTooMuch:
      return fmt::format("answered more than {}", bytes_text(static_cast<double>(most_bytes)));
    default:
      return "was not waited for, since tapline is ending";
  }
}

// Else one that was broken off would look like a whole one.
bool says_its_length(const httplib::Response& response) {
  return response.has_header("Content-Length") || response.has_header("Transfer-Encoding");
}

void set_timeouts(httplib::Client& client, const ClickHouseLimits& limits) {
  client.set_connection_timeout(limits.connect);
  client.set_read_timeout(limits.silence);
  client.set_write_timeout(limits.silence);
}

}  // namespace

ClickHouse::ClickHouse(const FleetSettings& settings, ClickHouseLimits limits)
    : settings_(settings),
      limits_(limits),
      shown_(to_text(settings.url)),
      password_(password_in(settings.password_file)) {}

std::string ClickHouse::query(const std::string& sql) {
  return post("wait_end_of_query=1", sql, limits_.answer_bytes);
}

// A field that is no column must not be lost silently: 'fleet init' adds it. ClickHouse says nothing when it
// has taken rows, but somebody else who answers 200 to everything, such as a portal, says something.
void ClickHouse::insert(const std::string& table, const std::string& rows) {
  const std::string statement = fmt::format("INSERT INTO {} FORMAT JSONEachRow", table);
  const std::string answer = post("wait_end_of_query=1&input_format_skip_unknown_fields=0&query=" +
                                      httplib::detail::encode_query_param(statement),
                                  rows, limits_.insert_answer_bytes);
  if (answer.find_first_not_of(" \r\n") != std::string::npos)
    throw ClickHouseError(fmt::format(
        "{}: answers, but not as ClickHouse does: '{}'. Is url of [fleet] right?", shown_, words_in(answer)));
}

// Neither redirected, which would show others the password, nor compressed, which could hide how much it is.
std::string ClickHouse::post(const std::string& parameters, const std::string& body, std::size_t most_bytes) {
  ConnectionGuard guard(limits_.total, kMostOfHeaders, stopped_);
  httplib::Client client(to_text(settings_.url));
  if (!settings_.tls_ca.empty()) client.set_ca_cert_path(settings_.tls_ca);
  set_timeouts(client, limits_);
  client.set_decompress(false);
  client.set_socket_options([&guard](int socket) { guard.watch(socket); });
  std::string answer;
  httplib::Request request;
  request.method = "POST";
  request.path = "/?" + parameters;
  request.headers = {{"X-ClickHouse-User", settings_.user}, {"Connection", "close"}};
  if (!password_.empty()) request.headers.emplace("X-ClickHouse-Key", password_);
  request.body = body;
  // Of headers an HTTP library keeps thirty times their octets: more is allowed when they are over.
  request.response_handler = [&](const httplib::Response&) {
    guard.allow(most_bytes + most_bytes / 2 + kMostOfHeaders);
    return true;
  };
  bool too_much = false;
  request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    too_much = answer.size() + size > most_bytes;
    if (!too_much) answer.append(data, size);
    return !too_much;
  };
  const httplib::Result result = client.send(request);
  using Ended = ConnectionGuard::Ended;
  const Ended ended = too_much ? Ended::kTooMuch : guard.ended();
  if (ended == Ended::kNot && result && result->status == 200 && says_its_length(*result)) return answer;
  std::string reason;
  if (ended != Ended::kNot) {
    reason = reason_of(ended, limits_, most_bytes);
  } else {
    reason = result ? refusal(result->status, answer.substr(0, kMostOfRefusal)) : reason_of(result.error());
  }
  throw ClickHouseError(fmt::format("{}: {}", shown_, reason));
}

std::string ClickHouse::refusal(int status, const std::string& body) const {
  switch (code_in(body)) {
    case kUnknownTable:
    case kUnknownDatabase:
      return fmt::format("has no tables of tapline's in the database '{}': 'tapline fleet init' makes them",
                         settings_.database);
    case kNoSuchColumnInTable:
    case kUnknownIdentifier:
    case kIncorrectData:
      return fmt::format("does not have all columns: 'tapline fleet init' adds them ({})", words_in(body));
    case kUnknownUser:
    case kWrongPassword:
    case kRequiredPassword:
    case kAddressNotAllowed:
    case kAuthenticationFailed:
      return fmt::format(
          "does not let the user '{}' in: are user and password_file of [fleet] right, and may "
          "this machine connect?",
          settings_.user);
    case kReadonly:
    case kAccessDenied:
      return fmt::format("does not allow this to the user '{}': GRANT it what is missing ({})",
                         settings_.user, words_in(body));
    case 0:
      return fmt::format(
          "answers with the HTTP status {}, and not as ClickHouse does. Is url of [fleet] right?", status);
    default:
      return words_in(body);
  }
}

}  // namespace mgmt
