/**
 * Whether io_uring can be used here, and if not, what is in the way: the kernel may be too old, and
 * where it is not, io_uring is what administrators and containers switch off first.
 */
import { errorName } from '../../posix/errors.ts';
import type { Posix } from '../../posix/posix.ts';
import { setUp } from './setup.ts';

/**
 * Tries to make an io_uring and asks it what it can do.
 *
 * @returns '' where the io_uring mode will work, else the reason and, where there is one, the
 *   remedy: one sentence for the user.
 */
export function probeIoUring(posix: Posix): string {
  if (!('io_uring_setup' in posix)) return 'io_uring is a part of Linux, which this is not.';
  if (new Uint8Array(new Uint32Array([1]).buffer)[0] !== 1) {
    return 'The io_uring mode is written for little-endian processors, which this is not.';
  }
  const params = new Uint32Array(posix.constants.IO_URING_PARAMS_WORDS);
  const fd = setUp(posix, 2, 2, params);
  if (fd < 0) return refusal(posix, -fd);
  const missing = missingOperation(posix, fd);
  posix.close(fd);
  return missing === '' ? '' : tooOld(missing);
}

function refusal(posix: Posix, errno: number): string {
  const c = posix.constants;
  const what = `io_uring_setup: ${errorName(errno)}`;
  switch (errno) {
    case c.EINVAL:
      return tooOld('IORING_SETUP_SINGLE_ISSUER');
    case c.ENOSYS:
      return `${what}: this kernel has no io_uring, or a seccomp filter hides it (${UNCONFINED}).`;
    case c.EPERM:
      return `${what}: ${whoForbids(posix)}.`;
    case c.ENOMEM:
      return `${what}: its rings exceed the memory limit (ulimit -l, or the container's).`;
    default:
      return `${what}.`;
  }
}

function tooOld(missing: string): string {
  return `This kernel's io_uring has no ${missing}: the io_uring mode needs Linux 6.0 or later.`;
}

/** EPERM has two causes: a setting, which can be read, or else a filter. */
function whoForbids(posix: Posix): string {
  const setting = readSetting(posix, '/proc/sys/kernel/io_uring_disabled');
  if (setting === '' || setting === '0') {
    return `a seccomp filter refuses it, as Docker's default profile does (${UNCONFINED})`;
  }
  const allow = 'sysctl kernel.io_uring_disabled=0';
  return `the setting kernel.io_uring_disabled is ${setting} (an administrator can run: ${allow})`;
}

/** The setting's value; '' where the kernel has no such setting. */
function readSetting(posix: Posix, path: string): string {
  const { O_RDONLY, O_CLOEXEC } = posix.constants;
  const fd = posix.open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return '';
  const bytes = new Uint8Array(16);
  const length = posix.read(fd, bytes, 0, bytes.length);
  posix.close(fd);
  return String.fromCharCode(...bytes.subarray(0, Math.max(length, 0))).trim();
}

/**
 * The first operation that the kernel does not know; '' where it knows all. Multishot receive has
 * no sign of its own: it came with Linux 6.0, and so did IORING_OP_SEND_ZC.
 */
function missingOperation(posix: Posix, fd: number): string {
  const c = posix.constants;
  const names = OPERATIONS;
  const probe = new Uint8Array(PROBE_BYTES + PROBE_OPERATIONS * PROBE_OPERATION_BYTES);
  const words = new Uint32Array(probe.buffer);
  const result = posix.io_uring_register(fd, c.IORING_REGISTER_PROBE, words, PROBE_OPERATIONS);
  if (result < 0) return 'IORING_REGISTER_PROBE';
  const missing = names.find((name) => {
    const at = PROBE_BYTES + c[`IORING_OP_${name}`] * PROBE_OPERATION_BYTES;
    return (probe[at + PROBE_OPERATION_FLAGS] & c.IO_URING_OP_SUPPORTED) === 0;
  });
  return missing === undefined ? '' : `IORING_OP_${missing}`;
}

const OPERATIONS = [
  ...(['ACCEPT', 'RECV', 'SEND', 'SENDMSG', 'POLL_ADD', 'ASYNC_CANCEL', 'CLOSE'] as const),
  'SEND_ZC',
] as const;
const UNCONFINED = 'docker run --security-opt seccomp=unconfined';

/** struct io_uring_probe, and behind it an array of struct io_uring_probe_op. */
const PROBE_BYTES = 16;
const PROBE_OPERATION_BYTES = 8;
const PROBE_OPERATION_FLAGS = 2;
/** The kernel wants room for no more than this many. */
const PROBE_OPERATIONS = 256;
