// The argument of an ioctl that a program in the bed makes: memory of that program, fetched and written back
// by umockdev.
#pragma once

#include <cstring>
#include <memory>
#include <optional>

#include <umockdev.h>

#include "binrip/base/bytes.hpp"

namespace binrip::bed {

// A piece of the program's memory. What is changed here is written back when the ioctl completes.
class ClientMemory {
 public:
  explicit ClientMemory(UMockdevIoctlData* data) : data_(data) {}

  MutableBytes bytes() { return {data_->data, static_cast<std::size_t>(data_->data_len)}; }

  // A structure at its start. The compiler may not know that T lies here, hence copies in and out.
  template <class T>
  T get() const {
    T value;
    std::memcpy(&value, data_->data, sizeof(T));
    return value;
  }
  template <class T>
  void put(const T& value) {
    std::memcpy(data_->data, &value, sizeof(T));
  }

  // The `size` bytes that the pointer at `offset` leads to; nothing for a null pointer, or memory that the
  // program does not have.
  std::optional<ClientMemory> follow(std::size_t offset, std::size_t size) {
    if (size == 0) return std::nullopt;
    GError* error = nullptr;
    UMockdevIoctlData* child = umockdev_ioctl_data_resolve(data_, offset, size, &error);
    if (error != nullptr) g_error_free(error);
    if (child == nullptr) return std::nullopt;
    umockdev_ioctl_data_unref(child);  // the parent keeps it
    return ClientMemory(child);
  }

 private:
  UMockdevIoctlData* data_;
};

}  // namespace binrip::bed
