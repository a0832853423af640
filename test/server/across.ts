/** Ways to serve two clients at a time: on one thread, on several, and in several processes. */
export const ACROSS: readonly { flags: string[] }[] = [
  { flags: ['--mode', 'epoll'] },
  { flags: ['--mode', 'epoll', '--threads', '2'] },
  { flags: ['--mode', 'thread-pool', '--threads', '3'] },
  { flags: ['--mode', 'prefork', '--threads', '3'] },
];
