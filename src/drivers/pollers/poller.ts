/**
 * What the readiness loop asks of a kernel interface. Each file beside this one answers it with the
 * same functions in the same order: `diff poll.ts epoll.ts` shows what differs between the kernels'
 * interfaces, and nothing else. A poller never calls back: it fills `ready`.
 */
export interface Poller {
  /** After `wait`: READY_WORDS words an event: descriptor, generation, readiness bits. */
  readonly ready: Int32Array;
  /**
   * Edge-triggered: an event is not repeated, so its receiver reads until EAGAIN, or has it
   * reported again by `modify`. False, level-triggered: an event comes back as long as its cause
   * lasts.
   */
  readonly edgeTriggered: boolean;
  /** Starts watching. `generation` comes back with each event. Returns 0 or -errno. */
  add(fd: number, generation: number, interest: number): number;
  /** Changes what a watched descriptor is watched for. Returns 0 or -errno. */
  modify(fd: number, generation: number, interest: number): number;
  /** Stops watching. Returns 0 or -errno. */
  remove(fd: number): number;
  /** Waits up to `timeoutMs` (-1: for ever). Returns the number of events, or -errno (EINTR). */
  wait(timeoutMs: number): number;
  /** Gives back what the poller itself holds. */
  close(): void;
}

/** There is something to receive, or FIN. */
export const READABLE = 1;
/** A send would take at least a byte. */
export const WRITABLE = 2;
/** An error or a hang-up: reported whatever was asked for; the next receive or send tells which. */
export const FAILED = 4;

export const READY_WORDS = 3;
/** Events taken by one wait: bounds the work of a turn, and so the delay of the next client. */
export const READY_EVENTS = 1024;
