/// The specimens: each a pattern of real bugs as a small driver, beside the same driver without the bug.
package flyby.zoo;
