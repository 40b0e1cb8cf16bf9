/// What software must know of an NVM Express controller: its registers, queues, commands and data structures.
package flyby.nvme.layout;
