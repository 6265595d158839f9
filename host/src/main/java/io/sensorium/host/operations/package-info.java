/**
 * What the command line can ask of a host, in values that travel as JSON. One interface, {@link
 * io.sensorium.host.operations.HostOperations}, is answered by a host in this process or by one
 * behind a socket; the results' fields are the command line's JSON.
 */
package io.sensorium.host.operations;
