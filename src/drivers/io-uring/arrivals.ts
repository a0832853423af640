/**
 * Clients that were accepted and have yet to be opened. The kernel accepts all that wait at once;
 * opening them is work, of which a turn does a part, so that those who are connected get theirs.
 */
export class Arrivals {
  #fds: number[] = [];
  #listeners: number[] = [];
  #taken = 0;

  /** How many there are. */
  get count(): number {
    return this.#fds.length - this.#taken;
  }

  add(fd: number, listenerFd: number): void {
    this.#fds.push(fd);
    this.#listeners.push(listenerFd);
  }

  /** Hands over the first ones, in their order: `most` of them, or all there are. */
  take(most: number, open: (fd: number, listenerFd: number) => void): void {
    const end = Math.min(this.#taken + most, this.#fds.length);
    while (this.#taken < end) {
      const i = this.#taken++;
      open(this.#fds[i], this.#listeners[i]);
    }
    if (this.count > 0) return;
    this.#fds = [];
    this.#listeners = [];
    this.#taken = 0;
  }
}
