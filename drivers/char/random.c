// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random numbers. One 256-bit key is everything: input is mixed in by key = ChaCha(key; input),
 * each request takes key and output from one keystream, so that what was given out cannot be
 * computed back ("fast key erasure", D. J. Bernstein 2017). pool.lock guards the key; any context.
 */
#include <linux/capability.h>
#include <linux/chacha.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/poll.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/sysctl.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <asm/archrandom.h>
#include <asm/msr.h>
#include <asm/tsc.h>

#define POOL_BITS	256
#define MIX_SIZE	16			/* bytes of input one ChaCha block takes */
#define RESEED_NS	(60UL * 1000 * 1000 * 1000)
#define IRQS_PER_MIX	64
#define MEM_MAJOR	1

/*
 * Locks: [l] lock
 */
static struct {
	spinlock_t lock;
	u8 key[CHACHA_KEY_SIZE];	/* [l] */
	unsigned int bits;		/* [l] believed unpredictable, up to POOL_BITS */
	u64 reseeded;			/* [l] when the CPU's generator was last asked, ns */
	bool started;			/* [l] */
} pool = { .lock = __SPIN_LOCK_UNLOCKED(pool.lock) };

static DECLARE_WAIT_QUEUE_HEAD(ready_wait);

/* What interrupts leave on each CPU until it is worth a ChaCha block. [only this CPU, irqs off] */
struct irq_pool {
	u64 word[2];
	unsigned int count;
};
static DEFINE_PER_CPU(struct irq_pool, irq_pool);

static bool random_ready(void)
{
	return READ_ONCE(pool.bits) >= POOL_BITS;
}

unsigned int random_entropy(void)
{
	return READ_ONCE(pool.bits);
}

/* ---- input ---- */

/* One step: the first half of the block keyed by the pool becomes the pool. */
static void __mix_block(const u8 input[MIX_SIZE])
{
	struct chacha_state state;
	u8 block[CHACHA_BLOCK_SIZE];
	u32 counter;

	memcpy(&counter, input, sizeof(counter));
	chacha_init(&state, pool.key, input + sizeof(counter), counter);
	chacha_block(&state, block);
	memcpy(pool.key, block, sizeof(pool.key));
	memzero_explicit(&state, sizeof(state));
	memzero_explicit(block, sizeof(block));
}

/* The length closes the input, so that no input is another's beginning. */
static void __mix(const void *buf, size_t n)
{
	u8 input[MIX_SIZE];
	size_t left = n, take;

	while (left) {
		take = min_t(size_t, left, sizeof(input));
		memset(input, 0, sizeof(input));
		memcpy(input, (const u8 *)buf + (n - left), take);
		__mix_block(input);
		left -= take;
	}
	memset(input, 0xff, sizeof(input));
	memcpy(input, &n, sizeof(n));
	__mix_block(input);
}

/* Ask the processor. It is believed, as Linux does by default (random.trust_cpu). */
static void __mix_cpu_seed(void)
{
	u64 seed[POOL_BITS / 64], stamp = rdtsc();
	unsigned int got = 0;

	__mix(&stamp, sizeof(stamp));
	while (got < ARRAY_SIZE(seed) && arch_get_random_seed(&seed[got]))
		got++;
	__mix(seed, got * sizeof(seed[0]));
	memzero_explicit(seed, sizeof(seed));
	WRITE_ONCE(pool.bits, min(pool.bits + got * 64, (unsigned int)POOL_BITS));
	pool.reseeded = arch_clock_ns();
}

/* The first user starts the pool: it may come before any initcall. */
static void __start(void)
{
	s64 seconds = arch_read_rtc();

	pool.started = true;
	__mix(&seconds, sizeof(seconds));
	__mix(&boot_cpu_data, sizeof(boot_cpu_data));
	__mix_cpu_seed();
}

static void lock_pool(unsigned long *irq)
{
	spin_lock_irqsave(&pool.lock, *irq);
	if (unlikely(!pool.started))
		__start();
}

/* Mix and believe @bits of it. */
static void mix(const void *buf, size_t n, unsigned int bits)
{
	unsigned long irq;
	bool became_ready;

	lock_pool(&irq);
	became_ready = !random_ready();
	__mix(buf, n);
	WRITE_ONCE(pool.bits, min(pool.bits + bits, (unsigned int)POOL_BITS));
	became_ready = became_ready && random_ready();
	spin_unlock_irqrestore(&pool.lock, irq);
	if (became_ready)
		wake_up_all(&ready_wait);
}

/**
 * add_device_randomness - mix in what may differ between machines or boots
 * @buf: anything
 * @n: bytes
 *
 * It is not counted as unpredictable. Context: any.
 */
void add_device_randomness(const void *buf, size_t n)
{
	u64 stamp[1] = { rdtsc() };

	mix(stamp, sizeof(stamp), 0);
	mix(buf, n, 0);
}

/**
 * add_interrupt_randomness - the moment of a device's interrupt
 * @irq: its number
 *
 * Context: hard interrupt. Costs a few instructions, and a ChaCha block now and then.
 */
void add_interrupt_randomness(int irq)
{
	struct irq_pool *fast = this_cpu_ptr(&irq_pool);

	fast->word[0] = (fast->word[0] ^ rdtsc()) * 0x9e3779b97f4a7c15UL;
	fast->word[1] = (fast->word[1] << 19 | fast->word[1] >> 45) + (fast->word[0] ^ irq);
	if (++fast->count < IRQS_PER_MIX)
		return;
	fast->count = 0;
	mix(fast->word, sizeof(fast->word), IRQS_PER_MIX / 4);
}

/* ---- output ---- */

/* The next output key; the pool's own is replaced by the same block. */
static void extract_key(u8 key[CHACHA_KEY_SIZE])
{
	static const u8 nonce[CHACHA_NONCE_SIZE] = "extract";
	struct chacha_state state;
	u8 block[CHACHA_BLOCK_SIZE];
	unsigned long irq;

	lock_pool(&irq);
	if (arch_clock_ns() - pool.reseeded > RESEED_NS)
		__mix_cpu_seed();
	chacha_init(&state, pool.key, nonce, 0);
	chacha_block(&state, block);
	memcpy(pool.key, block, CHACHA_KEY_SIZE);
	spin_unlock_irqrestore(&pool.lock, irq);
	memcpy(key, block + CHACHA_KEY_SIZE, CHACHA_KEY_SIZE);
	memzero_explicit(block, sizeof(block));
	memzero_explicit(&state, sizeof(state));
}

/* A keystream of one request. */
static void stream_start(struct chacha_state *state)
{
	static const u8 nonce[CHACHA_NONCE_SIZE] = "output";
	u8 key[CHACHA_KEY_SIZE];

	extract_key(key);
	chacha_init(state, key, nonce, 0);
	memzero_explicit(key, sizeof(key));
}

/**
 * get_random_bytes - bytes that nobody can predict
 * @buf: where to
 * @n: how many
 *
 * Early in boot, on a machine without a generator, they are only as good as the clock.
 * Context: any.
 */
void get_random_bytes(void *buf, size_t n)
{
	u8 block[CHACHA_BLOCK_SIZE];
	struct chacha_state state;
	size_t take;

	/* A key's worth needs no stream of its own. */
	if (n <= CHACHA_KEY_SIZE) {
		extract_key(block);
		memcpy(buf, block, n);
		memzero_explicit(block, CHACHA_KEY_SIZE);
		return;
	}
	stream_start(&state);
	for (; n; n -= take, buf = (u8 *)buf + take) {
		chacha_block(&state, block);
		take = min_t(size_t, n, sizeof(block));
		memcpy(buf, block, take);
	}
	memzero_explicit(block, sizeof(block));
	memzero_explicit(&state, sizeof(state));
}

/*
 * Words made in advance, several from one key: fork wants one for each stack canary. A word is
 * forgotten when it is given out. [only this CPU, irqs off]
 */
struct word_batch {
	u64 word[3 * CHACHA_BLOCK_SIZE / sizeof(u64)];
	unsigned int left;
	bool good;			/* made when the pool was ready */
};
static DEFINE_PER_CPU(struct word_batch, word_batch);

u64 get_random_u64(void)
{
	struct word_batch *batch;
	unsigned long flags;
	u64 word;

	local_irq_save(flags);
	batch = this_cpu_ptr(&word_batch);
	if (!batch->left || (unlikely(!batch->good) && random_ready())) {
		batch->good = random_ready();
		get_random_bytes(batch->word, sizeof(batch->word));
		batch->left = ARRAY_SIZE(batch->word);
	}
	batch->left--;
	word = batch->word[batch->left];
	batch->word[batch->left] = 0;
	local_irq_restore(flags);
	return word;
}

void generate_random_uuid(u8 uuid[16])
{
	get_random_bytes(uuid, 16);
	uuid[6] = (uuid[6] & 0x0f) | 0x40;
	uuid[8] = (uuid[8] & 0x3f) | 0x80;
}

static ssize_t random_to_iter(struct iov_iter *to)
{
	u8 block[CHACHA_BLOCK_SIZE];
	struct chacha_state state;
	size_t done = 0, take, copied;

	stream_start(&state);
	while (iov_iter_count(to)) {
		chacha_block(&state, block);
		take = min_t(size_t, iov_iter_count(to), sizeof(block));
		copied = copy_to_iter(block, take, to);
		done += copied;
		if (copied != take)
			break;
		if (done % PAGE_SIZE == 0) {
			if (signal_pending(current))
				break;
			cond_resched();
		}
	}
	memzero_explicit(block, sizeof(block));
	memzero_explicit(&state, sizeof(state));
	return done || !iov_iter_count(to) ? (ssize_t)done : -EFAULT;
}

/* ---- waiting for the pool ---- */

/*
 * No generator and few interrupts: the time that scheduling and the timer take, in ticks of
 * the counter, varies by more than a bit a turn.
 */
static int wait_until_ready(void)
{
	u64 stamp;
	long left;

	while (!random_ready()) {
		stamp = rdtsc();
		left = wait_event_interruptible_timeout(ready_wait, random_ready(), 1000 * 1000);
		if (left < 0)
			return -ERESTARTSYS;
		stamp ^= rdtsc() << 32;
		mix(&stamp, sizeof(stamp), 1);
	}
	return 0;
}

/* getrandom(2) */
SYSCALL_DEFINE3(getrandom, char __user *, buf, size_t, len, unsigned int, flags)
{
	struct iov_iter to;
	int err;

	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	if ((flags & (GRND_INSECURE | GRND_RANDOM)) == (GRND_INSECURE | GRND_RANDOM))
		return -EINVAL;
	if (!random_ready() && !(flags & GRND_INSECURE)) {
		if (flags & GRND_NONBLOCK)
			return -EAGAIN;
		err = wait_until_ready();
		if (err)
			return err;
	}
	len = min_t(size_t, len, MAX_RW_COUNT);
	if (!access_ok(buf, len))
		return -EFAULT;
	iov_iter_ubuf(&to, ITER_DEST, buf, len);
	return random_to_iter(&to);
}

/* ---- /dev/random and /dev/urandom: random(4) ---- */

static ssize_t urandom_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	return random_to_iter(to);
}

static ssize_t random_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	int err;

	if (!random_ready() && (file->f_flags & O_NONBLOCK))
		return -EAGAIN;
	err = wait_until_ready();
	return err ? err : random_to_iter(to);
}

static ssize_t random_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	u8 block[CHACHA_BLOCK_SIZE];
	size_t done = 0, n;

	while (iov_iter_count(from)) {
		n = copy_from_iter(block, min(iov_iter_count(from), sizeof(block)), from);
		if (!n)
			return done ? (ssize_t)done : -EFAULT;
		mix(block, n, 0);
		done += n;
		cond_resched();
	}
	memzero_explicit(block, sizeof(block));
	return done;
}

static __poll_t random_poll(struct file *file, poll_table *pt)
{
	poll_wait(file, &ready_wait, pt);
	return random_ready() ? EPOLLIN | EPOLLRDNORM : EPOLLOUT | EPOLLWRNORM;
}

/* RNDADDENTROPY: how many bits, how many bytes, the bytes. */
static int add_entropy(const int __user *arg)
{
	const u8 __user *bytes = (const u8 __user *)(arg + 2);
	int bits, size, n;
	u8 block[CHACHA_BLOCK_SIZE];

	if (get_user(bits, arg) || get_user(size, arg + 1))
		return -EFAULT;
	if (bits < 0 || size < 0)
		return -EINVAL;
	for (; size; size -= n, bytes += n) {
		n = min_t(int, size, sizeof(block));
		if (copy_from_user(block, bytes, n))
			return -EFAULT;
		mix(block, n, 0);
	}
	mix(NULL, 0, min(bits, POOL_BITS));
	return 0;
}

static int credit_only(const int __user *arg)
{
	int bits;

	if (get_user(bits, arg))
		return -EFAULT;
	if (bits < 0)
		return -EINVAL;
	mix(NULL, 0, min(bits, POOL_BITS));
	return 0;
}

static int reseed_now(void)
{
	unsigned long irq;

	if (!random_ready())
		return -ENODATA;
	lock_pool(&irq);
	__mix_cpu_seed();
	spin_unlock_irqrestore(&pool.lock, irq);
	return 0;
}

static long random_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd == RNDGETENTCNT)
		return put_user((int)random_entropy(), (int __user *)arg);
	switch (cmd) {
	case RNDADDTOENTCNT:
	case RNDADDENTROPY:
	case RNDZAPENTCNT:
	case RNDCLEARPOOL:
	case RNDRESEEDCRNG:
		if (!capable(CAP_SYS_ADMIN))
			return -EPERM;
		break;
	default:
		return -EINVAL;
	}
	if (cmd == RNDADDTOENTCNT)
		return credit_only((const int __user *)arg);
	if (cmd == RNDADDENTROPY)
		return add_entropy((const int __user *)arg);
	/* Zapping: nothing would be gained by a pool that knows less. */
	return cmd == RNDRESEEDCRNG ? reseed_now() : 0;
}

static const struct file_operations random_fops = {
	.llseek = noop_llseek,
	.read_iter = random_read,
	.write_iter = random_write,
	.poll = random_poll,
	.ioctl = random_ioctl,
};

static const struct file_operations urandom_fops = {
	.llseek = noop_llseek,
	.read_iter = urandom_read,
	.write_iter = random_write,
	.ioctl = random_ioctl,
};

static int __init random_device_init(void)
{
	VERIFY(__register_chrdev(MEM_MAJOR, 8, 1, "mem", &random_fops) >= 0);
	VERIFY(__register_chrdev(MEM_MAJOR, 9, 1, "mem", &urandom_fops) >= 0);
	devtmpfs_create_node("random", 0666, MKDEV(MEM_MAJOR, 8));
	devtmpfs_create_node("urandom", 0666, MKDEV(MEM_MAJOR, 9));
	return 0;
}
fs_initcall(random_device_init);

/* ---- /proc/sys/kernel/random ---- */

static int poolsize = POOL_BITS;
static u8 boot_id[16];

/* "8-4-4-4-12" digits */
static int format_uuid(char *buf, size_t size, const u8 uuid[16])
{
	return scnprintf(buf, size,
			 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
			 uuid[0], uuid[1], uuid[2], uuid[3], uuid[4], uuid[5], uuid[6], uuid[7],
			 uuid[8], uuid[9], uuid[10], uuid[11], uuid[12], uuid[13], uuid[14],
			 uuid[15]);
}

static int get_uuid(char *buf, size_t size)
{
	u8 uuid[16];

	generate_random_uuid(uuid);
	return format_uuid(buf, size, uuid);
}

static int get_boot_id(char *buf, size_t size)
{
	return format_uuid(buf, size, boot_id);
}

static const struct ctl_table random_table[] = {
	{ .name = "poolsize", .mode = 0444, .kind = CTL_INT, .data = &poolsize },
	{ .name = "entropy_avail", .mode = 0444, .kind = CTL_INT, .data = &pool.bits },
	{ .name = "uuid", .mode = 0444, .kind = CTL_CALL, .get = get_uuid },
	{ .name = "boot_id", .mode = 0444, .kind = CTL_CALL, .get = get_boot_id },
};

static int __init random_sysctl_init(void)
{
	generate_random_uuid(boot_id);
	return register_sysctl("kernel/random", random_table, ARRAY_SIZE(random_table));
}
device_initcall(random_sysctl_init);
