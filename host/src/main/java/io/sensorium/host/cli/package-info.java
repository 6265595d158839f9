/** The command {@code sensorium}: one class a command, all of them over one interface. */
package io.sensorium.host.cli;
