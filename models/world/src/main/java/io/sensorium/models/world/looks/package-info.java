/**
 * One vector drawing per thing, on a square of 100 by 100 units with the y axis pointing down, in
 * three inks: the group's colour, a dark and a light one. Drawings are told apart by silhouette at
 * a side of 12 pixels.
 */
package io.sensorium.models.world.looks;
