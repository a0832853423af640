import { describe, expect, test } from 'vitest';
import { probeIoUring } from '../../src/drivers/io-uring.ts';
import { posix } from '../../src/posix/native.ts';
import type { Posix } from '../../src/posix/posix.ts';
import { KERNELS, LINUX_5_19 } from './kernels.ts';

const c = posix.constants;

/** A kernel that refuses io_uring, and whose setting has this value; undefined: it has none. */
function refusing(errno: number, setting?: string): Posix {
  return {
    ...posix,
    io_uring_setup: () => -errno,
    open: () => (setting === undefined ? -c.ENOENT : 1000),
    read(_fd, buffer) {
      return Buffer.from(buffer.buffer).write(`${setting}\n`);
    },
    close: () => 0,
  };
}

describe('probeIoUring', () => {
  test.each(KERNELS)('finds nothing missing: $kernel', ({ posix: kernel }) => {
    expect(probeIoUring(kernel)).toBe('');
  });

  test('leaves no descriptor behind', () => {
    const lowestFree = () => {
      const fd = posix.dup(0);
      posix.close(fd);
      return fd;
    };
    const before = lowestFree();
    probeIoUring(posix);
    expect(lowestFree()).toBe(before);
  });

  test('names the setting that forbids it', () => {
    const reason = probeIoUring(refusing(c.EPERM, '2'));
    expect(reason).toContain('EPERM');
    expect(reason).toContain('kernel.io_uring_disabled is 2');
    expect(reason).toContain('sysctl kernel.io_uring_disabled=0');
  });

  test.each([undefined, '0'])('suspects a container when the setting is %s', (setting) => {
    const reason = probeIoUring(refusing(c.EPERM, setting));
    expect(reason).toContain('seccomp');
    expect(reason).toContain('docker run --security-opt seccomp=unconfined');
  });

  test('does not blame the setting for what it does not do', () => {
    expect(probeIoUring(refusing(c.ENOSYS, '2'))).toContain('has no io_uring');
    expect(probeIoUring(refusing(c.ENOMEM, '2'))).toContain('memory limit');
    expect(probeIoUring(refusing(c.EMFILE, '2'))).toBe('io_uring_setup: EMFILE.');
  });

  test('says which kernel is new enough', () => {
    expect(probeIoUring(LINUX_5_19)).toContain('needs Linux 6.0 or later');
  });

  test('notices an operation that the kernel does not know', () => {
    const old: Posix = { ...posix, io_uring_register: () => 0 };
    expect(probeIoUring(old)).toContain('IORING_OP_ACCEPT: the io_uring mode needs Linux 6.0');
  });

  test('says so where there is no io_uring at all', () => {
    const { io_uring_setup: _, ...rest } = posix;
    expect(probeIoUring(rest as Posix)).toContain('Linux');
  });
});
