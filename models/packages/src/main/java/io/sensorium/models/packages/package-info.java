/**
 * Model packages on disk: {@code model.json}, the files it lists, and their safe way from a folder,
 * an archive or a bundle into the place where they are kept.
 */
package io.sensorium.models.packages;
