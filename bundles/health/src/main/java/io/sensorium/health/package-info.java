/**
 * Health checks as Apache Felix defines them, under the tag {@code sensorium}: what keeps the host
 * from answering is CRITICAL, what an operator should look at is WARN.
 */
package io.sensorium.health;
