/// What software must know of the copy engine: its registers.
package flyby.copy.layout;
