/// What IBM's PC, PC/XT and PC/AT wire around their 8237As: page registers, cascading, refresh, wait states.
package flyby.isa;
