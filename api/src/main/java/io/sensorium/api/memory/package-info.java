/**
 * The ledger over everything that holds device or native memory.
 *
 * <p>Whoever is about to hold memory outside the Java heap reserves it first and gives it back when
 * it is freed. A <em>device</em> ({@code cpu}, {@code cuda:n}) has a <em>budget</em>; a
 * <em>reservation</em> is a share of it in the name of an <em>owner</em>; an owner that can do
 * without for a while is <em>reclaimable</em>, and asked to leave when others need the place.
 *
 * <pre>{@code
 * MemoryRequest request =
 *     MemoryRequest.of("cpu", "lm-small 1", MemoryKind.CACHE, tokens * bytesPerToken)
 *         .reclaimableBy(cache);
 * try (Reservation reservation = ledger.reserve(request, context)) {
 *   allocate();
 *   reservation.resize(MemoryKind.CACHE, 2 * tokens * bytesPerToken, context);
 * }
 * }</pre>
 *
 * <p>Invariants: what was reserved never exceeds the budget by reserving, only by measuring; a
 * closed reservation counts nothing.
 */
@Version("1.0.0")
package io.sensorium.api.memory;

import org.osgi.annotation.versioning.Version;
