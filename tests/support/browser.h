// A real browser without a screen, driven through its WebDriver (W3C Recommendation "WebDriver"): HTTP and
// JSON.
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <httplib.h>
#include <nlohmann/json.hpp>

#include "tests/support/program.h"
#include "tests/support/syslog_sender.h"

namespace tests {

// What is missing for one, as a sentence; "": nothing.
inline std::string browser_lacks() {
  for (const char* program : {"chromium", "chromedriver"}) {
    if (shell(std::string("command -v ") + program + " >/dev/null") != 0)
      return std::string("needs ") + program + ": scripts/setup --ci";
  }
  return "";
}

class Browser {
 public:
  struct Window {
    int width = 1440;
    int height = 900;
    const char* scheme = "light";  // what the system prefers, or "dark"
  };

  explicit Browser(const Window& window)
      : driver_({"env", "TMPDIR=" + scratch_.path(""), "chromedriver", "--port=" + std::to_string(port_)},
                scratch_.path("driver.out"), scratch_.path("driver.err")),
        http_("127.0.0.1", port_) {
    http_.set_read_timeout(120);
    if (!eventually([&] { return bool(http_.Get("/status")); }))
      throw std::runtime_error("chromedriver does not answer: " + contents_of(scratch_.path("driver.err")));
    open_session(window);
    prefer(window.scheme);
    command(
        "Emulation.setDeviceMetricsOverride",
        {{"width", window.width}, {"height", window.height}, {"deviceScaleFactor", 1}, {"mobile", false}});
  }
  ~Browser() { http_.Delete("/session/" + session_); }

  void open(const std::string& url) { post("/url", {{"url", url}}); }

  // What the function's body `script` returns; `given` are its arguments.
  nlohmann::json run(const std::string& script, nlohmann::json given = nlohmann::json::array()) {
    return post("/execute/sync", {{"script", script}, {"args", std::move(given)}});
  }

  // Keys as the W3C numbers them, such as "\uE004", Tab.
  void press(const std::string& key) {
    using nlohmann::json;
    post("/actions",
         {{"actions", json::array({{{"type", "key"},
                                    {"id", "keyboard"},
                                    {"actions", json::array({{{"type", "keyDown"}, {"value", key}},
                                                             {{"type", "keyUp"}, {"value", key}}})}}})}});
  }

  // With the mouse, from one point of the window to another.
  void drag(int from_x, int from_y, int to_x, int to_y) {
    using nlohmann::json;
    const auto move = [](int x, int y) {
      return json{{"type", "pointerMove"}, {"duration", 100}, {"x", x}, {"y", y}};
    };
    const json steps = {move(from_x, from_y),
                        {{"type", "pointerDown"}, {"button", 0}},
                        move(to_x, to_y),
                        {{"type", "pointerUp"}, {"button", 0}}};
    post("/actions",
         {{"actions", json::array({{{"type", "pointer"}, {"id", "mouse"}, {"actions", steps}}})}});
  }

  void prefer(const std::string& scheme) {
    using nlohmann::json;
    command("Emulation.setEmulatedMedia",
            {{"features", json::array({{{"name", "prefers-color-scheme"}, {"value", scheme}}})}});
  }

  // Of the page's console since the last call, a line each; nothing below a warning.
  std::string complaints() {
    std::string lines;
    for (const auto& entry : post("/se/log", {{"type", "browser"}})) {
      if (entry.at("level") == "SEVERE" || entry.at("level") == "WARNING")
        lines += entry.at("message").get<std::string>() + "\n";
    }
    return lines;
  }

  // The addresses of all that was asked for since the last call, but for the browser's own pages.
  std::vector<std::string> requests() {
    std::vector<std::string> urls;
    for (const auto& entry : post("/se/log", {{"type", "performance"}})) {
      const auto message = nlohmann::json::parse(entry.at("message").get<std::string>()).at("message");
      if (message.at("method") != "Network.requestWillBeSent") continue;
      const auto& parameters = message.at("params");
      if (!parameters.at("documentURL").get<std::string>().starts_with("chrome://"))
        urls.push_back(parameters.at("request").at("url"));
    }
    return urls;
  }

  // The whole page as a picture, in the folder $TAPLINE_SCREENSHOTS if there is one.
  void keep_picture(const std::string& name) {
    const char* const folder = std::getenv("TAPLINE_SCREENSHOTS");
    if (folder == nullptr) return;
    std::filesystem::create_directories(folder);
    const auto picture = command("Page.captureScreenshot", {{"captureBeyondViewport", true}});
    const std::string base64 = picture.at("data");
    std::ofstream(std::string(folder) + "/" + name + ".png") << from_base64(base64);
  }

 private:
  void open_session(const Window& window) {
    using nlohmann::json;
    // The page is ours, and in a container of CI there is no room for the browser's own sandbox.
    const json words = {
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--user-data-dir=" + scratch_.path("profile"),
        "--window-size=" + std::to_string(window.width) + "," + std::to_string(window.height)};
    const json wanted = {{"goog:chromeOptions", {{"args", words}}},
                         {"goog:loggingPrefs", {{"browser", "ALL"}, {"performance", "ALL"}}}};
    const json made = call("/session", {{"capabilities", {{"alwaysMatch", wanted}}}});
    session_ = made.at("sessionId");
  }

  nlohmann::json post(const std::string& path, const nlohmann::json& body) {
    return call("/session/" + session_ + path, body);
  }

  // Of Chrome's own protocol.
  nlohmann::json command(const std::string& name, const nlohmann::json& parameters) {
    return post("/goog/cdp/execute", {{"cmd", name}, {"params", parameters}});
  }

  nlohmann::json call(const std::string& path, const nlohmann::json& body) {
    const auto result = http_.Post(path, body.dump(), "application/json");
    if (!result) throw std::runtime_error("chromedriver has gone at " + path);
    auto answer = nlohmann::json::parse(result->body).at("value");
    if (result->status != 200) throw std::runtime_error(path + ": " + answer.dump());
    return answer;
  }

  // RFC 4648 section 4.
  static std::string from_base64(const std::string& text) {
    static const std::string kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string octets;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char digit : text) {
      if (digit == '=') break;
      bits = bits << 6 | static_cast<std::uint32_t>(kDigits.find(digit));
      held += 6;
      if (held < 8) continue;
      held -= 8;
      octets.push_back(static_cast<char>(bits >> held & 0xFF));
    }
    return octets;
  }

  const ScratchDirectory scratch_;
  const std::uint16_t port_ = free_port();
  Process driver_;
  httplib::Client http_;
  std::string session_;
};

}  // namespace tests
