// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * A driver for QEMU's teaching device that judges it: when it is bound it tries everything that the device's
 * specification (QEMU, docs/specs/edu.rst) promises, and logs a line "edu: CHECK pass" or "edu: CHECK fail REASON" for
 * each. Reading /sys/module/edu/parameters/failures tells how many failed.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/random.h>

#define EDU_IDENTIFICATION	0x00
#define EDU_LIVENESS		0x04
#define EDU_FACTORIAL		0x08
#define EDU_STATUS		0x20
#define EDU_STATUS_COMPUTING	BIT(0)
#define EDU_STATUS_INTERRUPT	BIT(7)
#define EDU_IRQ_STATUS		0x24
#define EDU_IRQ_RAISE		0x60
#define EDU_IRQ_ACKNOWLEDGE	0x64
#define EDU_IRQ_FACTORIAL	0x001
#define EDU_IRQ_DMA		0x100
#define EDU_DMA_SOURCE		0x80
#define EDU_DMA_DESTINATION	0x88
#define EDU_DMA_COUNT		0x90
#define EDU_DMA_COMMAND		0x98
#define EDU_DMA_RUN		BIT(0)
#define EDU_DMA_TO_MEMORY	BIT(1)
#define EDU_DMA_INTERRUPT	BIT(2)
#define EDU_BUFFER		0x40000
#define EDU_BUFFER_BYTES	4096
#define EDU_DMA_BITS		28

static bool intx;
module_param(intx, bool, 0444);
MODULE_PARM_DESC(intx, "use the interrupt pin and not MSI");

static unsigned int copies = 20;
module_param(copies, uint, 0444);
MODULE_PARM_DESC(copies, "how often bytes are sent to the device and fetched back");

static unsigned int failures;
module_param(failures, uint, 0444);
MODULE_PARM_DESC(failures, "how many checks have failed");

struct edu {
	struct pci_dev *pdev;
	void __iomem *registers;
	struct completion interrupted;
	u32 irq_status;
	u8 *memory;
	dma_addr_t address;
};

static irqreturn_t edu_interrupt(int irq, void *data)
{
	struct edu *edu = data;
	u32 status = readl(edu->registers + EDU_IRQ_STATUS);

	if (!status)
		return IRQ_NONE;
	writel(status, edu->registers + EDU_IRQ_ACKNOWLEDGE);
	edu->irq_status |= status;
	complete(&edu->interrupted);
	return IRQ_HANDLED;
}

__printf(4, 5)
static void edu_judge(struct edu *edu, const char *check, bool good, const char *format, ...)
{
	struct va_format reason = { .fmt = format };
	va_list arguments;

	if (good) {
		pci_info(edu->pdev, "%s pass\n", check);
		return;
	}
	failures++;
	va_start(arguments, format);
	reason.va = &arguments;
	pci_err(edu->pdev, "%s fail %pV\n", check, &reason);
	va_end(arguments);
}

/* Waits until the device has interrupted; what it interrupted with, 0 if it has not. */
static u32 edu_interrupt_status(struct edu *edu)
{
	unsigned long left = wait_for_completion_timeout(&edu->interrupted, 5 * HZ);

	return left ? edu->irq_status : 0;
}

static void edu_expect_interrupt(struct edu *edu)
{
	edu->irq_status = 0;
	reinit_completion(&edu->interrupted);
}

static void edu_check_registers(struct edu *edu)
{
	u32 found = readl(edu->registers + EDU_IDENTIFICATION);
	u32 wanted;
	int i;

	edu_judge(edu, "identification", (found & 0xffff) == 0x00ed, "0x%08x", found);
	for (i = 0; i < 100; i++) {
		wanted = get_random_u32();
		writel(wanted, edu->registers + EDU_LIVENESS);
		found = readl(edu->registers + EDU_LIVENESS);
		if (found != ~wanted)
			break;
	}
	edu_judge(edu, "liveness", found == ~wanted, "0x%08x after writing 0x%08x", found, wanted);
}

static u32 edu_factorial(u32 number)
{
	u32 product = 1;

	while (number > 1)
		product *= number--;
	return product;
}

static void edu_check_factorial(struct edu *edu)
{
	u32 number, found, status;
	int polls;

	writel(0, edu->registers + EDU_STATUS);
	for (number = 0; number <= 40; number++) {
		writel(number, edu->registers + EDU_FACTORIAL);
		for (polls = 0; polls < 1000; polls++) {
			if (!(readl(edu->registers + EDU_STATUS) & EDU_STATUS_COMPUTING))
				break;
			usleep_range(100, 1000);
		}
		found = readl(edu->registers + EDU_FACTORIAL);
		if (found != edu_factorial(number))
			break;
	}
	edu_judge(edu, "factorial", number > 40, "%u! is 0x%08x, found 0x%08x", number, edu_factorial(number), found);

	edu_expect_interrupt(edu);
	writel(EDU_STATUS_INTERRUPT, edu->registers + EDU_STATUS);
	writel(12, edu->registers + EDU_FACTORIAL);
	status = edu_interrupt_status(edu);
	found = readl(edu->registers + EDU_FACTORIAL);
	edu_judge(edu, "factorial-interrupt", status == EDU_IRQ_FACTORIAL && found == edu_factorial(12),
		  "interrupt status 0x%x, 12! is 0x%08x", status, found);
	writel(0, edu->registers + EDU_STATUS);
}

static void edu_check_interrupt(struct edu *edu)
{
	u32 wanted, status = 0;
	int i;

	for (i = 0; i < 20; i++) {
		wanted = get_random_u32() | 1;
		edu_expect_interrupt(edu);
		writel(wanted, edu->registers + EDU_IRQ_RAISE);
		status = edu_interrupt_status(edu);
		if (status != wanted || readl(edu->registers + EDU_IRQ_STATUS))
			break;
	}
	edu_judge(edu, "interrupt", i == 20, "raised 0x%08x, seen 0x%08x", wanted, status);
}

static u32 edu_dma(struct edu *edu, u64 from, u64 to, u32 count, u32 command)
{
	edu_expect_interrupt(edu);
	writel(from, edu->registers + EDU_DMA_SOURCE);
	writel(to, edu->registers + EDU_DMA_DESTINATION);
	writel(count, edu->registers + EDU_DMA_COUNT);
	writel(command | EDU_DMA_RUN | EDU_DMA_INTERRUPT, edu->registers + EDU_DMA_COMMAND);
	return edu_interrupt_status(edu);
}

/* Bytes go from a random place into the device and come back to another; the rest has to stay as it was. */
static void edu_check_dma(struct edu *edu)
{
	u8 *out = edu->memory, *back = edu->memory + EDU_BUFFER_BYTES;
	u32 copy, i, from = 0, to = 0, at, count = 0, status = 0;
	const char *wrong = NULL;

	for (copy = 0; copy < copies && !wrong; copy++) {
		get_random_bytes(out, EDU_BUFFER_BYTES);
		memset(back, 0x5a, EDU_BUFFER_BYTES);
		/* QEMU's own edu refuses what ends with the buffer. */
		count = 1 + get_random_u32_below(EDU_BUFFER_BYTES - 1);
		from = get_random_u32_below(EDU_BUFFER_BYTES - count);
		to = get_random_u32_below(EDU_BUFFER_BYTES - count);
		at = EDU_BUFFER + get_random_u32_below(EDU_BUFFER_BYTES - count);
		status = edu_dma(edu, edu->address + from, at, count, 0);
		if (status != EDU_IRQ_DMA)
			wrong = "no interrupt after reading memory";
		else if (edu_dma(edu, at, edu->address + EDU_BUFFER_BYTES + to, count, EDU_DMA_TO_MEMORY) != EDU_IRQ_DMA)
			wrong = "no interrupt after writing memory";
		for (i = 0; i < EDU_BUFFER_BYTES && !wrong; i++) {
			bool inside = i >= to && i < to + count;

			if (back[i] != (inside ? out[from + i - to] : 0x5a))
				wrong = inside ? "wrong bytes" : "bytes outside have changed";
		}
	}
	edu_judge(edu, "dma", !wrong, "%s: copy %u, %u bytes from %u to %u", wrong ? wrong : "", copy, count, from, to);
}

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct edu *edu;
	int error;

	edu = devm_kzalloc(&pdev->dev, sizeof(*edu), GFP_KERNEL);
	if (!edu)
		return -ENOMEM;
	edu->pdev = pdev;
	init_completion(&edu->interrupted);
	error = pcim_enable_device(pdev);
	if (error)
		return error;
	error = pcim_iomap_regions(pdev, BIT(0), KBUILD_MODNAME);
	if (error)
		return error;
	edu->registers = pcim_iomap_table(pdev)[0];
	error = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(EDU_DMA_BITS));
	if (error)
		return error;
	edu->memory = dmam_alloc_coherent(&pdev->dev, 2 * EDU_BUFFER_BYTES, &edu->address, GFP_KERNEL);
	if (!edu->memory)
		return -ENOMEM;
	pci_set_master(pdev);
	error = pci_alloc_irq_vectors(pdev, 1, 1, intx ? PCI_IRQ_INTX : PCI_IRQ_MSI);
	if (error < 0)
		return error;
	error = request_irq(pci_irq_vector(pdev, 0), edu_interrupt, IRQF_SHARED, KBUILD_MODNAME, edu);
	if (error) {
		pci_free_irq_vectors(pdev);
		return error;
	}
	pci_set_drvdata(pdev, edu);
	edu_check_registers(edu);
	edu_check_factorial(edu);
	edu_check_interrupt(edu);
	edu_check_dma(edu);
	return 0;
}

static void edu_remove(struct pci_dev *pdev)
{
	free_irq(pci_irq_vector(pdev, 0), pci_get_drvdata(pdev));
	pci_free_irq_vectors(pdev);
}

static const struct pci_device_id edu_ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, edu_ids);

static struct pci_driver edu_driver = {
	.name = KBUILD_MODNAME,
	.id_table = edu_ids,
	.probe = edu_probe,
	.remove = edu_remove,
};
module_pci_driver(edu_driver);

MODULE_DESCRIPTION("Judges QEMU's teaching device");
MODULE_LICENSE("GPL");
