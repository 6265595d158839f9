/** Reads files and folders into the index, once, and keeps the two alike. */
package io.sensorium.host.ingest;
