/// A driver of NVM Express controllers, in the shape of Linux's `drivers/nvme/host`.
package flyby.nvmehost;
