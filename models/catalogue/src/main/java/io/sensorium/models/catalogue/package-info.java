/**
 * Well-known checkpoints of the families that can be imported, so that nobody has to search: what
 * each is good for, its terms, its size, the memory it needs, and how to import it.
 */
package io.sensorium.models.catalogue;
