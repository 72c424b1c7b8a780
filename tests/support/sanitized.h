// TAPLINE_SANITIZED is 1 under a sanitizer, which has its own allocator and a shadow of terabytes, else 0.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TAPLINE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TAPLINE_SANITIZED 1
#endif
#endif
#ifndef TAPLINE_SANITIZED
#define TAPLINE_SANITIZED 0
#endif

// In a test of how often something is found or not, which takes minutes then and touches nothing that others
// do not: the build without a sanitizer judges.
#define TAPLINE_NOT_WHEN_SANITIZED() \
  if (TAPLINE_SANITIZED) GTEST_SKIP() << "statistics, of which a sanitizer learns nothing"
