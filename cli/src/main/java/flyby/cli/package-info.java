/// Commands, exit statuses, output files, progress.
package flyby.cli;
