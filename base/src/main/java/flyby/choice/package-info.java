/// Recorded choices: property tests that shrink what failed, and the ground for exploring schedules.
package flyby.choice;
