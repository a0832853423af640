/**
 * io_uring: requests and completions in memory that is shared with the kernel. Linux alone; a
 * container's seccomp profile (EPERM), `kernel.io_uring_disabled` (EPERM) or an old kernel (ENOSYS)
 * may refuse it: io_uring_setup says so.
 *
 * The rings and the submission entries are mapped with mmap(length, PROT_READ | PROT_WRITE,
 * MAP_SHARED | MAP_POPULATE, fd, IORING_OFF_…) and driven as plain views; heads and tails with
 * Atomics. The IO_URING_PARAMS_ constants are indices of words in `struct io_uring_params`; those
 * of SQE, CQE, BUF and BUF_REG are byte offsets in these structs (…_BYTES their sizes).
 *
 * Here alone an address is the caller's responsibility: the kernel reads and writes where a
 * submission, a registered buffer or a buffer ring says. Take addresses from `addressOf`, which
 * gives out none but those of mmap's memory, stay inside that mapping, and neither unmap it nor
 * lose it before the last completion has arrived.
 */

export type IoUringLayoutConstant =
  | 'IO_URING_PARAMS_WORDS'
  | 'IO_URING_PARAMS_SQ_ENTRIES'
  | 'IO_URING_PARAMS_CQ_ENTRIES'
  | 'IO_URING_PARAMS_FLAGS'
  | 'IO_URING_PARAMS_SQ_THREAD_CPU'
  | 'IO_URING_PARAMS_SQ_THREAD_IDLE'
  | 'IO_URING_PARAMS_FEATURES'
  | 'IO_URING_PARAMS_WQ_FD'
  | 'IO_URING_PARAMS_SQ_OFF_HEAD'
  | 'IO_URING_PARAMS_SQ_OFF_TAIL'
  | 'IO_URING_PARAMS_SQ_OFF_RING_MASK'
  | 'IO_URING_PARAMS_SQ_OFF_RING_ENTRIES'
  | 'IO_URING_PARAMS_SQ_OFF_FLAGS'
  | 'IO_URING_PARAMS_SQ_OFF_DROPPED'
  | 'IO_URING_PARAMS_SQ_OFF_ARRAY'
  | 'IO_URING_PARAMS_CQ_OFF_HEAD'
  | 'IO_URING_PARAMS_CQ_OFF_TAIL'
  | 'IO_URING_PARAMS_CQ_OFF_RING_MASK'
  | 'IO_URING_PARAMS_CQ_OFF_RING_ENTRIES'
  | 'IO_URING_PARAMS_CQ_OFF_OVERFLOW'
  | 'IO_URING_PARAMS_CQ_OFF_CQES'
  | 'IO_URING_PARAMS_CQ_OFF_FLAGS'
  | 'IO_URING_SQE_BYTES'
  | 'IO_URING_SQE_OPCODE'
  | 'IO_URING_SQE_FLAGS'
  | 'IO_URING_SQE_IOPRIO'
  | 'IO_URING_SQE_FD'
  | 'IO_URING_SQE_OFF'
  | 'IO_URING_SQE_ADDR'
  | 'IO_URING_SQE_LEN'
  | 'IO_URING_SQE_OP_FLAGS'
  | 'IO_URING_SQE_USER_DATA'
  | 'IO_URING_SQE_BUF_GROUP'
  | 'IO_URING_SQE_PERSONALITY'
  | 'IO_URING_SQE_FILE_INDEX'
  | 'IO_URING_CQE_BYTES'
  | 'IO_URING_CQE_USER_DATA'
  | 'IO_URING_CQE_RES'
  | 'IO_URING_CQE_FLAGS'
  | 'IO_URING_BUF_BYTES'
  | 'IO_URING_BUF_ADDR'
  | 'IO_URING_BUF_LEN'
  | 'IO_URING_BUF_BID'
  | 'IO_URING_BUF_RING_TAIL'
  | 'IO_URING_BUF_REG_WORDS'
  | 'IO_URING_BUF_REG_RING_ADDR'
  | 'IO_URING_BUF_REG_RING_ENTRIES'
  | 'IO_URING_BUF_REG_BGID'
  | 'IO_URING_BUF_REG_FLAGS';

export type IoUringConstant =
  | IoUringLayoutConstant
  | 'IORING_SETUP_IOPOLL'
  | 'IORING_SETUP_SQPOLL'
  | 'IORING_SETUP_SQ_AFF'
  | 'IORING_SETUP_CQSIZE'
  | 'IORING_SETUP_CLAMP'
  | 'IORING_SETUP_ATTACH_WQ'
  | 'IORING_SETUP_R_DISABLED'
  | 'IORING_SETUP_SUBMIT_ALL'
  | 'IORING_SETUP_COOP_TASKRUN'
  | 'IORING_SETUP_TASKRUN_FLAG'
  | 'IORING_SETUP_SQE128'
  | 'IORING_SETUP_CQE32'
  | 'IORING_SETUP_SINGLE_ISSUER'
  | 'IORING_SETUP_DEFER_TASKRUN'
  | 'IORING_SETUP_NO_MMAP'
  | 'IORING_SETUP_NO_SQARRAY'
  | 'IORING_FEAT_SINGLE_MMAP'
  | 'IORING_FEAT_NODROP'
  | 'IORING_FEAT_SUBMIT_STABLE'
  | 'IORING_FEAT_FAST_POLL'
  | 'IORING_FEAT_EXT_ARG'
  | 'IORING_FEAT_NATIVE_WORKERS'
  | 'IORING_FEAT_CQE_SKIP'
  | 'IORING_FEAT_REG_REG_RING'
  | 'IORING_FEAT_RECVSEND_BUNDLE'
  | 'IORING_FEAT_MIN_TIMEOUT'
  | 'IORING_FEAT_NO_IOWAIT'
  | 'IORING_ENTER_GETEVENTS'
  | 'IORING_ENTER_SQ_WAKEUP'
  | 'IORING_ENTER_SQ_WAIT'
  | 'IORING_ENTER_EXT_ARG'
  | 'IORING_ENTER_REGISTERED_RING'
  | 'IORING_ENTER_ABS_TIMER'
  | 'IORING_ENTER_NO_IOWAIT'
  | 'IORING_OFF_SQ_RING'
  | 'IORING_OFF_CQ_RING'
  | 'IORING_OFF_SQES'
  | 'IORING_OFF_PBUF_RING'
  | 'IORING_OFF_PBUF_SHIFT'
  | 'IORING_SQ_NEED_WAKEUP'
  | 'IORING_SQ_CQ_OVERFLOW'
  | 'IORING_SQ_TASKRUN'
  | 'IORING_CQ_EVENTFD_DISABLED'
  | 'IORING_OP_NOP'
  | 'IORING_OP_READV'
  | 'IORING_OP_WRITEV'
  | 'IORING_OP_READ_FIXED'
  | 'IORING_OP_WRITE_FIXED'
  | 'IORING_OP_POLL_ADD'
  | 'IORING_OP_POLL_REMOVE'
  | 'IORING_OP_SENDMSG'
  | 'IORING_OP_RECVMSG'
  | 'IORING_OP_TIMEOUT'
  | 'IORING_OP_TIMEOUT_REMOVE'
  | 'IORING_OP_ACCEPT'
  | 'IORING_OP_ASYNC_CANCEL'
  | 'IORING_OP_LINK_TIMEOUT'
  | 'IORING_OP_CONNECT'
  | 'IORING_OP_CLOSE'
  | 'IORING_OP_READ'
  | 'IORING_OP_WRITE'
  | 'IORING_OP_SEND'
  | 'IORING_OP_RECV'
  | 'IORING_OP_EPOLL_CTL'
  | 'IORING_OP_PROVIDE_BUFFERS'
  | 'IORING_OP_REMOVE_BUFFERS'
  | 'IORING_OP_SHUTDOWN'
  | 'IORING_OP_MSG_RING'
  | 'IORING_OP_SOCKET'
  | 'IORING_OP_SEND_ZC'
  | 'IORING_OP_SENDMSG_ZC'
  | 'IORING_OP_READ_MULTISHOT'
  | 'IORING_OP_FUTEX_WAIT'
  | 'IORING_OP_FUTEX_WAKE'
  | 'IORING_OP_BIND'
  | 'IORING_OP_LISTEN'
  | 'IOSQE_FIXED_FILE'
  | 'IOSQE_IO_DRAIN'
  | 'IOSQE_IO_LINK'
  | 'IOSQE_IO_HARDLINK'
  | 'IOSQE_ASYNC'
  | 'IOSQE_BUFFER_SELECT'
  | 'IOSQE_CQE_SKIP_SUCCESS'
  | 'IORING_TIMEOUT_ABS'
  | 'IORING_TIMEOUT_ETIME_SUCCESS'
  | 'IORING_TIMEOUT_MULTISHOT'
  | 'IORING_POLL_ADD_MULTI'
  | 'IORING_ASYNC_CANCEL_ALL'
  | 'IORING_ASYNC_CANCEL_FD'
  | 'IORING_ASYNC_CANCEL_ANY'
  | 'IORING_RECVSEND_POLL_FIRST'
  | 'IORING_RECV_MULTISHOT'
  | 'IORING_RECVSEND_FIXED_BUF'
  | 'IORING_RECVSEND_BUNDLE'
  | 'IORING_ACCEPT_MULTISHOT'
  | 'IORING_ACCEPT_DONTWAIT'
  | 'IORING_ACCEPT_POLL_FIRST'
  | 'IORING_CQE_F_BUFFER'
  | 'IORING_CQE_F_MORE'
  | 'IORING_CQE_F_SOCK_NONEMPTY'
  | 'IORING_CQE_F_NOTIF'
  | 'IORING_CQE_F_BUF_MORE'
  | 'IORING_CQE_BUFFER_SHIFT'
  | 'IORING_REGISTER_BUFFERS'
  | 'IORING_UNREGISTER_BUFFERS'
  | 'IORING_REGISTER_FILES'
  | 'IORING_UNREGISTER_FILES'
  | 'IORING_REGISTER_EVENTFD'
  | 'IORING_UNREGISTER_EVENTFD'
  | 'IORING_REGISTER_EVENTFD_ASYNC'
  | 'IORING_REGISTER_PROBE'
  | 'IORING_REGISTER_PERSONALITY'
  | 'IORING_UNREGISTER_PERSONALITY'
  | 'IORING_REGISTER_RESTRICTIONS'
  | 'IORING_REGISTER_ENABLE_RINGS'
  | 'IORING_REGISTER_IOWQ_AFF'
  | 'IORING_UNREGISTER_IOWQ_AFF'
  | 'IORING_REGISTER_IOWQ_MAX_WORKERS'
  | 'IORING_REGISTER_RING_FDS'
  | 'IORING_UNREGISTER_RING_FDS'
  | 'IORING_REGISTER_PBUF_RING'
  | 'IORING_UNREGISTER_PBUF_RING'
  | 'IORING_REGISTER_SYNC_CANCEL'
  | 'IORING_REGISTER_FILE_ALLOC_RANGE'
  | 'IORING_REGISTER_PBUF_STATUS'
  | 'IORING_REGISTER_NAPI'
  | 'IORING_UNREGISTER_NAPI'
  | 'IORING_REGISTER_CLOCK'
  | 'IOU_PBUF_RING_MMAP'
  | 'IOU_PBUF_RING_INC'
  | 'IO_URING_OP_SUPPORTED';

export interface IoUringCalls {
  /**
   * Makes the rings.
   * @param entries of the submission ring; the kernel rounds up to a power of two.
   * @param params IO_URING_PARAMS_WORDS words, zero but for what is asked for; the kernel fills in
   *   sizes, features and offsets. IORING_SETUP_NO_MMAP is a RangeError.
   * @returns the descriptor or -errno (EINVAL, EMFILE, ENOMEM, ENOSYS, EPERM).
   * @see io_uring_setup(2)
   */
  io_uring_setup(entries: number, params: Uint32Array): number;

  /**
   * Submits, and waits for completions with IORING_ENTER_GETEVENTS.
   * @param timeoutMs how long to wait; wanted with IORING_ENTER_EXT_ARG and refused without it.
   *   Fractions allowed; negative waits without end.
   * @param sigmask with IORING_ENTER_EXT_ARG: signals to block while it waits, or null.
   * @returns how many were submitted, or -errno (EAGAIN, EBADF, EBADR, EBUSY, EEXIST, EINTR,
   *   EINVAL, ENXIO; ETIME after the timeout).
   * @see io_uring_enter(2)
   */
  io_uring_enter(
    fd: number,
    to_submit: number,
    min_complete: number,
    flags: number,
    timeoutMs?: number,
    sigmask?: readonly number[] | null,
  ): number;

  /**
   * Registers buffers, files, buffer rings, an eventfd … or asks what is supported.
   * @param opcode IORING_REGISTER_…; one without a constant here is a RangeError, because its
   *   argument cannot be measured.
   * @param arg the operation's structs, `nr_args` of them (less room is a RangeError), or null.
   * @returns 0 (or as the operation says), or -errno (EBUSY, EEXIST, EFAULT, EINVAL, ENOMEM, …).
   * @see io_uring_register(2)
   */
  io_uring_register(
    fd: number,
    opcode: number,
    arg: Int32Array | Uint32Array | null,
    nr_args: number,
  ): number;
}
