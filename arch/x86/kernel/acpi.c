// SPDX-License-Identifier: GPL-2.0-only
/*
 * The few ACPI tables that matter: which CPUs and interrupt controllers there are (MADT), and the
 * registers that switch the machine off or restart it (FADT, and \_S5 in the DSDT). Boot CPU; after
 * boot only the register addresses are used.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/apic.h>
#include <asm/io.h>
#include <asm/page.h>
#include <asm/setup.h>

struct acpi_rsdp {
	char signature[8];
	u8 checksum;
	char oem[6];
	u8 revision;
	u32 rsdt;
	u32 length;
	u64 xsdt;
} __packed;

struct acpi_header {
	char signature[4];
	u32 length;
	u8 revision, checksum;
	char oem[18];
	u32 creator[2];
} __packed;

BUILD_ASSERT(sizeof(struct acpi_header) == 36);

struct acpi_gas {
	u8 space, width, offset, access;
	u64 address;
} __packed;

/* Offsets in the FADT: ACPI 6.4, table 5.9 */
#define FADT_DSDT		40
#define FADT_PM1A_CNT		64
#define FADT_PM1B_CNT		68
#define FADT_SMI_CMD		48
#define FADT_ACPI_ENABLE	52
#define FADT_FLAGS		112
#define FADT_RESET_REG		116
#define FADT_RESET_VALUE	128
#define FADT_X_DSDT		140
#define FADT_SLEEP_CONTROL	244
#define FADT_RESET_SUPPORTED	(1U << 10)
#define FADT_HW_REDUCED		(1U << 20)

#define MADT_ENTRIES		44
#define MADT_LAPIC		0
#define MADT_IOAPIC		1
#define MADT_OVERRIDE		2
#define MADT_LAPIC_ADDRESS	5

#define PM1_SLP_EN		(1U << 13)
#define PM1_SCI_EN		1U

static struct {
	u16 pm1a, pm1b;			/* ports, 0 when there is none */
	u8 type_a, type_b;		/* SLP_TYP of S5 */
	bool s5_known;
	bool hw_reduced;
	struct acpi_gas sleep_control;
	void *sleep_register;		/* when it is in memory */
	struct acpi_gas reset;
	void *reset_register;
	u8 reset_value;
	bool reset_known;
} power;

static u16 get16(const void *table, u32 offset)
{
	u16 v;

	memcpy(&v, (const char *)table + offset, sizeof(v));
	return v;
}

static u32 get32(const void *table, u32 offset)
{
	u32 v;

	memcpy(&v, (const char *)table + offset, sizeof(v));
	return v;
}

static u64 get64(const void *table, u32 offset)
{
	u64 v;

	memcpy(&v, (const char *)table + offset, sizeof(v));
	return v;
}

/* ---- finding tables ---- */

static bool __init sums_to_zero(const void *p, u32 length)
{
	u8 sum = 0;

	for (const u8 *b = p; length; length--)
		sum += *b++;
	return sum == 0;
}

static bool __init is_rsdp(const struct acpi_rsdp *r)
{
	return !memcmp(r->signature, "RSD PTR ", 8) && sums_to_zero(r, 20);
}

static const struct acpi_rsdp *__init scan_rsdp(phys_addr_t start, phys_addr_t end)
{
	for (; start < end; start += 16)
		if (is_rsdp(__va(start)))
			return __va(start);
	return NULL;
}

static const struct acpi_rsdp *__init find_rsdp(void)
{
	if (boot_rsdp) {
		const struct acpi_rsdp *r = early_ioremap(boot_rsdp, sizeof(*r));

		if (is_rsdp(r))
			return r;
	}
	return scan_rsdp(0xe0000, 0x100000);
}

/* A table of any length, mapped; NULL when its header is not there. */
static const void *__init map_table(phys_addr_t phys)
{
	const struct acpi_header *head;

	if (!phys)
		return NULL;
	head = early_ioremap(phys, sizeof(*head));
	if (head->length < sizeof(*head) || head->length > (1U << 20))
		return NULL;
	return early_ioremap(phys, head->length);
}

static void __init handle_table(phys_addr_t phys);

static void __init walk_root(const struct acpi_rsdp *rsdp)
{
	bool wide = rsdp->revision >= 2 && rsdp->xsdt;
	const struct acpi_header *root = map_table(wide ? rsdp->xsdt : rsdp->rsdt);
	u32 step = wide ? 8 : 4;

	if (!root)
		return;
	for (u32 at = sizeof(*root); at + step <= root->length; at += step)
		handle_table(wide ? get64(root, at) : get32(root, at));
}

/* ---- MADT ---- */

static void __init handle_madt_entry(const u8 *e)
{
	switch (e[0]) {
	case MADT_LAPIC:
		if (get32(e, 4) & 1)
			smp_add_cpu(e[3]);
		break;
	case MADT_IOAPIC:
		ioapic_add(get32(e, 4), get32(e, 8));
		break;
	case MADT_OVERRIDE:
		ioapic_override(e[3], get32(e, 4), get16(e, 8));
		break;
	}
}

static u64 __init madt_lapic_address(const struct acpi_header *madt)
{
	const u8 *e = (const u8 *)madt + MADT_ENTRIES, *end = (const u8 *)madt + madt->length;

	for (; e + 2 <= end && e[1] >= 2; e += e[1])
		if (e[0] == MADT_LAPIC_ADDRESS)
			return get64(e, 4);
	return get32(madt, 36);
}

static void __init handle_madt(const struct acpi_header *madt)
{
	const u8 *e = (const u8 *)madt + MADT_ENTRIES, *end = (const u8 *)madt + madt->length;

	lapic_init_boot(madt_lapic_address(madt));
	for (; e + 2 <= end && e[1] >= 2; e += e[1])
		handle_madt_entry(e);
}

/* ---- FADT ---- */

/* An AML integer: zero, one, or a byte, word or dword with its prefix. */
static const u8 *__init aml_integer(const u8 *p, u8 *value)
{
	*value = 0;
	switch (*p) {
	case 0x01:
		*value = 1;
		return p + 1;
	case 0x0a:
		*value = p[1];
		return p + 2;
	case 0x0b:
		*value = p[1];
		return p + 3;
	case 0x0c:
		*value = p[1];
		return p + 5;
	default:
		return p + 1;
	}
}

/*
 * \_S5 is Name(_S5, Package(n) { SLP_TYPa, SLP_TYPb, … }): NameOp 08, the name with or without a
 * root prefix, PackageOp 12, a length of one to four bytes, the number of elements.
 */
static void __init find_s5(const u8 *aml, u32 length)
{
	for (u32 i = 2; i + 10 <= length; i++) {
		const u8 *p = aml + i;

		if (memcmp(p, "_S5_", 4) || p[4] != 0x12 ||
		    (p[-1] != 0x08 && !(p[-1] == '\\' && p[-2] == 0x08)))
			continue;
		p += 5;
		p += (*p >> 6) + 2;
		p = aml_integer(p, &power.type_a);
		aml_integer(p, &power.type_b);
		power.s5_known = true;
		return;
	}
}

static void __init read_gas(const void *fadt, u32 offset, struct acpi_gas *gas, void **reg)
{
	memcpy(gas, (const char *)fadt + offset, sizeof(*gas));
	if (gas->space == 0 && gas->address)
		*reg = early_ioremap(gas->address, 8);
}

static void __init read_reset(const struct acpi_header *fadt)
{
	if (fadt->length <= FADT_RESET_VALUE || !(get32(fadt, FADT_FLAGS) & FADT_RESET_SUPPORTED))
		return;
	read_gas(fadt, FADT_RESET_REG, &power.reset, &power.reset_register);
	power.reset_value = ((const u8 *)fadt)[FADT_RESET_VALUE];
	power.reset_known = power.reset.address != 0;
}

/* Without this, PM1 control does nothing on machines that start in legacy mode. */
static void __init enable_acpi(const struct acpi_header *fadt)
{
	u16 smi = get32(fadt, FADT_SMI_CMD);
	u8 value = ((const u8 *)fadt)[FADT_ACPI_ENABLE];

	if (smi && value && power.pm1a && !(inw(power.pm1a) & PM1_SCI_EN))
		outb(value, smi);
}

static void __init handle_fadt(const struct acpi_header *fadt)
{
	u64 dsdt_phys = get32(fadt, FADT_DSDT);
	const struct acpi_header *dsdt;

	power.pm1a = get32(fadt, FADT_PM1A_CNT);
	power.pm1b = get32(fadt, FADT_PM1B_CNT);
	power.hw_reduced = get32(fadt, FADT_FLAGS) & FADT_HW_REDUCED;
	if (fadt->length >= FADT_SLEEP_CONTROL + sizeof(struct acpi_gas) && power.hw_reduced)
		read_gas(fadt, FADT_SLEEP_CONTROL, &power.sleep_control, &power.sleep_register);
	if (fadt->length >= FADT_X_DSDT + 8 && get64(fadt, FADT_X_DSDT))
		dsdt_phys = get64(fadt, FADT_X_DSDT);
	dsdt = map_table(dsdt_phys);
	if (dsdt)
		find_s5((const u8 *)(dsdt + 1), dsdt->length - sizeof(*dsdt));
	read_reset(fadt);
	if (!power.hw_reduced)
		enable_acpi(fadt);
}

static void __init handle_table(phys_addr_t phys)
{
	const struct acpi_header *table = map_table(phys);

	if (!table)
		return;
	if (!memcmp(table->signature, "APIC", 4))
		handle_madt(table);
	else if (!memcmp(table->signature, "FACP", 4))
		handle_fadt(table);
}

void __init acpi_boot_init(void)
{
	const struct acpi_rsdp *rsdp = find_rsdp();

	if (rsdp)
		walk_root(rsdp);
	if (!lapic_present()) {
		/* The places that every PC has had since the first ones. */
		lapic_init_boot(0);
		ioapic_add(0xfec00000, 0);
		smp_assume_cpus();
	}
}

/* ---- using it ---- */

static void write_gas(const struct acpi_gas *gas, void *reg, u8 value)
{
	if (gas->space == 1)
		outb(value, gas->address);
	else if (reg)
		writeb(value, reg);
}

void acpi_power_off(void)
{
	if (!power.s5_known)
		return;
	if (power.hw_reduced) {
		write_gas(&power.sleep_control, power.sleep_register, power.type_a << 2 | 0x20);
		return;
	}
	if (power.pm1a)
		outw(power.type_a << 10 | PM1_SLP_EN | PM1_SCI_EN, power.pm1a);
	if (power.pm1b)
		outw(power.type_b << 10 | PM1_SLP_EN | PM1_SCI_EN, power.pm1b);
}

void acpi_restart(void)
{
	if (power.reset_known)
		write_gas(&power.reset, power.reset_register, power.reset_value);
}
