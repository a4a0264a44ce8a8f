// A strict reader of the text format of Prometheus: refuses all that the format's description does not allow,
// and what its guide to names advises against.
#pragma once

#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "binrip/image/text.hpp"

namespace binrip::test {

class PrometheusText {
 public:
  using Labels = std::map<std::string, std::string>;

  explicit PrometheusText(const std::string& text) {
    if (!text.empty() && text.back() != '\n') problem_ = "the last line has no end";
    std::size_t at = 0;
    while (problem_.empty() && at < text.size()) {
      const std::size_t end = text.find('\n', at);
      line_ = text.substr(at, end - at);
      read_line();
      at = end + 1;
    }
  }

  // Empty: it is well-formed.
  const std::string& problem() const { return problem_; }
  std::optional<double> value(const std::string& name, const Labels& labels) const {
    const auto found = samples_.find({name, labels});
    if (found == samples_.end()) return std::nullopt;
    return found->second;
  }

 private:
  void refuse(const std::string& why) {
    if (problem_.empty()) problem_ = why + ": " + line_;
  }

  void read_line() {
    at_ = 0;
    if (line_.starts_with("# HELP ")) {
      read_help();
    } else if (line_.starts_with("# TYPE ")) {
      read_type();
    } else {
      read_sample();
    }
  }

  void read_help() {
    at_ = 7;
    family_ = name();
    if (!families_.insert(family_).second) refuse("a family twice");
    if (!skip(' ') || at_ == line_.size()) refuse("no help");
    type_.clear();
  }

  void read_type() {
    at_ = 7;
    if (name() != family_) refuse("type of another family than the help before it");
    if (!skip(' ')) refuse("no type");
    type_ = line_.substr(at_);
    if (type_ != "gauge" && type_ != "counter") refuse("unknown type");
    if ((type_ == "counter") != family_.ends_with("_total"))
      refuse("a counter, and only that, ends in _total");
  }

  void read_sample() {
    const std::string metric = name();
    if (type_.empty() || metric != family_) refuse("a sample outside of its family");
    Labels labels;
    if (skip('{')) {
      do {
        read_label(labels);
      } while (problem_.empty() && skip(','));
      if (!skip('}')) refuse("labels have no end");
    }
    if (!skip(' ')) refuse("no space before the value");
    const std::string number = line_.substr(at_);
    char* end = nullptr;
    const double value = std::strtod(number.c_str(), &end);
    if (number.empty() || *end != '\0' || number.front() == ' ') refuse("no number");
    if (type_ == "counter" && !(value >= 0)) refuse("a counter below 0");
    if (!samples_.insert({{metric, labels}, value}).second) refuse("a sample twice");
  }

  void read_label(Labels& labels) {
    const std::string key = name();
    if (key.starts_with("__") || key.find(':') != std::string::npos) refuse("a label's name");
    if (!skip('=') || !skip('"')) return refuse("a label without a value");
    std::string value;
    while (at_ < line_.size() && line_[at_] != '"') {
      char c = line_[at_++];
      if (c == '\\') {
        const char next = at_ < line_.size() ? line_[at_++] : ' ';
        if (next != '\\' && next != '"' && next != 'n') return refuse("an unknown escape");
        c = next == 'n' ? '\n' : next;
      }
      value += c;
    }
    if (!skip('"')) refuse("a label's value has no end");
    if (!image::is_utf8(value)) refuse("a label that is not UTF-8");
    if (!labels.insert({key, value}).second) refuse("a label twice");
  }

  std::string name() {
    const std::size_t begin = at_;
    const auto fits = [&](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
             (at_ > begin && c >= '0' && c <= '9');
    };
    while (at_ < line_.size() && fits(line_[at_])) ++at_;
    if (at_ == begin) refuse("no name");
    return line_.substr(begin, at_ - begin);
  }

  bool skip(char c) {
    if (at_ >= line_.size() || line_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string line_, family_, type_, problem_;
  std::size_t at_ = 0;
  std::set<std::string> families_;
  std::map<std::pair<std::string, Labels>, double> samples_;
};

}  // namespace binrip::test
