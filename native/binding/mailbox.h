#pragma once

#include <cstddef>

namespace tw::binding {

// The layout of the memory that JavaScript shares with each environment; mirrored by
// lib/mailbox.ts, where it is described.
constexpr std::size_t kWords = 32768;
constexpr std::size_t kResultWords = kWords;
constexpr std::size_t kFeedBytes = 2 * kWords * 8;
constexpr std::size_t kResultBytes = kFeedBytes + 16384;
constexpr std::size_t kMailboxBytes = kResultBytes + 16384;
constexpr double kPayload = -1, kGiven = -2, kInPool = -3, kKept = -4;
constexpr std::size_t kInlineBytes = 512;
constexpr std::size_t kFeedEndWord = kWords - 1, kRunWord = 2 * kWords - 1,
                      kPollWord = 2 * kWords - 2;

}  // namespace tw::binding
