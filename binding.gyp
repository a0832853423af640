{
  "targets": [
    {
      "target_name": "syskv",
      "sources": [
        "native/addon.cc",
        "native/call.cc",
        "native/arguments.cc",
        "native/iovec.cc",
        "native/address.cc",
        "native/errno.cc",
        "native/fields.cc",
        "native/layouts.cc",
        "native/fd.cc",
        "native/timerfd.cc",
        "native/socket.cc",
        "native/socket_constants.cc",
        "native/message.cc",
        "native/message_header.cc",
        "native/messages.cc",
        "native/select.cc",
        "native/poll.cc",
        "native/epoll.cc",
        "native/kqueue.cc",
        "native/io_uring.cc",
        "native/io_uring_constants.cc",
        "native/signal.cc",
        "native/memory.cc",
        "native/memfd.cc",
        "native/futex.cc",
        "native/process.cc"
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=9", "NAPI_DISABLE_CPP_EXCEPTIONS"],
      "cflags": ["-Wall", "-Wextra", "-Wno-unused-parameter", "-fvisibility=hidden"],
      "cflags_cc": ["-std=c++17", "-O2"],
      "xcode_settings": {
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "WARNING_CFLAGS": ["-Wall", "-Wextra", "-Wno-unused-parameter"]
      }
    }
  ]
}
