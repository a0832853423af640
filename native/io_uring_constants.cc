// io_uring: the layout of what is shared with the kernel, and the numbers.
#include "call.h"

#if defined(__linux__) && __has_include(<linux/io_uring.h>)

#include <cstddef>

#include "io_uring_constants.h"

namespace syskv {
namespace {

#define PARAMS_WORD(exports, name, field) \
  (exports).Constant("IO_URING_PARAMS_" name, offsetof(io_uring_params, field) / sizeof(uint32_t))
#define BYTE_OFFSET(exports, name, type, field) (exports).Constant(name, offsetof(type, field))

void RegisterParamsLayout(Exports& exports) {
  exports.Constant("IO_URING_PARAMS_WORDS", sizeof(io_uring_params) / sizeof(uint32_t));
  PARAMS_WORD(exports, "SQ_ENTRIES", sq_entries);
  PARAMS_WORD(exports, "CQ_ENTRIES", cq_entries);
  PARAMS_WORD(exports, "FLAGS", flags);
  PARAMS_WORD(exports, "SQ_THREAD_CPU", sq_thread_cpu);
  PARAMS_WORD(exports, "SQ_THREAD_IDLE", sq_thread_idle);
  PARAMS_WORD(exports, "FEATURES", features);
  PARAMS_WORD(exports, "WQ_FD", wq_fd);
  PARAMS_WORD(exports, "SQ_OFF_HEAD", sq_off.head);
  PARAMS_WORD(exports, "SQ_OFF_TAIL", sq_off.tail);
  PARAMS_WORD(exports, "SQ_OFF_RING_MASK", sq_off.ring_mask);
  PARAMS_WORD(exports, "SQ_OFF_RING_ENTRIES", sq_off.ring_entries);
  PARAMS_WORD(exports, "SQ_OFF_FLAGS", sq_off.flags);
  PARAMS_WORD(exports, "SQ_OFF_DROPPED", sq_off.dropped);
  PARAMS_WORD(exports, "SQ_OFF_ARRAY", sq_off.array);
  PARAMS_WORD(exports, "CQ_OFF_HEAD", cq_off.head);
  PARAMS_WORD(exports, "CQ_OFF_TAIL", cq_off.tail);
  PARAMS_WORD(exports, "CQ_OFF_RING_MASK", cq_off.ring_mask);
  PARAMS_WORD(exports, "CQ_OFF_RING_ENTRIES", cq_off.ring_entries);
  PARAMS_WORD(exports, "CQ_OFF_OVERFLOW", cq_off.overflow);
  PARAMS_WORD(exports, "CQ_OFF_CQES", cq_off.cqes);
  PARAMS_WORD(exports, "CQ_OFF_FLAGS", cq_off.flags);
}

void RegisterEntryLayout(Exports& exports) {
  exports.Constant("IO_URING_SQE_BYTES", sizeof(io_uring_sqe));
  BYTE_OFFSET(exports, "IO_URING_SQE_OPCODE", io_uring_sqe, opcode);
  BYTE_OFFSET(exports, "IO_URING_SQE_FLAGS", io_uring_sqe, flags);
  BYTE_OFFSET(exports, "IO_URING_SQE_IOPRIO", io_uring_sqe, ioprio);
  BYTE_OFFSET(exports, "IO_URING_SQE_FD", io_uring_sqe, fd);
  BYTE_OFFSET(exports, "IO_URING_SQE_OFF", io_uring_sqe, off);
  BYTE_OFFSET(exports, "IO_URING_SQE_ADDR", io_uring_sqe, addr);
  BYTE_OFFSET(exports, "IO_URING_SQE_LEN", io_uring_sqe, len);
  BYTE_OFFSET(exports, "IO_URING_SQE_OP_FLAGS", io_uring_sqe, rw_flags);
  BYTE_OFFSET(exports, "IO_URING_SQE_USER_DATA", io_uring_sqe, user_data);
  BYTE_OFFSET(exports, "IO_URING_SQE_BUF_GROUP", io_uring_sqe, buf_group);
  BYTE_OFFSET(exports, "IO_URING_SQE_PERSONALITY", io_uring_sqe, personality);
  BYTE_OFFSET(exports, "IO_URING_SQE_FILE_INDEX", io_uring_sqe, file_index);
  exports.Constant("IO_URING_CQE_BYTES", sizeof(io_uring_cqe));
  BYTE_OFFSET(exports, "IO_URING_CQE_USER_DATA", io_uring_cqe, user_data);
  BYTE_OFFSET(exports, "IO_URING_CQE_RES", io_uring_cqe, res);
  BYTE_OFFSET(exports, "IO_URING_CQE_FLAGS", io_uring_cqe, flags);
  exports.Constant("IO_URING_BUF_BYTES", sizeof(io_uring_buf));
  BYTE_OFFSET(exports, "IO_URING_BUF_ADDR", io_uring_buf, addr);
  BYTE_OFFSET(exports, "IO_URING_BUF_LEN", io_uring_buf, len);
  BYTE_OFFSET(exports, "IO_URING_BUF_BID", io_uring_buf, bid);
  // The ring's tail lies in the first buffer's reserved word.
  BYTE_OFFSET(exports, "IO_URING_BUF_RING_TAIL", io_uring_buf, resv);
  exports.Constant("IO_URING_BUF_REG_WORDS", sizeof(io_uring_buf_reg) / sizeof(uint32_t));
  BYTE_OFFSET(exports, "IO_URING_BUF_REG_RING_ADDR", io_uring_buf_reg, ring_addr);
  BYTE_OFFSET(exports, "IO_URING_BUF_REG_RING_ENTRIES", io_uring_buf_reg, ring_entries);
  BYTE_OFFSET(exports, "IO_URING_BUF_REG_BGID", io_uring_buf_reg, bgid);
  // Called pad in older headers; 16 bits behind bgid in all.
  exports.Constant("IO_URING_BUF_REG_FLAGS",
                   offsetof(io_uring_buf_reg, bgid) + sizeof(io_uring_buf_reg::bgid));
}

void RegisterSetup(Exports& exports) {
  SYSKV_CONSTANT(exports, IORING_SETUP_IOPOLL);
  SYSKV_CONSTANT(exports, IORING_SETUP_SQPOLL);
  SYSKV_CONSTANT(exports, IORING_SETUP_SQ_AFF);
  SYSKV_CONSTANT(exports, IORING_SETUP_CQSIZE);
  SYSKV_CONSTANT(exports, IORING_SETUP_CLAMP);
  SYSKV_CONSTANT(exports, IORING_SETUP_ATTACH_WQ);
  SYSKV_CONSTANT(exports, IORING_SETUP_R_DISABLED);
  SYSKV_CONSTANT(exports, IORING_SETUP_SUBMIT_ALL);
  SYSKV_CONSTANT(exports, IORING_SETUP_COOP_TASKRUN);
  SYSKV_CONSTANT(exports, IORING_SETUP_TASKRUN_FLAG);
  SYSKV_CONSTANT(exports, IORING_SETUP_SQE128);
  SYSKV_CONSTANT(exports, IORING_SETUP_CQE32);
  SYSKV_CONSTANT(exports, IORING_SETUP_SINGLE_ISSUER);
  SYSKV_CONSTANT(exports, IORING_SETUP_DEFER_TASKRUN);
  SYSKV_CONSTANT(exports, IORING_SETUP_NO_MMAP);
  SYSKV_CONSTANT(exports, IORING_SETUP_NO_SQARRAY);
  SYSKV_CONSTANT(exports, IORING_FEAT_SINGLE_MMAP);
  SYSKV_CONSTANT(exports, IORING_FEAT_NODROP);
  SYSKV_CONSTANT(exports, IORING_FEAT_SUBMIT_STABLE);
  SYSKV_CONSTANT(exports, IORING_FEAT_FAST_POLL);
  SYSKV_CONSTANT(exports, IORING_FEAT_EXT_ARG);
  SYSKV_CONSTANT(exports, IORING_FEAT_NATIVE_WORKERS);
  SYSKV_CONSTANT(exports, IORING_FEAT_CQE_SKIP);
  SYSKV_CONSTANT(exports, IORING_FEAT_REG_REG_RING);
  SYSKV_CONSTANT(exports, IORING_FEAT_RECVSEND_BUNDLE);
  SYSKV_CONSTANT(exports, IORING_FEAT_MIN_TIMEOUT);
  SYSKV_CONSTANT(exports, IORING_FEAT_NO_IOWAIT);
  SYSKV_CONSTANT(exports, IORING_ENTER_GETEVENTS);
  SYSKV_CONSTANT(exports, IORING_ENTER_SQ_WAKEUP);
  SYSKV_CONSTANT(exports, IORING_ENTER_SQ_WAIT);
  SYSKV_CONSTANT(exports, IORING_ENTER_EXT_ARG);
  SYSKV_CONSTANT(exports, IORING_ENTER_REGISTERED_RING);
  SYSKV_CONSTANT(exports, IORING_ENTER_ABS_TIMER);
  SYSKV_CONSTANT(exports, IORING_ENTER_NO_IOWAIT);
  SYSKV_CONSTANT(exports, IORING_OFF_SQ_RING);
  SYSKV_CONSTANT(exports, IORING_OFF_CQ_RING);
  SYSKV_CONSTANT(exports, IORING_OFF_SQES);
  SYSKV_CONSTANT(exports, IORING_OFF_PBUF_RING);
  SYSKV_CONSTANT(exports, IORING_OFF_PBUF_SHIFT);
  SYSKV_CONSTANT(exports, IORING_SQ_NEED_WAKEUP);
  SYSKV_CONSTANT(exports, IORING_SQ_CQ_OVERFLOW);
  SYSKV_CONSTANT(exports, IORING_SQ_TASKRUN);
  SYSKV_CONSTANT(exports, IORING_CQ_EVENTFD_DISABLED);
}

void RegisterOperations(Exports& exports) {
  SYSKV_CONSTANT(exports, IORING_OP_NOP);
  SYSKV_CONSTANT(exports, IORING_OP_READV);
  SYSKV_CONSTANT(exports, IORING_OP_WRITEV);
  SYSKV_CONSTANT(exports, IORING_OP_READ_FIXED);
  SYSKV_CONSTANT(exports, IORING_OP_WRITE_FIXED);
  SYSKV_CONSTANT(exports, IORING_OP_POLL_ADD);
  SYSKV_CONSTANT(exports, IORING_OP_POLL_REMOVE);
  SYSKV_CONSTANT(exports, IORING_OP_SENDMSG);
  SYSKV_CONSTANT(exports, IORING_OP_RECVMSG);
  SYSKV_CONSTANT(exports, IORING_OP_TIMEOUT);
  SYSKV_CONSTANT(exports, IORING_OP_TIMEOUT_REMOVE);
  SYSKV_CONSTANT(exports, IORING_OP_ACCEPT);
  SYSKV_CONSTANT(exports, IORING_OP_ASYNC_CANCEL);
  SYSKV_CONSTANT(exports, IORING_OP_LINK_TIMEOUT);
  SYSKV_CONSTANT(exports, IORING_OP_CONNECT);
  SYSKV_CONSTANT(exports, IORING_OP_CLOSE);
  SYSKV_CONSTANT(exports, IORING_OP_READ);
  SYSKV_CONSTANT(exports, IORING_OP_WRITE);
  SYSKV_CONSTANT(exports, IORING_OP_SEND);
  SYSKV_CONSTANT(exports, IORING_OP_RECV);
  SYSKV_CONSTANT(exports, IORING_OP_EPOLL_CTL);
  SYSKV_CONSTANT(exports, IORING_OP_PROVIDE_BUFFERS);
  SYSKV_CONSTANT(exports, IORING_OP_REMOVE_BUFFERS);
  SYSKV_CONSTANT(exports, IORING_OP_SHUTDOWN);
  SYSKV_CONSTANT(exports, IORING_OP_MSG_RING);
  SYSKV_CONSTANT(exports, IORING_OP_SOCKET);
  SYSKV_CONSTANT(exports, IORING_OP_SEND_ZC);
  SYSKV_CONSTANT(exports, IORING_OP_SENDMSG_ZC);
  SYSKV_CONSTANT(exports, IORING_OP_READ_MULTISHOT);
  SYSKV_CONSTANT(exports, IORING_OP_FUTEX_WAIT);
  SYSKV_CONSTANT(exports, IORING_OP_FUTEX_WAKE);
  SYSKV_CONSTANT(exports, IORING_OP_BIND);
  SYSKV_CONSTANT(exports, IORING_OP_LISTEN);
}

// What a submission asks for beside its operation, and what its completions say.
void RegisterFlags(Exports& exports) {
  SYSKV_CONSTANT(exports, IOSQE_FIXED_FILE);
  SYSKV_CONSTANT(exports, IOSQE_IO_DRAIN);
  SYSKV_CONSTANT(exports, IOSQE_IO_LINK);
  SYSKV_CONSTANT(exports, IOSQE_IO_HARDLINK);
  SYSKV_CONSTANT(exports, IOSQE_ASYNC);
  SYSKV_CONSTANT(exports, IOSQE_BUFFER_SELECT);
  SYSKV_CONSTANT(exports, IOSQE_CQE_SKIP_SUCCESS);
  SYSKV_CONSTANT(exports, IORING_TIMEOUT_ABS);
  SYSKV_CONSTANT(exports, IORING_TIMEOUT_ETIME_SUCCESS);
  SYSKV_CONSTANT(exports, IORING_TIMEOUT_MULTISHOT);
  SYSKV_CONSTANT(exports, IORING_POLL_ADD_MULTI);
  SYSKV_CONSTANT(exports, IORING_ASYNC_CANCEL_ALL);
  SYSKV_CONSTANT(exports, IORING_ASYNC_CANCEL_FD);
  SYSKV_CONSTANT(exports, IORING_ASYNC_CANCEL_ANY);
  SYSKV_CONSTANT(exports, IORING_RECVSEND_POLL_FIRST);
  SYSKV_CONSTANT(exports, IORING_RECV_MULTISHOT);
  SYSKV_CONSTANT(exports, IORING_RECVSEND_FIXED_BUF);
  SYSKV_CONSTANT(exports, IORING_RECVSEND_BUNDLE);
  SYSKV_CONSTANT(exports, IORING_ACCEPT_MULTISHOT);
  SYSKV_CONSTANT(exports, IORING_ACCEPT_DONTWAIT);
  SYSKV_CONSTANT(exports, IORING_ACCEPT_POLL_FIRST);
  SYSKV_CONSTANT(exports, IORING_CQE_F_BUFFER);
  SYSKV_CONSTANT(exports, IORING_CQE_F_MORE);
  SYSKV_CONSTANT(exports, IORING_CQE_F_SOCK_NONEMPTY);
  SYSKV_CONSTANT(exports, IORING_CQE_F_NOTIF);
  SYSKV_CONSTANT(exports, IORING_CQE_F_BUF_MORE);
  SYSKV_CONSTANT(exports, IORING_CQE_BUFFER_SHIFT);
}

void RegisterRegistrations(Exports& exports) {
  SYSKV_CONSTANT(exports, IORING_REGISTER_BUFFERS);
  SYSKV_CONSTANT(exports, IORING_UNREGISTER_BUFFERS);
  SYSKV_CONSTANT(exports, IORING_REGISTER_FILES);
  SYSKV_CONSTANT(exports, IORING_UNREGISTER_FILES);
  SYSKV_CONSTANT(exports, IORING_REGISTER_EVENTFD);
  SYSKV_CONSTANT(exports, IORING_UNREGISTER_EVENTFD);
  SYSKV_CONSTANT(exports, IORING_REGISTER_EVENTFD_ASYNC);
  SYSKV_CONSTANT(exports, IORING_REGISTER_PROBE);
  SYSKV_CONSTANT(exports, IORING_REGISTER_PERSONALITY);
  SYSKV_CONSTANT(exports, IORING_UNREGISTER_PERSONALITY);
  SYSKV_CONSTANT(exports, IORING_REGISTER_RESTRICTIONS);
  SYSKV_CONSTANT(exports, IORING_REGISTER_ENABLE_RINGS);
  SYSKV_CONSTANT(exports, IORING_REGISTER_IOWQ_AFF);
  SYSKV_CONSTANT(exports, IORING_UNREGISTER_IOWQ_AFF);
  SYSKV_CONSTANT(exports, IORING_REGISTER_IOWQ_MAX_WORKERS);
  SYSKV_CONSTANT(exports, IORING_REGISTER_RING_FDS);
  SYSKV_CONSTANT(exports, IORING_UNREGISTER_RING_FDS);
  SYSKV_CONSTANT(exports, IORING_REGISTER_PBUF_RING);
  SYSKV_CONSTANT(exports, IORING_UNREGISTER_PBUF_RING);
  SYSKV_CONSTANT(exports, IORING_REGISTER_SYNC_CANCEL);
  SYSKV_CONSTANT(exports, IORING_REGISTER_FILE_ALLOC_RANGE);
  SYSKV_CONSTANT(exports, IORING_REGISTER_PBUF_STATUS);
  SYSKV_CONSTANT(exports, IORING_REGISTER_NAPI);
  SYSKV_CONSTANT(exports, IORING_UNREGISTER_NAPI);
  SYSKV_CONSTANT(exports, IORING_REGISTER_CLOCK);
  SYSKV_CONSTANT(exports, IOU_PBUF_RING_MMAP);
  SYSKV_CONSTANT(exports, IOU_PBUF_RING_INC);
  SYSKV_CONSTANT(exports, IO_URING_OP_SUPPORTED);
}

}  // namespace

void RegisterIoUringConstants(Exports& exports) {
  RegisterParamsLayout(exports);
  RegisterEntryLayout(exports);
  RegisterSetup(exports);
  RegisterOperations(exports);
  RegisterFlags(exports);
  RegisterRegistrations(exports);
}

}  // namespace syskv

#endif
