/** The code of a bundle that tests install, update and remove; it sees the API and nothing else. */
package io.sensorium.it.sense;
