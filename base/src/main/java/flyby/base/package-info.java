/// What every other package leans on: checks of our own bugs, and errors that a person can mend.
package flyby.base;
