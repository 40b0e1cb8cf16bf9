/// Linux's `CONFIG_DMA_API_DEBUG` beside the checker: what it would have said about the same calls.
package flyby.apidebug;
