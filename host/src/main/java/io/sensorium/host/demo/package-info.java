/**
 * The main job shown on media that are made on the spot: pictures and sounds of a little world, in
 * combinations that training held back, searched by each other; a frozen language model answers
 * questions about them; then a sense of motion is plugged in, and movements are searched, too,
 * while other searches run.
 */
package io.sensorium.host.demo;
