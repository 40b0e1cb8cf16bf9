/// The experiments that ship: what scenario files name after `kind:`.
package flyby.experiment;
