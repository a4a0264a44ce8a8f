#include "binrip/batch/view_board.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace binrip::batch {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;

StationView view_of(std::uint64_t free_bytes) {
  StationView view;
  view.free_bytes = free_bytes;
  return view;
}

TEST(ViewBoard, BeginsWithAnEmptyView) {
  const ViewBoard board;
  EXPECT_EQ(board.latest().version, 0U);
  EXPECT_EQ(*board.latest().view, StationView{});
}

TEST(ViewBoard, CountsWhatIsNewsAndLeavesOldViewsToThoseWhoHoldThem) {
  ViewBoard board;
  board.publish(view_of(1));
  const PostedView first = board.latest();
  board.publish(view_of(1));
  EXPECT_EQ(board.latest().version, 1U);
  EXPECT_EQ(board.latest().view, first.view);
  board.publish(view_of(2));
  EXPECT_EQ(board.latest().version, 2U);
  EXPECT_EQ(board.latest().view->free_bytes, 2U);
  EXPECT_EQ(first.view->free_bytes, 1U);
}

TEST(ViewBoard, FirstViewIsNewsEvenWhenItIsEmpty) {
  ViewBoard board;
  board.publish({});
  EXPECT_EQ(board.latest().version, 1U);
}

TEST(ViewBoard, GivesAtOnceWhatIsNewerAlready) {
  ViewBoard board;
  board.publish(view_of(1));
  EXPECT_EQ(board.wait_newer(0, 1h).version, 1U);
}

TEST(ViewBoard, WakesWhoWaitsWhenSomethingIsPublished) {
  ViewBoard board;
  PostedView got;
  std::jthread waiter([&] { got = board.wait_newer(0, 1h); });
  board.publish(view_of(7));
  waiter.join();
  EXPECT_EQ(got.view->free_bytes, 7U);
}

TEST(ViewBoard, WakesWhoWaitsWhenAskedToStop) {
  ViewBoard board;
  PostedView got{nullptr, 9};
  std::jthread waiter([&](const std::stop_token& stop) { got = board.wait_newer(0, 1h, stop); });
  waiter.request_stop();
  waiter.join();
  EXPECT_EQ(got.version, 0U);
}

TEST(ViewBoard, GivesTheSameAfterTheTimeWithoutNews) {
  ViewBoard board;
  board.publish(view_of(1));
  EXPECT_EQ(board.wait_newer(1, 1ms).version, 1U);
}

TEST(ViewBoard, ManyReadersSeeVersionsAndContentsThatBelongTogether) {
  ViewBoard board;
  constexpr std::uint64_t kLast = 500;
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i) {
      readers.emplace_back([&] {
        for (std::uint64_t version = 0; version < kLast;) {
          const PostedView got = board.wait_newer(version, 1h);
          ASSERT_GT(got.version, version);
          ASSERT_EQ(got.view->free_bytes, got.version);
          version = got.version;
        }
      });
    }
    for (std::uint64_t i = 1; i <= kLast; ++i) board.publish(view_of(i));
  }
}

}  // namespace
}  // namespace binrip::batch
