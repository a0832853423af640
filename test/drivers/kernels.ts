/**
 * The running kernel, and the same one behaving as older ones do: what io_uring has to work with.
 */
import { beforeEach } from 'vitest';
import { probeIoUring } from '../../src/drivers/io-uring.ts';
import { posix } from '../../src/posix/native.ts';
import type { Posix } from '../../src/posix/posix.ts';
import { skip } from '../support/tools.ts';

const c = posix.constants;

/** The tests of this file need what the kernel, or a container around it, may refuse. */
export function requireIoUring(): void {
  const reason = probeIoUring(posix);
  beforeEach((context) => {
    if (reason !== '') skip(context, reason);
  });
}

/** This kernel, refusing what Linux 6.12 brought: buffers that are filled bit by bit. */
function withoutIncrementalBuffers(from: Posix): Posix {
  const flagsAt = c.IO_URING_BUF_REG_FLAGS;
  return {
    ...from,
    io_uring_register(fd, opcode, argument, count) {
      if (opcode === c.IORING_REGISTER_PBUF_RING && argument !== null) {
        const view = new DataView(argument.buffer, argument.byteOffset);
        if (view.getUint16(flagsAt, true) !== 0) return -c.EINVAL;
      }
      return from.io_uring_register(fd, opcode, argument, count);
    },
  };
}

/** This kernel, refusing set-up flags that it does not know. */
function withoutSetupFlags(from: Posix, unknown: number): Posix {
  return {
    ...from,
    io_uring_setup(entries, params) {
      if (params[c.IO_URING_PARAMS_FLAGS] & unknown) return -c.EINVAL;
      return from.io_uring_setup(entries, params);
    },
  };
}

/** This kernel with rings so small that they are full all the time. */
export const TINY_RINGS: Posix = {
  ...posix,
  io_uring_setup(_entries, params) {
    params[c.IO_URING_PARAMS_CQ_ENTRIES] = 8;
    return posix.io_uring_setup(4, params);
  },
};

export const LINUX_6_6 = withoutIncrementalBuffers(posix);
export const LINUX_6_1 = withoutSetupFlags(LINUX_6_6, c.IORING_SETUP_NO_SQARRAY);
export const LINUX_6_0 = withoutSetupFlags(LINUX_6_1, c.IORING_SETUP_DEFER_TASKRUN);
export const LINUX_5_19 = withoutSetupFlags(LINUX_6_0, c.IORING_SETUP_SINGLE_ISSUER);

/** Those that the mode works with, by what they lack compared with the one before. */
export const KERNELS = [
  { kernel: 'this kernel', posix },
  { kernel: 'no incremental buffers (6.11)', posix: LINUX_6_6 },
  { kernel: 'no NO_SQARRAY (6.5)', posix: LINUX_6_1 },
  { kernel: 'no DEFER_TASKRUN (6.0)', posix: LINUX_6_0 },
];

type Enter = Posix['io_uring_enter'];

/** This kernel with another way into it. */
function entering(enter: (real: Enter, ...parameters: Parameters<Enter>) => number): Posix {
  return {
    ...posix,
    io_uring_enter: (...parameters) => enter(posix.io_uring_enter, ...parameters),
  };
}

/** Two calls of three come back with this errno, and nothing of what they offered was taken. */
function refusing(errno: number): Posix {
  let calls = 0;
  return entering((real, ...parameters) => (++calls % 3 === 0 ? real(...parameters) : -errno));
}

/** Takes fewer entries than it is offered; where that is so, the kernel does not sleep either. */
function taking(countOf: (offered: number) => number): Posix {
  return entering((real, fd, offered, minComplete, ...rest) => {
    const count = countOf(offered);
    return real(fd, count, count < offered ? 0 : minComplete, ...rest);
  });
}

/** What io_uring_enter may do instead of taking all that it is offered. */
export const RELUCTANT_KERNELS = [
  { kernel: 'EAGAIN from two calls of three', posix: refusing(c.EAGAIN) },
  { kernel: 'EBUSY from two calls of three', posix: refusing(c.EBUSY) },
  { kernel: 'EINTR from two calls of three', posix: refusing(c.EINTR) },
  { kernel: 'one entry taken a call', posix: taking((offered) => Math.min(offered, 1)) },
  { kernel: 'half of the entries taken a call', posix: taking((offered) => (offered + 1) >> 1) },
];
