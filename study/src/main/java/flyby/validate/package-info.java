/// Validation: published figures and rules, what the models give for each, and whether that is near enough.
package flyby.validate;
