/**
 * Brings published checkpoints from a model hub into Hugging Face's cache on disk.
 *
 * <p>{@link io.sensorium.models.hub.HubClient} asks the hub which commit a reference means and
 * which files an import needs, then fetches what the cache lacks. What lies in the cache under its
 * final name is whole and has the hash that the hub told.
 *
 * <pre>{@code
 * HubClient hub = new HubClient(HubSettings.fromEnvironment(System.getenv(), home));
 * HubSnapshot snapshot = hub.look(HubReference.parse("hf:openai/clip-vit-base-patch32"), context);
 * Path folder = hub.fetch(snapshot, progress -> {}, context);
 * }</pre>
 */
package io.sensorium.models.hub;
