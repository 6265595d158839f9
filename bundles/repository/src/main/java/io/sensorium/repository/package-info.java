/**
 * Keeps the installed model packages of a home folder.
 *
 * <pre>
 * packages/ID/VERSION/        one installed package, exactly the files that its manifest lists
 * packages/.receipts/         what was checked already: lengths and times of files, so that a start
 *                             neither hashes nor runs anything again
 * packages/.staging/          half-made installations; emptied at every start
 * packages/*.zip, NAME/       what a user dropped in: installed at the next start, then deleted
 * </pre>
 *
 * <p>Every package in service is registered as an OSGi service of type {@link
 * io.sensorium.api.model.ModelPackage} with the properties id, version, task and modality.
 */
package io.sensorium.repository;
