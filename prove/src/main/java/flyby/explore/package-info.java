/// Schedules: who decides what no specification decides, and how the failing ones are found, made small and repeated.
package flyby.explore;
