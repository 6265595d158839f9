/** Turns search requests into index queries. */
package io.sensorium.host.query;
