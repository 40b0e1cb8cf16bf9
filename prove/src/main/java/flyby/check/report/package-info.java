/// How findings are shown: to a person, to a program, and to a code host. Computes nothing.
package flyby.check.report;
