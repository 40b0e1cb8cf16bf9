/// Drivers on trial: a card, its driver and work for them, run under the checker on machines that forgive nothing.
package flyby.trial;
