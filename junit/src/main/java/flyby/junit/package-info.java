/// A JUnit Jupiter extension: a test that is a driver at work, on machines that forgive nothing.
package flyby.junit;
