/**
 * What every contract shares: the errors, a request's deadline, the open set of modalities.
 *
 * <p>Glossary: a <em>modality</em> is a kind of input (image, audio, text, ...); an
 * <em>encoder</em> turns one item of a modality into an <em>embedding</em>, a unit vector in a
 * <em>space</em>; embeddings of one space can be compared whatever their modality.
 *
 * <pre>{@code
 * RequestContext request = RequestContext.within(Duration.ofSeconds(5));
 * Embedding bell = embeddings.embed(EncodeRequest.text("a small bell"), request);
 * List<Hit> hits = index.search(IndexQuery.nearest(bell, 10));
 * }</pre>
 *
 * <p>Invariants: exported signatures name only JDK types and each other; arrays appear only as
 * varargs; services are thread-safe.
 */
@Version("1.0.0")
package io.sensorium.api;

import org.osgi.annotation.versioning.Version;
