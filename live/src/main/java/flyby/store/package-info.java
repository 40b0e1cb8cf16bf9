/// What served devices keep in files of their users.
package flyby.store;
