/**
 * Settings of Redis 7.0 that mean nothing here, with its defaults and its bounds: clients, monitors
 * and scripts ask for them and set them. What is set is kept and told again, and that is all that
 * comes of it.
 */

/** Integers from 0 on, parted by the upper bound that Redis has for them. */
export const NUMBERS: ReadonlyArray<readonly [most: bigint, list: string]> = [
  [99n, 'active-defrag-cycle-max=25:1 active-defrag-cycle-min=1:1 active-expire-effort=1:1:10'],
  [100n, 'maxmemory-eviction-tenacity=10'],
  [1000n, 'active-defrag-threshold-lower=10 active-defrag-threshold-upper=100'],
  [
    65_535n,
    'cluster-announce-bus-port=0 cluster-announce-port=0 cluster-announce-tls-port=0 ' +
      'replica-announce-port=0',
  ],
  [
    2n ** 31n - 1n,
    'auto-aof-rewrite-percentage=100 cluster-migration-barrier=1 ' +
      'cluster-replica-validity-factor=10 list-compress-depth=0 ' +
      'list-max-listpack-size=-2:-2147483648 min-replicas-max-lag=10 min-replicas-to-write=0 ' +
      'repl-diskless-sync-delay=5 repl-diskless-sync-max-replicas=0 ' +
      'repl-ping-replica-period=10:1 repl-timeout=60:1 replica-priority=100 shutdown-timeout=10 ' +
      'tls-session-cache-size=20480 tls-session-cache-timeout=300',
  ],
  [
    2n ** 63n - 1n,
    'acllog-max-len=128 active-defrag-max-scan-fields=1000:1 busy-reply-threshold=5000 ' +
      'cluster-node-timeout=15000 hash-max-listpack-entries=512 repl-backlog-ttl=3600 ' +
      'set-max-intset-entries=512 stream-node-max-entries=100 tracking-table-max-keys=1000000 ' +
      'zset-max-listpack-entries=128',
  ],
];

/** Bytes, from 0 (or what stands after the colon) to 2^63 - 1. */
export const SIZES =
  'active-defrag-ignore-bytes=104857600:1 auto-aof-rewrite-min-size=67108864 ' +
  'hash-max-listpack-value=64 hll-sparse-max-bytes=3000 ' +
  'stream-node-max-bytes=4096 zset-max-listpack-value=64';

/** `yes` or `no`. */
export const SWITCHES =
  'activedefrag=no activerehashing=yes aof-disable-auto-gc=no aof-load-truncated=yes ' +
  'aof-rewrite-incremental-fsync=yes aof-timestamp-enabled=no aof-use-rdb-preamble=yes ' +
  'cluster-allow-pubsubshard-when-down=yes cluster-allow-reads-when-down=no ' +
  'cluster-allow-replica-migration=yes cluster-replica-no-failover=no ' +
  'cluster-require-full-coverage=yes crash-log-enabled=yes ' +
  'crash-memcheck-enabled=yes dynamic-hz=yes jemalloc-bg-thread=yes latency-tracking=yes ' +
  'lazyfree-lazy-eviction=no lazyfree-lazy-expire=no lazyfree-lazy-server-del=no ' +
  'lazyfree-lazy-user-del=no lazyfree-lazy-user-flush=no no-appendfsync-on-rewrite=no ' +
  'rdb-del-sync-files=no rdb-save-incremental-fsync=yes ' +
  'rdbcompression=yes repl-disable-tcp-nodelay=no repl-diskless-sync=yes ' +
  'replica-announced=yes replica-ignore-disk-write-errors=no replica-ignore-maxmemory=yes ' +
  'replica-lazy-flush=no replica-read-only=yes replica-serve-stale-data=yes ' +
  'stop-writes-on-bgsave-error=yes ' +
  'tls-prefer-server-ciphers=no tls-session-caching=yes ';

/** A name, its default, and the words that it may be. */
export const CHOICES: ReadonlyArray<readonly [name: string, value: string, words: string]> = [
  ['acl-pubsub-default', 'resetchannels', 'allchannels resetchannels'],
  ['appendfsync', 'everysec', 'everysec always no'],
  ['cluster-preferred-endpoint-type', 'ip', 'ip hostname unknown-endpoint'],
  ['oom-score-adj', 'no', 'no yes relative absolute'],
  ['propagation-error-behavior', 'ignore', 'ignore panic panic-on-replicas'],
  ['repl-diskless-load', 'disabled', 'disabled on-empty-db swapdb'],
  ['sanitize-dump-payload', 'no', 'no yes clients'],
  ['tls-auth-clients', 'yes', 'no yes optional'],
];

/** Any text; parted by `;`. */
export const TEXTS =
  'bind-source-addr=;cluster-announce-ip=;ignore-warnings=;masterauth=;masteruser=;' +
  'replica-announce-ip=;tls-ca-cert-dir=;tls-ca-cert-file=;tls-cert-file=;tls-ciphers=;' +
  'tls-ciphersuites=;tls-client-cert-file=;tls-client-key-file=;tls-client-key-file-pass=;' +
  'tls-dh-params-file=;tls-key-file=;tls-key-file-pass=;tls-protocols=;';

/** Decided at the start; parted by `;`. */
export const UNCHANGEABLE =
  'aclfile=;always-show-logo=no;aof_rewrite_cpulist=;appenddirname=appendonlydir;' +
  'appendfilename=appendonly.aof;bgsave_cpulist=;bio_cpulist=;' +
  'cluster-config-file=nodes.conf;cluster-enabled=no;cluster-port=0;daemonize=no;' +
  'disable-thp=yes;enable-module-command=no;enable-protected-configs=no;' +
  'io-threads=1;io-threads-do-reads=no;logfile=;pidfile=;rdbchecksum=yes;replicaof=;' +
  'server_cpulist=;set-proc-title=yes;slaveof=;socket-mark-id=0;supervised=no;' +
  'syslog-enabled=no;syslog-facility=local0;syslog-ident=redis;';

/** Settings with two names: the old one, which Redis still knows, and the new one. */
export const OLD_NAMES: Readonly<Record<string, string>> = {
  'cluster-slave-no-failover': 'cluster-replica-no-failover',
  'cluster-slave-validity-factor': 'cluster-replica-validity-factor',
  'hash-max-ziplist-entries': 'hash-max-listpack-entries',
  'hash-max-ziplist-value': 'hash-max-listpack-value',
  'list-max-ziplist-size': 'list-max-listpack-size',
  'lua-time-limit': 'busy-reply-threshold',
  'min-slaves-max-lag': 'min-replicas-max-lag',
  'min-slaves-to-write': 'min-replicas-to-write',
  'repl-ping-slave-period': 'repl-ping-replica-period',
  'slave-announce-ip': 'replica-announce-ip',
  'slave-announce-port': 'replica-announce-port',
  'slave-ignore-maxmemory': 'replica-ignore-maxmemory',
  'slave-lazy-flush': 'replica-lazy-flush',
  'slave-priority': 'replica-priority',
  'slave-read-only': 'replica-read-only',
  'slave-serve-stale-data': 'replica-serve-stale-data',
  'zset-max-ziplist-entries': 'zset-max-listpack-entries',
  'zset-max-ziplist-value': 'zset-max-listpack-value',
};
