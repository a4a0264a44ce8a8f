// A map from every point of a domain [begin, end) to a value, kept as maximal runs of equal values. Always
// covers the whole domain.
#pragma once

#include <algorithm>
#include <cassert>
#include <map>

namespace binrip {

// Key: an integer-like point with < and ==. T: comparable with ==.
template <class Key, class T>
class IntervalMap {
 public:
  struct Run {
    Key begin, end;
    T value;
    friend bool operator==(const Run&, const Run&) = default;
  };

  IntervalMap(Key begin, Key end, T initial) : end_(end) {
    assert(begin < end);
    runs_.emplace(begin, std::move(initial));
  }

  Key begin_key() const { return runs_.begin()->first; }
  Key end_key() const { return end_; }

  const T& at(Key key) const {
    assert(!(key < begin_key()) && key < end_);
    return std::prev(runs_.upper_bound(key))->second;
  }

  void assign(Key begin, Key end, const T& value) {
    transform(begin, end, [&](const T&) { return value; });
  }

  // Replaces each value v in [begin, end) by f(v). Parts outside the domain are ignored.
  template <class F>
  void transform(Key begin, Key end, F f) {
    begin = std::max(begin, begin_key());
    end = std::min(end, end_);
    if (!(begin < end)) return;
    split(begin);
    if (end < end_) split(end);
    auto first = runs_.find(begin);
    const auto last = runs_.lower_bound(end);
    for (auto it = first; it != last; ++it) it->second = f(it->second);
    join_around(begin, end);
  }

  // Calls f(run) for each run that lies in [begin, end), clipped to it, in order.
  template <class F>
  void for_each(Key begin, Key end, F f) const {
    begin = std::max(begin, begin_key());
    end = std::min(end, end_);
    if (!(begin < end)) return;
    for (auto it = std::prev(runs_.upper_bound(begin)); it != runs_.end() && it->first < end; ++it) {
      const auto next = std::next(it);
      f(Run{std::max(it->first, begin), std::min(next == runs_.end() ? end_ : next->first, end), it->second});
    }
  }
  template <class F>
  void for_each(F f) const {
    for_each(begin_key(), end_, f);
  }

  std::size_t run_count() const { return runs_.size(); }

 private:
  void split(Key at) {
    const auto it = std::prev(runs_.upper_bound(at));
    if (it->first < at) runs_.emplace_hint(std::next(it), at, it->second);
  }
  void join_around(Key begin, Key end) {
    auto it = runs_.find(begin);
    if (it != runs_.begin()) --it;
    while (true) {
      const auto next = std::next(it);
      if (next == runs_.end() || end < next->first) break;
      if (next->second == it->second) {
        runs_.erase(next);
      } else {
        it = next;
      }
    }
  }

  std::map<Key, T> runs_;
  Key end_;
};

}  // namespace binrip
