package io.sensorium.models.hub;

/**
 * How far a fetch is. Bytes go back when a server starts a file again.
 *
 * @param files how many are there
 * @param totalFiles how many there will be
 * @param bytes how many are there
 * @param totalBytes how many there will be
 * @param file which one is being fetched
 */
public record HubProgress(int files, int totalFiles, long bytes, long totalBytes, String file) {}
