/** Texts that satisfy a JSON schema. */
package io.sensorium.language.schema;
