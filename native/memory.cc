// Memory: mmap munmap madvise addressOf getpagesize.
//
// A mapping reaches JavaScript as an ArrayBuffer, which is what makes the rules here: every page of
// it must stay readable and writable for as long as a view of it exists, or a plain `view[0]` would
// be a SIGSEGV or SIGBUS. So what cannot promise that is refused before the kernel is asked.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/magic.h>
#include <sys/vfs.h>
#endif

#include <cstdio>
#include <cstring>

#include "call.h"

namespace syskv {
namespace {

// V8's longest typed array in Node 20: 4 GiB.
constexpr int64_t kMostBytes = int64_t{1} << 32;

// Marks the ArrayBuffers that come from mmap; the number is random, and means nothing.
constexpr napi_type_tag kMappingTag = {0x6b1d5c0f3a9e4d27, 0x92e4f07ab83c615d};

// Beside the ArrayBuffer until the collector has taken it, unmapped or not.
struct Mapping {
  void* address;
  size_t length;
  bool ring;
  bool mapped;
};

// V8 counts an ArrayBuffer's bytes as memory that a collection could give back. That sum is V8's
// alone: taking the bytes off it again (napi_adjust_external_memory) makes it negative for a moment
// when the buffer goes, which aborts the process from V8 13.6 on, and saves no collection.
void Finalize(napi_env, void*, void* hint) {
  auto* mapping = static_cast<Mapping*>(hint);
  if (mapping->mapped) ::munmap(mapping->address, mapping->length);
  delete mapping;
}

// MAP_FIXED would map over memory that is in use; MAP_HUGETLB without reservation and MAP_GROWSDOWN
// fault on access.
constexpr uint32_t kMapFlags = MAP_SHARED | MAP_PRIVATE | MAP_ANONYMOUS
#ifdef MAP_NORESERVE
                               | MAP_NORESERVE
#endif
#ifdef MAP_POPULATE
                               | MAP_POPULATE
#endif
#ifdef MAP_LOCKED
                               | MAP_LOCKED
#endif
    ;

bool IsIoUring(int fd) {
  char path[32];
  char target[64];
  std::snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  const ssize_t length = ::readlink(path, target, sizeof target);
  constexpr char kName[] = "anon_inode:[io_uring]";
  return length == sizeof kName - 1 && std::memcmp(target, kName, sizeof kName - 1) == 0;
}

// A file that cannot become shorter, on which no access inside [offset, offset + length) can fault.
bool IsSealedAgainstShrinking(int fd) {
#ifdef F_GET_SEALS
  const int seals = ::fcntl(fd, F_GET_SEALS);
  if (seals == -1 || (seals & F_SEAL_SHRINK) == 0) return false;
#ifdef __linux__
  // A hole in a file of huge pages faults when no huge page is left.
  struct statfs system;
  return ::fstatfs(fd, &system) == 0 && system.f_type != HUGETLBFS_MAGIC;
#else
  return true;
#endif
#else
  return false;
#endif
}

// Newer kernels map a ring longer than it is, and access behind its end is a SIGBUS. This asks for
// every page of it. Older kernels cannot answer (EINVAL), and refuse such a mapping themselves.
bool HasPagesMissing(void* address, size_t length) {
#ifdef MADV_POPULATE_READ
  return ::madvise(address, length, MADV_POPULATE_READ) == -1 && errno != EINVAL;
#else
  return false;
#endif
}

// 0: may be mapped. Positive: the errno of a descriptor that is none. Else misuse is pending.
int CheckFile(Call& call, int fd, int64_t offset, int64_t length, bool* ring) {
  struct stat status;
  if (::fstat(fd, &status) == -1) return errno;
  if (!S_ISREG(status.st_mode)) {
    *ring = IsIoUring(fd);
    if (!*ring) call.RangeError("fd", "a sealed memfd or an io_uring");
  } else if (!IsSealedAgainstShrinking(fd)) {
    call.RangeError("fd", "a memfd with F_SEAL_SHRINK: a file that can shrink faults on access");
  } else if (offset > status.st_size || length > status.st_size - offset) {
    call.RangeError("length", "such that offset + length lies within the file");
  }
  return 0;
}

napi_value WrapMapping(Call& call, void* address, size_t length, bool ring) {
  auto* mapping = new Mapping{address, length, ring, true};
  napi_value buffer;
  if (napi_create_external_arraybuffer(call.env(), address, length, Finalize, mapping, &buffer) !=
      napi_ok) {
    // A runtime that allows no external memory.
    ::munmap(address, length);
    delete mapping;
    return call.Number(-ENOTSUP);
  }
  napi_type_tag_object(call.env(), buffer, &kMappingTag);
  napi_wrap(call.env(), buffer, mapping, nullptr, nullptr, nullptr);
  return buffer;
}

napi_value Mmap(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const auto length = static_cast<int64_t>(call.Integer(0, "length", 0, kMostBytes));
  const int prot = call.Int(1, "prot");
  const uint32_t flags = call.Flags(2, "flags");
  const int fd = call.Int(3, "fd");
  const int64_t offset = call.Size(4, "offset");
  if (!call.ok()) return nullptr;
  if (prot != (PROT_READ | PROT_WRITE)) {
    return call.RangeError("prot", "PROT_READ | PROT_WRITE: no view can keep JavaScript to less");
  }
  if ((flags & ~kMapFlags) != 0) {
    return call.RangeError("flags", "of MAP_SHARED, MAP_PRIVATE, MAP_ANONYMOUS, MAP_NORESERVE, "
                                    "MAP_POPULATE, MAP_LOCKED");
  }
  bool ring = false;
  if ((flags & MAP_ANONYMOUS) == 0) {
    const int error = CheckFile(call, fd, offset, length, &ring);
    if (!call.ok()) return nullptr;
    if (error != 0) return call.Number(-error);
  }
  void* address = ::mmap(nullptr, static_cast<size_t>(length), prot, static_cast<int>(flags), fd,
                         static_cast<off_t>(offset));
  if (address == MAP_FAILED) return call.Result(-1);
  if (ring && HasPagesMissing(address, static_cast<size_t>(length))) {
    ::munmap(address, static_cast<size_t>(length));
    return call.RangeError("length", "no longer than the ring");
  }
  return WrapMapping(call, address, static_cast<size_t>(length), ring);
}

bool IsMapping(napi_env env, napi_value buffer) {
  bool tagged = false;
  bool detached = true;
  return napi_check_object_type_tag(env, buffer, &kMappingTag, &tagged) == napi_ok && tagged &&
         napi_is_detached_arraybuffer(env, buffer, &detached) == napi_ok && !detached;
}

napi_value Munmap(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const napi_value buffer = call.argument(0);
  void* data = nullptr;
  if (!call.IsA(0, napi_object) || !IsMapping(env, buffer) ||
      napi_remove_wrap(env, buffer, &data) != napi_ok) {
    return call.TypeError("buffer", "an ArrayBuffer from mmap that is still mapped");
  }
  // Detached first: from then on no view can reach the memory. The collector may free `mapping` as
  // soon as that is done.
  auto* mapping = static_cast<Mapping*>(data);
  const Mapping copy = *mapping;
  mapping->mapped = false;
  if (napi_detach_arraybuffer(env, buffer) != napi_ok) {
    mapping->mapped = true;
    return call.TypeError("buffer", "an ArrayBuffer that can be detached");
  }
  return call.Result(::munmap(copy.address, copy.length));
}

// The mapping that the Uint8Array at `index` is a view of; nullptr, and misuse, for other memory.
const Mapping* MappingOf(Call& call, size_t index) {
  napi_value buffer;
  void* mapping = nullptr;
  if (!call.ok()) return nullptr;
  napi_get_typedarray_info(call.env(), call.argument(index), nullptr, nullptr, nullptr, &buffer,
                           nullptr);
  if (!IsMapping(call.env(), buffer) || napi_unwrap(call.env(), buffer, &mapping) != napi_ok) {
    call.TypeError("buffer", "a view of memory from mmap");
  }
  return static_cast<const Mapping*>(mapping);
}

// Advice that leaves the mapping as accessible as it was: no MADV_HWPOISON, no guard pages.
bool IsHarmlessAdvice(int advice) {
  switch (advice) {
    case MADV_NORMAL:
    case MADV_RANDOM:
    case MADV_SEQUENTIAL:
    case MADV_WILLNEED:
    case MADV_DONTNEED:
#ifdef MADV_FREE
    case MADV_FREE:
#endif
#ifdef MADV_REMOVE
    case MADV_REMOVE:
#endif
#ifdef MADV_HUGEPAGE
    case MADV_HUGEPAGE:
    case MADV_NOHUGEPAGE:
#endif
#ifdef MADV_DONTDUMP
    case MADV_DONTDUMP:
    case MADV_DODUMP:
#endif
#ifdef MADV_COLD
    case MADV_COLD:
    case MADV_PAGEOUT:
#endif
#ifdef MADV_POPULATE_READ
    case MADV_POPULATE_READ:
    case MADV_POPULATE_WRITE:
#endif
#ifdef MADV_COLLAPSE
    case MADV_COLLAPSE:
#endif
      return true;
    default:
      return false;
  }
}

napi_value Madvise(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const Bytes part = call.Range(0, "buffer");
  const int advice = call.Int(3, "advice");
  const Mapping* mapping = MappingOf(call, 0);
  if (!call.ok()) return nullptr;
  // A ring's pages that are given back are not mapped again on access.
  if (mapping->ring) return call.TypeError("buffer", "memory other than a ring's");
  const auto page = static_cast<uintptr_t>(::getpagesize());
  // The kernel refuses an odd beginning itself, but rounds an odd length up, past the view.
  if (reinterpret_cast<uintptr_t>(part.data) % page != 0) {
    return call.RangeError("offset", "a multiple of the page size");
  }
  if (part.length % page != 0) {
    return call.RangeError("length", "a multiple of the page size");
  }
  if (!IsHarmlessAdvice(advice)) {
    return call.RangeError("advice", "one that leaves the memory accessible");
  }
  return call.Result(::madvise(part.data, part.length, advice));
}

napi_value AddressOf(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const Bytes view = call.View(0, "buffer");
  MappingOf(call, 0);
  if (!call.ok()) return nullptr;
  return call.Number(static_cast<int64_t>(reinterpret_cast<uintptr_t>(view.data)));
}

napi_value Getpagesize(napi_env env, napi_callback_info info) {
  Call call(env, info);
  return call.Number(::getpagesize());
}

void RegisterAdvice(Exports& exports) {
  SYSKV_CONSTANT(exports, MADV_NORMAL);
  SYSKV_CONSTANT(exports, MADV_RANDOM);
  SYSKV_CONSTANT(exports, MADV_SEQUENTIAL);
  SYSKV_CONSTANT(exports, MADV_WILLNEED);
  SYSKV_CONSTANT(exports, MADV_DONTNEED);
#ifdef MADV_FREE
  SYSKV_CONSTANT(exports, MADV_FREE);
#endif
#ifdef MADV_REMOVE
  SYSKV_CONSTANT(exports, MADV_REMOVE);
#endif
#ifdef MADV_HUGEPAGE
  SYSKV_CONSTANT(exports, MADV_HUGEPAGE);
  SYSKV_CONSTANT(exports, MADV_NOHUGEPAGE);
#endif
#ifdef MADV_DONTDUMP
  SYSKV_CONSTANT(exports, MADV_DONTDUMP);
  SYSKV_CONSTANT(exports, MADV_DODUMP);
#endif
#ifdef MADV_COLD
  SYSKV_CONSTANT(exports, MADV_COLD);
  SYSKV_CONSTANT(exports, MADV_PAGEOUT);
#endif
#ifdef MADV_POPULATE_READ
  SYSKV_CONSTANT(exports, MADV_POPULATE_READ);
  SYSKV_CONSTANT(exports, MADV_POPULATE_WRITE);
#endif
#ifdef MADV_COLLAPSE
  SYSKV_CONSTANT(exports, MADV_COLLAPSE);
#endif
}

}  // namespace

void RegisterMemory(Exports& exports) {
  exports.Function("mmap", Mmap);
  exports.Function("munmap", Munmap);
  exports.Function("madvise", Madvise);
  exports.Function("addressOf", AddressOf);
  exports.Function("getpagesize", Getpagesize);
  SYSKV_CONSTANT(exports, PROT_READ);
  SYSKV_CONSTANT(exports, PROT_WRITE);
  SYSKV_CONSTANT(exports, MAP_SHARED);
  SYSKV_CONSTANT(exports, MAP_PRIVATE);
  SYSKV_CONSTANT(exports, MAP_ANONYMOUS);
#ifdef MAP_NORESERVE
  SYSKV_CONSTANT(exports, MAP_NORESERVE);
#endif
#ifdef MAP_POPULATE
  SYSKV_CONSTANT(exports, MAP_POPULATE);
#endif
#ifdef MAP_LOCKED
  SYSKV_CONSTANT(exports, MAP_LOCKED);
#endif
  RegisterAdvice(exports);
}

}  // namespace syskv
