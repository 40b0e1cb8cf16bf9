/// Order: what was stored first is not what is seen first, unless somebody says so.
package flyby.zoo.c;
