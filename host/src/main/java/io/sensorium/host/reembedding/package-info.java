/**
 * Moves the items of a space to its new version, in the background and without anybody noticing,
 * and takes the old version out of service after its last item.
 *
 * <p>The state is the index itself: an item is in the old version or, by one acknowledged change,
 * in the new one. Whatever ends the work, the next start goes on where it was.
 */
package io.sensorium.host.reembedding;
