/// Register files as tables: said once, read by access checks, traces, help and documents.
package flyby.register;
