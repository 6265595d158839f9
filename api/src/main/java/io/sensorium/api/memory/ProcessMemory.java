package io.sensorium.api.memory;

import java.util.OptionalLong;

/**
 * What the whole process holds, in bytes. What the operating system does not tell is empty.
 * Immutable.
 *
 * @param residentBytes that are in main memory
 * @param anonymousBytes of these that belong to no file, the Java heap's touched pages among them
 * @param mappedBytes of these that are pages of mapped files, which the system can take back
 * @param allocatedBytes that native code has allocated and not freed, outside the Java heap
 * @param heapUsedBytes by Java objects
 * @param heapCommittedBytes that Java has taken for them
 * @param heapMaximumBytes that it may take
 */
public record ProcessMemory(
    OptionalLong residentBytes,
    OptionalLong anonymousBytes,
    OptionalLong mappedBytes,
    OptionalLong allocatedBytes,
    long heapUsedBytes,
    long heapCommittedBytes,
    long heapMaximumBytes) {}
