// SQLite, as much of it as the history needs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace mgmt {

class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(const std::string& sentence, int code) : std::runtime_error(sentence), code_(code) {}

  // The file is none of SQLite's, or damaged.
  bool broken() const noexcept;

 private:
  int code_;  // SQLite's, extended
};

// Borrows its database. Values are bound and read from 1 and from 0, as SQLite counts them.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);

  Statement& bind(int place, std::int64_t value);
  Statement& bind(int place, std::string_view value);
  Statement& bind(int place, double value);
  Statement& bind_null(int place);

  // True while there is a row. Throws DatabaseError.
  bool step();
  void run();  // until there is none, and ready to be bound again

  std::int64_t integer(int column) const;
  std::optional<std::int64_t> integer_if_any(int column) const;
  double real(int column) const;
  std::string text(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// One thread at a time. Everything throws DatabaseError, in a sentence with the file's name.
class Database {
 public:
  enum class Access : std::uint8_t {
    kWrite,  // a file that is not there is made
    kRead
  };
  Database(const std::string& file, Access access);

  void run(const std::string& sql);  // without values and rows
  Statement prepare(std::string_view sql) { return Statement(database_.get(), sql); }
  std::int64_t number(std::string_view sql);
  std::string word(std::string_view sql);

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  std::unique_ptr<sqlite3, Close> database_;
};

// Undone unless it comes to commit().
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace mgmt
