/**
 * The main job shown on media that are made on the spot: pictures and sounds of a little world, in
 * combinations that training held back, searched by each other, while a sense is plugged in.
 */
package io.sensorium.host.demo;
