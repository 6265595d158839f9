package io.sensorium.api.runtime;

/**
 * A device as the runtime sees it.
 *
 * @param name {@code cpu} or {@code cuda:n}
 * @param usable whether its execution provider really loads here
 * @param detail the provider's own word: its version, or why it does not load
 */
public record DeviceStatus(String name, boolean usable, String detail) {}
