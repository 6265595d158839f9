/**
 * Tests that run inside the framework, as a bundle among the packaged ones; {@code InsideIT} starts
 * them. They see what any bundle sees: the API and OSGi's packages.
 */
package io.sensorium.it.inside;
