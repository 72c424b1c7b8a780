#include "mgmt/api/api_server.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <grp.h>
#include <httplib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "mgmt/api/openapi.h"
#include "mgmt/text_style.h"
#include "mgmt/web/web_files.h"

namespace mgmt {
namespace {

constexpr std::size_t kMostBodyOctets = 4096;
// Listeners to events take a thread each for as long as they stay: this share of the threads is theirs.
constexpr std::size_t kThreadsAStream = 4;
constexpr unsigned kSocketThreads = 16;
constexpr int kBacklog = 1024;
constexpr std::time_t kIdleSeconds = 2;  // a connection that asks nothing is closed; also at the end
constexpr std::time_t kSlowSeconds = 5;  // for a request to come, and for an answer to be taken
constexpr std::size_t kAnswersAConnection = 100'000;

[[noreturn]] void fail(const std::string& sentence) {
  throw std::runtime_error(sentence);
}

std::string in_path(const std::string& path) {
  return printable(path, kPathColumns, TextStyle{});
}

// The library listens with a backlog of 5, which a burst of clients overruns.
void widen_backlog(int descriptor) {
  if (descriptor >= 0) listen(descriptor, kBacklog);
}

void limit(httplib::Server& server, unsigned threads) {
  server.new_task_queue = [threads] { return new httplib::ThreadPool(threads); };
  server.set_payload_max_length(kMostBodyOctets);
  server.set_read_timeout(kSlowSeconds);
  server.set_write_timeout(kSlowSeconds);
  server.set_keep_alive_timeout(kIdleSeconds);
  server.set_keep_alive_max_count(kAnswersAConnection);
  server.set_tcp_nodelay(true);
}

// What a browser may do with the answers: nothing beyond this page.
void harden(httplib::Server& server) {
  server.set_default_headers(
      {{"X-Content-Type-Options", "nosniff"},
       {"X-Frame-Options", "DENY"},
       {"Referrer-Policy", "no-referrer"},
       {"Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}});
}

std::string etag_of(std::string_view body) {
  return fmt::format("\"{:016x}\"", std::hash<std::string_view>{}(body));
}

void send(const httplib::Request& request, httplib::Response& response, const ApiAnswer& answer) {
  response.status = answer.status;
  const std::string etag = etag_of(answer.body);
  if (answer.status == 200) {
    response.set_header("ETag", etag);
    response.set_header("Cache-Control", "no-cache");
    if (request.get_header_value("If-None-Match") == etag) {
      response.status = 304;
      return;
    }
  }
  if (!answer.allow.empty()) response.set_header("Allow", answer.allow);
  response.set_content(answer.body, answer.type.c_str());
}

// Of what the library turns down before anybody looks at it.
std::string reason_of(int status) {
  switch (status) {
    case 404:
      return "there is no such page; /api/v1/openapi.json lists what there is";
    case 413:
      return fmt::format("a request has no more than {} octets", kMostBodyOctets);
    case 414:
      return "the path is too long";
    default:
      return "this is no request that can be answered";
  }
}

// Of an answer to HEAD the library leaves out the body.
ApiRequest request_of(const httplib::Request& request, bool trusted) {
  return {request.method == "HEAD" ? "GET" : request.method,
          request.path,
          {request.params.begin(), request.params.end()},
          trusted};
}

// A stream of what happens, as server-sent events (HTML standard section 9.2). A comment each time nothing
// came.
class EventStream {
 public:
  EventStream(Pulse& pulse, std::atomic<std::size_t>& streams)
      : pulse_(pulse), streams_(streams), number_(pulse.newest()) {}

  bool write_next(httplib::DataSink& sink) {
    if (pulse_.ended()) return false;
    std::string text;
    for (const Pulse::Beat& beat : pulse_.after(number_, std::chrono::seconds(1))) {
      text += fmt::format("id: {}\nevent: {}\ndata: {}\n\n", beat.number, beat.kind, beat.data);
      number_ = beat.number;
    }
    if (text.empty()) text = ":\n\n";
    return sink.write(text.data(), text.size());
  }

  void end() { --streams_; }

 private:
  Pulse& pulse_;
  std::atomic<std::size_t>& streams_;
  std::uint64_t number_;
};

void add_events(httplib::Server& server, Pulse& pulse, std::size_t threads) {
  const auto streams = std::make_shared<std::atomic<std::size_t>>(0);
  const std::size_t most = std::max<std::size_t>(1, threads / kThreadsAStream);
  server.Get("/api/v1/events", [&pulse, streams, most](const httplib::Request& request,
                                                       httplib::Response& response) {
    if (++*streams > most) {
      --*streams;
      send(request, response, error_answer(503, fmt::format("{} listen to the events already", most)));
      return;
    }
    const auto stream = std::make_shared<EventStream>(pulse, *streams);
    response.set_header("Cache-Control", "no-store");
    response.set_chunked_content_provider(
        "text/event-stream",
        [stream](std::size_t, httplib::DataSink& sink) { return stream->write_next(sink); },
        [stream, streams](bool) { stream->end(); });
  });
}

std::string first_line_of(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!in || !std::getline(in, line) || line.empty())
    fail(fmt::format("[http] token_file: {} cannot be read, or its first line is empty", in_path(file)));
  return line;
}

// In a time that does not depend on where they differ.
bool equal_secrets(std::string_view a, std::string_view b) {
  unsigned char different = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
    different |= static_cast<unsigned char>(a[i] ^ b[i]);
  return different == 0;
}

// "localhost" of "localhost:8080", "[::1]" of "[::1]:8080".
std::string_view name_in(std::string_view host) {
  const std::size_t bracket = host.find(']');
  return host.substr(
      0, host.starts_with('[') && bracket != std::string_view::npos ? bracket + 1 : host.find(':'));
}

// A page of another site cannot make a browser ask us under a name of its own (DNS rebinding).
bool is_our_name(std::string_view host) {
  const std::string_view name = name_in(host);
  return name == "localhost" || name == "127.0.0.1" || name == "[::1]";
}

void guard(httplib::Server& server, const HttpSettings& settings) {
  const std::string token = settings.token_file.empty() ? "" : "Bearer " + first_line_of(settings.token_file);
  const bool loopback = is_loopback(settings.listen.address);
  server.set_pre_routing_handler([token, loopback](const httplib::Request& request,
                                                   httplib::Response& response) {
    using Outcome = httplib::Server::HandlerResponse;
    if (!token.empty() && !web_answer(request.path) &&
        !equal_secrets(request.get_header_value("Authorization"), token)) {
      response.set_header("WWW-Authenticate", "Bearer");
      send(request, response, error_answer(401, "a token is needed: Authorization: Bearer TOKEN"));
      return Outcome::Handled;
    }
    if (loopback && token.empty() && !is_our_name(request.get_header_value("Host"))) {
      send(request, response, error_answer(403, "ask for localhost: this address is for this machine only"));
      return Outcome::Handled;
    }
    return Outcome::Unhandled;
  });
}

void add_other_methods(httplib::Server& server, const std::string& pattern,
                       const httplib::Server::Handler& handler) {
  server.Post(pattern, handler);
  server.Put(pattern, handler);
  server.Patch(pattern, handler);
  server.Delete(pattern, handler);
  server.Options(pattern, handler);
}

void send_other_method(const httplib::Request& request, httplib::Response& response) {
  send(request, response, other_method_answer(request_of(request, false), "GET, HEAD"));
}

void add_dashboard(httplib::Server& server) {
  server.Get("/[^/]*", [](const httplib::Request& request, httplib::Response& response) {
    if (const auto answer = web_answer(request.path)) {
      send(request, response, *answer);
    } else {
      response.status = 404;
    }
  });
  add_other_methods(server, "/[^/]*", [](const httplib::Request& request, httplib::Response& response) {
    if (web_answer(request.path)) {
      send_other_method(request, response);
    } else {
      response.status = 404;
    }
  });
}

std::unique_ptr<httplib::Server> server_for(const HttpSettings& settings) {
  if (settings.tls_cert.empty()) return std::make_unique<httplib::Server>();
  auto server = std::make_unique<httplib::SSLServer>(settings.tls_cert.c_str(), settings.tls_key.c_str());
  if (!server->is_valid())
    fail(fmt::format("[http] tls_cert, tls_key: {} and {} are not a certificate and its key in PEM",
                     in_path(settings.tls_cert), in_path(settings.tls_key)));
  return server;
}

// Somebody answers there.
bool is_answered(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  const bool answered = connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return answered;
}

void make_folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error)
    fail(fmt::format("[socket] path: cannot make {}: {}", in_path(folder.string()), error.message()));
}

void give_to_group(const std::string& path, const std::string& group) {
  if (const struct group* found = group.empty() ? nullptr : getgrnam(group.c_str()); found != nullptr) {
    [[maybe_unused]] const int given = chown(path.c_str(), static_cast<uid_t>(-1), found->gr_gid);
  }
  chmod(path.c_str(), 0660);
}

}  // namespace

ApiServer::ApiServer(Api& api, Pulse& pulse, const SocketSettings& settings)
    : server_(std::make_unique<httplib::Server>()) {
  const std::string& path = settings.path;
  if (path.size() >= sizeof sockaddr_un::sun_path)
    fail(fmt::format("[socket] path: {} is longer than the {} octets that a socket's name may have",
                     in_path(path), sizeof sockaddr_un::sun_path - 1));
  make_folder_of(path);
  if (is_answered(path)) fail(fmt::format("[socket] path: another tapline answers at {}", in_path(path)));
  std::error_code none;
  if (std::filesystem::is_socket(path, none)) std::filesystem::remove(path, none);  // of one that was killed
  limit(*server_, kSocketThreads);
  server_->set_address_family(AF_UNIX);
  int descriptor = -1;
  server_->set_socket_options([&descriptor](int made) { descriptor = made; });
  const mode_t others = umask(0177);  // until it has its group
  const bool bound = server_->bind_to_port(path, 1);
  const int error = errno;
  umask(others);
  if (!bound)
    fail(fmt::format("[socket] path: cannot listen at {}: {}", in_path(path), std::strerror(error)));
  socket_path_ = path;
  widen_backlog(descriptor);
  give_to_group(path, settings.group);
  add_routes(api, pulse, true, kSocketThreads);
  start();
}

ApiServer::ApiServer(Api& api, Pulse& pulse, const HttpSettings& settings) : server_(server_for(settings)) {
  const bool open = !is_loopback(settings.listen.address);
  if (open && (settings.tls_cert.empty() || settings.token_file.empty())) {
    fail(
        fmt::format("[http] listen: {} can be reached from other machines: that needs tls_cert, tls_key and "
                    "token_file, or listen on 127.0.0.1",
                    to_text(settings.listen)));
  }
  limit(*server_, static_cast<unsigned>(settings.connections));
  harden(*server_);
  guard(*server_, settings);
  int descriptor = -1;
  server_->set_socket_options([&descriptor](int made) {
    const int yes = 1;
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    descriptor = made;
  });
  if (!server_->bind_to_port(wire::to_text(settings.listen.address), settings.listen.port)) {
    fail(fmt::format("[http] listen: cannot listen at {}: {}", to_text(settings.listen),
                     std::strerror(errno)));
  }
  widen_backlog(descriptor);
  add_routes(api, pulse, false, settings.connections);
  add_dashboard(*server_);
  start();
}

void ApiServer::add_routes(Api& api, Pulse& pulse, bool trusted, std::size_t threads) {
  add_events(*server_, pulse, threads);
  server_->Get(R"(/api/v1/openapi\.json)", [](const httplib::Request& request, httplib::Response& response) {
    send(request, response, {200, "application/json", std::string(openapi_document())});
  });
  server_->Get("/metrics", [&api](const httplib::Request& request, httplib::Response& response) {
    send(request, response, api.metrics());
  });
  const auto ask = [&api, trusted](const httplib::Request& request, httplib::Response& response) {
    send(request, response, api.answer(request_of(request, trusted)));
  };
  add_other_methods(*server_, R"(/metrics|/api/v1/openapi\.json|/api/v1/events)", send_other_method);
  server_->Get("/api/.*", ask);
  add_other_methods(*server_, "/api/.*", ask);
  server_->set_error_handler([](const httplib::Request& request, httplib::Response& response) {
    if (!response.body.empty()) return;
    send(request, response, error_answer(response.status, reason_of(response.status)));
  });
  server_->set_exception_handler(
      [](const httplib::Request& request, httplib::Response& response, const std::exception_ptr&) {
        send(request, response, error_answer(500, "a defect of tapline; please report what was asked"));
      });
}

void ApiServer::start() {
  thread_ = std::thread([this] { server_->listen_after_bind(); });
  while (!server_->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

ApiServer::~ApiServer() {
  server_->stop();
  thread_.join();
  std::error_code none;
  if (!socket_path_.empty()) std::filesystem::remove(socket_path_, none);
}

}  // namespace mgmt
