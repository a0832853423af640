/**
 * Settings of Redis 7.0 that mean nothing here, with its defaults: clients, monitors and scripts
 * ask for them and set them. What is set is kept and told again, and that is all that comes of it.
 */

/** Integers from 0 (or the default, where that is less) on. */
export const NUMBERS =
  'acllog-max-len=128 active-defrag-cycle-max=25 active-defrag-cycle-min=1 ' +
  'active-defrag-ignore-bytes=104857600 active-defrag-max-scan-fields=1000 ' +
  'active-defrag-threshold-lower=10 active-defrag-threshold-upper=100 ' +
  'active-expire-effort=1 auto-aof-rewrite-min-size=67108864 ' +
  'auto-aof-rewrite-percentage=100 busy-reply-threshold=5000 cluster-announce-bus-port=0 ' +
  'cluster-announce-port=0 cluster-announce-tls-port=0 cluster-link-sendbuf-limit=0 ' +
  'cluster-migration-barrier=1 cluster-node-timeout=15000 cluster-port=0 ' +
  'cluster-replica-validity-factor=10 cluster-slave-validity-factor=10 ' +
  'hash-max-listpack-entries=512 hash-max-listpack-value=64 hash-max-ziplist-entries=512 ' +
  'hash-max-ziplist-value=64 hll-sparse-max-bytes=3000 list-compress-depth=0 ' +
  'list-max-listpack-size=-2 list-max-ziplist-size=-2 lua-time-limit=5000 ' +
  'maxmemory-eviction-tenacity=10 min-replicas-max-lag=10 min-replicas-to-write=0 ' +
  'min-slaves-max-lag=10 min-slaves-to-write=0 repl-backlog-size=1048576 ' +
  'repl-backlog-ttl=3600 repl-diskless-sync-delay=5 repl-diskless-sync-max-replicas=0 ' +
  'repl-ping-replica-period=10 repl-ping-slave-period=10 repl-timeout=60 ' +
  'replica-announce-port=0 replica-priority=100 set-max-intset-entries=512 ' +
  'shutdown-timeout=10 slave-announce-port=0 slave-priority=100 stream-node-max-bytes=4096 ' +
  'stream-node-max-entries=100 tls-port=0 tls-session-cache-size=20480 ' +
  'tls-session-cache-timeout=300 tracking-table-max-keys=1000000 ' +
  'zset-max-listpack-entries=128 zset-max-listpack-value=64 zset-max-ziplist-entries=128 ' +
  'zset-max-ziplist-value=64 ';

/** `yes` or `no`. */
export const SWITCHES =
  'activedefrag=no activerehashing=yes aof-disable-auto-gc=no aof-load-truncated=yes ' +
  'aof-rewrite-incremental-fsync=yes aof-timestamp-enabled=no aof-use-rdb-preamble=yes ' +
  'cluster-allow-pubsubshard-when-down=yes cluster-allow-reads-when-down=no ' +
  'cluster-allow-replica-migration=yes cluster-replica-no-failover=no ' +
  'cluster-require-full-coverage=yes cluster-slave-no-failover=no crash-log-enabled=yes ' +
  'crash-memcheck-enabled=yes dynamic-hz=yes jemalloc-bg-thread=yes latency-tracking=yes ' +
  'lazyfree-lazy-eviction=no lazyfree-lazy-expire=no lazyfree-lazy-server-del=no ' +
  'lazyfree-lazy-user-del=no lazyfree-lazy-user-flush=no no-appendfsync-on-rewrite=no ' +
  'oom-score-adj=no rdb-del-sync-files=no rdb-save-incremental-fsync=yes ' +
  'rdbcompression=yes repl-disable-tcp-nodelay=no repl-diskless-sync=yes ' +
  'replica-announced=yes replica-ignore-disk-write-errors=no replica-ignore-maxmemory=yes ' +
  'replica-lazy-flush=no replica-read-only=yes replica-serve-stale-data=yes ' +
  'sanitize-dump-payload=no slave-ignore-maxmemory=yes slave-lazy-flush=no ' +
  'slave-read-only=yes slave-serve-stale-data=yes stop-writes-on-bgsave-error=yes ' +
  'tls-auth-clients=yes tls-cluster=no tls-prefer-server-ciphers=no tls-replication=no ' +
  'tls-session-caching=yes ';

/** Any text; parted by `;`. */
export const TEXTS =
  'acl-pubsub-default=resetchannels;appendfsync=everysec;bind-source-addr=;' +
  'cluster-announce-hostname=;cluster-announce-ip=;cluster-preferred-endpoint-type=ip;' +
  'masterauth=;masteruser=;oom-score-adj-values=0 200 800;' +
  'proc-title-template={title} {listen-addr} {server-mode};' +
  'propagation-error-behavior=ignore;repl-diskless-load=disabled;replica-announce-ip=;' +
  'replicaof=;shutdown-on-sigint=default;shutdown-on-sigterm=default;slave-announce-ip=;' +
  'slaveof=;tls-ca-cert-dir=;tls-ca-cert-file=;tls-cert-file=;tls-ciphers=;' +
  'tls-ciphersuites=;tls-client-cert-file=;tls-client-key-file=;tls-client-key-file-pass=;' +
  'tls-dh-params-file=;tls-key-file=;tls-key-file-pass=;tls-protocols=;';

/** Decided at the start; parted by `;`. */
export const UNCHANGEABLE =
  'aclfile=;always-show-logo=no;aof_rewrite_cpulist=;appenddirname=appendonlydir;' +
  'appendfilename=appendonly.aof;bgsave_cpulist=;bio_cpulist=;' +
  'cluster-config-file=nodes.conf;cluster-enabled=no;daemonize=no;dbfilename=dump.rdb;' +
  'disable-thp=yes;enable-module-command=no;enable-protected-configs=no;ignore-warnings=;' +
  'io-threads=1;io-threads-do-reads=no;logfile=;pidfile=;rdbchecksum=yes;server_cpulist=;' +
  'set-proc-title=yes;socket-mark-id=0;supervised=no;syslog-enabled=no;' +
  'syslog-facility=local0;syslog-ident=redis;';
