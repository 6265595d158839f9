/**
 * The language of chat templates: Jinja2 as transformers uses it.
 *
 * <p>Jinjava (com.hubspot.jinjava) cuts templates into statements and runs them; it is told to do
 * so within limits. Its expressions are another language's, Java's Unified EL, and reach Java
 * objects by reflection; so expressions, and the statements that hold several of them, are read and
 * evaluated here, on nothing but strings, numbers, lists and maps.
 */
package io.sensorium.language.template;
