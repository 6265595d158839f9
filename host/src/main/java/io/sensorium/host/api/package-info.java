/**
 * Embeds Sensorium in a Java application.
 *
 * <pre>{@code
 * SensoriumOptions options = SensoriumOptions.at(Path.of("/var/lib/app/sensorium"));
 * try (Sensorium sensorium = Sensorium.start(options)) {
 *   IndexingReport report = sensorium.index(List.of(Path.of("media")), IndexProgress.NONE);
 *   report.unreadable().forEach(file -> log.warn("{}: {}", file.path(), file.reason()));
 *
 *   SearchRequest request = SearchRequest.text("three small bells").top(5);
 *   for (Hit hit : sensorium.search(request)) {
 *     System.out.println(hit.rank() + " " + hit.score() + " " + hit.entry().path());
 *   }
 * }
 * }</pre>
 *
 * <p>Glossary: a <em>home</em> is the folder that keeps model packages, the index and bundles; one
 * <em>host</em> at a time holds a home. Everything a host offers beyond {@link
 * io.sensorium.host.api.Sensorium} is a service of {@code io.sensorium.api}, reached with {@link
 * io.sensorium.host.api.Sensorium#service}.
 */
package io.sensorium.host.api;
