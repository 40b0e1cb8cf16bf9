/// An NVM Express controller with one namespace, over a store of blocks.
package flyby.nvme;
