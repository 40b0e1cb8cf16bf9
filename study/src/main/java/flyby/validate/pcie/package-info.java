/// Section `pcie` of the validation: packets, rates and the analytic model of one link.
package flyby.validate.pcie;
