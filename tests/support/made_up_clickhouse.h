// ClickHouse as far as a sensor needs it: takes rows as strictly, and keeps of those with the same key one.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <regex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <httplib.h>
#include <nlohmann/json.hpp>

#include "mgmt/fleet/tables.h"

namespace tests {

class MadeUpClickHouse {
 public:
  explicit MadeUpClickHouse(int port = 0) {
    server_.Post("/", [this](const httplib::Request& request, httplib::Response& response) {
      ++requests_;
      answer(request, response);
    });
    port_ = port == 0 ? server_.bind_to_any_port("127.0.0.1") : port;
    if (port != 0) server_.bind_to_port("127.0.0.1", port);
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  MadeUpClickHouse(const MadeUpClickHouse&) = delete;
  MadeUpClickHouse& operator=(const MadeUpClickHouse&) = delete;
  ~MadeUpClickHouse() {
    server_.stop();
    thread_.join();
  }

  int port() const { return port_; }
  int requests() const { return requests_; }

  // What it says to the next requests instead of 200, and whether it takes the rows all the same.
  void refuse(int status, std::string words, bool takes = false) {
    const std::lock_guard lock(mutex_);
    status_ = status;
    words_ = std::move(words);
    takes_ = takes;
  }
  void agree() { refuse(200, ""); }

  // By table.
  std::size_t rows(mgmt::FleetTable table) const {
    const std::lock_guard lock(mutex_);
    const auto found = tables_.find(table);
    return found == tables_.end() ? 0 : found->second.size();
  }
  std::vector<nlohmann::json> all(mgmt::FleetTable table) const {
    const std::lock_guard lock(mutex_);
    std::vector<nlohmann::json> rows;
    const auto found = tables_.find(table);
    if (found == tables_.end()) return rows;
    for (const auto& [key, row] : found->second) rows.push_back(row);
    return rows;
  }
  std::uint64_t taken() const { return taken_; }  // rows, those with the same key counted each time
  std::vector<std::string> complaints() const {
    const std::lock_guard lock(mutex_);
    return complaints_;
  }
  std::string user() const {
    const std::lock_guard lock(mutex_);
    return user_;
  }
  std::string password() const {
    const std::lock_guard lock(mutex_);
    return password_;
  }

 private:
  using Key = std::vector<std::string>;

  void answer(const httplib::Request& request, httplib::Response& response) {
    const std::lock_guard lock(mutex_);
    user_ = request.get_header_value("X-ClickHouse-User");
    password_ = request.get_header_value("X-ClickHouse-Key");
    if (status_ == 200 || takes_) insert(request);
    response.status = status_;
    response.set_content(words_, "text/plain");
  }

  void insert(const httplib::Request& request) {
    static const std::regex kInsert("INSERT INTO `tapline`\\.`([a-z_]+)` FORMAT JSONEachRow");
    std::smatch match;
    const std::string statement = request.get_param_value("query");
    if (!std::regex_match(statement, match, kInsert)) return complain("statement: " + statement);
    const auto table = mgmt::fleet_table_from(match[1].str());
    if (!table) return complain("table: " + match[1].str());
    std::istringstream lines(request.body);
    for (std::string line; std::getline(lines, line);) insert(*table, line);
  }

  void insert(mgmt::FleetTable table, const std::string& line) {
    const auto row = nlohmann::json::parse(line, nullptr, false);
    if (!row.is_object()) return complain("row: " + line);
    std::size_t fields = 0;
    for (const mgmt::FleetColumn& column : mgmt::fleet_columns(table)) {
      if (column.type.find("ALIAS") != std::string::npos) continue;
      ++fields;
      if (!row.contains(column.name)) complain("without " + column.name + ": " + line);
    }
    if (row.size() != fields) complain("with other fields: " + line);
    ++taken_;
    tables_[table][key_of(table, row)] = row;
  }

  static Key key_of(mgmt::FleetTable table, const nlohmann::json& row) {
    static const std::regex kKey("ORDER BY \\((.*)\\)");
    std::smatch match;
    const std::string statement = mgmt::create_table("tapline", table);
    std::regex_search(statement, match, kKey);
    Key key;
    static const std::regex kName("[a-z_]+");
    const std::string names = match[1].str();
    for (std::sregex_iterator at(names.begin(), names.end(), kName), end; at != end; ++at)
      key.push_back(row.value(at->str(), nlohmann::json()).dump());
    return key;
  }

  void complain(const std::string& what) { complaints_.push_back(what); }

  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  std::atomic<int> requests_{0};
  std::atomic<std::uint64_t> taken_{0};
  mutable std::mutex mutex_;
  int status_ = 200;
  std::string words_;
  bool takes_ = false;
  std::map<mgmt::FleetTable, std::map<Key, nlohmann::json>> tables_;
  std::vector<std::string> complaints_;
  std::string user_, password_;
};

}  // namespace tests
