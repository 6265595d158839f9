/**
 * The Gogo commands of a running host: {@code sensorium:search}, {@code models}, {@code encoders}.
 */
package io.sensorium.shell;
