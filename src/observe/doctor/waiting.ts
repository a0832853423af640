/** How a server may wait for its clients here: epoll, kqueue, io_uring. */
import { errorName } from '../../posix/errors.ts';
import { absent, type Finding, failed, limited, type Machine, ok } from './machine.ts';

export function examineEpoll({ posix, platform }: Machine): Finding {
  if (posix.epoll_create1 === undefined)
    return absent('epoll', `a part of Linux, not of ${platform}`);
  const fd = posix.epoll_create1(posix.constants.EPOLL_CLOEXEC);
  if (fd < 0) {
    const fix = 'a seccomp filter refuses it: serve with --mode poll, or change the filter';
    return failed('epoll', `epoll_create1: ${errorName(-fd)}`, fix);
  }
  posix.close(fd);
  return ok('epoll', 'the default mode; epoll-et as well');
}

export function examineKqueue({ posix, platform }: Machine): Finding {
  if (posix.kqueue === undefined) return absent('kqueue', 'a part of macOS and the BSDs');
  const fd = posix.kqueue();
  if (fd < 0) return failed('kqueue', `kqueue: ${errorName(-fd)}`, `${platform} should have it`);
  posix.close(fd);
  return ok('kqueue', 'the mode for many clients here');
}

/** The probe's own sentence has the remedy in it. */
export function examineIoUring({ posix, ioUringRefusal }: Machine): Finding {
  if (posix.io_uring_setup === undefined) return absent('io_uring', 'a part of Linux');
  if (ioUringRefusal === '') return ok('io_uring', '--mode io_uring works');
  const [, what, , fix = ''] = /^(.*?)( \((.*)\))?\.?$/.exec(ioUringRefusal) ?? [
    '',
    ioUringRefusal,
  ];
  return limited('io_uring', what, fix);
}

/** What threads and processes share the store with: without it each mode has one process. */
export function examineSharing({ posix }: Machine): Finding {
  const name = 'shared memory';
  if (posix.memfd_create === undefined || posix.futex === undefined) {
    return absent(
      name,
      'no memfd and futex: threads share a SharedArrayBuffer, prefork is not there',
    );
  }
  const fd = posix.memfd_create('syskv-doctor', posix.constants.MFD_CLOEXEC);
  if (fd < 0) {
    const fix = 'a seccomp filter or a full memory cgroup refuses it: look at the container';
    return failed(name, `memfd_create: ${errorName(-fd)}`, fix);
  }
  posix.close(fd);
  const woken = posix.futex(new Int32Array(1), 0, posix.constants.FUTEX_WAKE, 1);
  if (woken < 0) return failed(name, `futex: ${errorName(-woken)}`, 'a seccomp filter refuses it');
  return ok(name, 'memfd and futex: threads and prefork share one store');
}
