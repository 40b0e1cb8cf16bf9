/// The drivers that ship with Flyby as subjects: each with its card, and with work whose data are compared.
package flyby.subjects;
