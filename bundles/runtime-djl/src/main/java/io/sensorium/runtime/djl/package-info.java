/** Runs models of DJL's engines as graphs of packages. */
package io.sensorium.runtime.djl;
