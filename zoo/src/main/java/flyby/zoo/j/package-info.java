/// Group J: interrupts.
package flyby.zoo.j;
