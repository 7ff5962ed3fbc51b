#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest's first program in `make demo-snapshot`: redis-server on a socket of AF_UNIX, filled,
# saved by BGSAVE again and again, its dump checked and loaded back. Prints "@@ name value".
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
mount -t tmpfs -o mode=1777,size=80% tmpfs /tmp
exec < /dev/null > /dev/console 2>&1
. /etc/snapshot		# KEYS, BYTES, SAVES
cd /tmp

now() { read -r up idle < /proc/uptime; echo $((${up%.*} * 1000 + 1${up#*.}0 - 1000)); }	# ms
r() { redis-cli -s /tmp/socket "$@" | tr -d '\r'; }
info() { r info "$1" | sed -n "s/^$2://p"; }
start() {
	redis-server --port 0 --unixsocket /tmp/socket --dir /tmp --save '' --appendonly no \
		--enable-debug-command yes --daemonize no > /tmp/log 2>&1 &
	server=$!
	until r ping 2> /dev/null | grep -q PONG; do
		kill -0 $server || { cat /tmp/log; echo "redis-server ended"; poweroff -f; }
		usleep 50000
	done
}
finish() { echo "$1"; sync; poweroff -f; }

start
began=$(now)
r debug populate "$KEYS" key "$BYTES" | grep -q OK || finish "no populate"
echo "@@ populate_ms $(($(now) - began))"
echo "@@ n_keys $(r dbsize)"
echo "@@ n_memory $(info memory used_memory)"
for i in $(seq "$SAVES"); do
	began=$(now)
	r bgsave | grep -q started || finish "no bgsave"
	until [ "$(info persistence rdb_bgsave_in_progress)" = 0 ]; do usleep 100000; done
	echo "@@ save_ms $(($(now) - began))"
	[ "$(info persistence rdb_last_bgsave_status)" = ok ] || finish "the save failed"
	echo "@@ fork_usec $(info stats latest_fork_usec)"
done
echo "@@ n_dump $(stat -c %s dump.rdb)"
some="key:0 key:1 key:$((KEYS / 2)) key:$((KEYS - 1))"
before=$(r debug digest-value $some)
redis-check-rdb dump.rdb | grep -q 'RDB looks OK' && echo "@@ check 1"
r shutdown nosave; wait $server
start
until [ "$(info persistence loading)" = 0 ]; do usleep 100000; done
echo "@@ n_loaded $(r dbsize)"
[ "$before" = "$(r debug digest-value $some)" ] && echo "@@ same 1"
finish "@@ done"
