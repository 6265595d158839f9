/** How the next token is chosen, whatever the model. */
package io.sensorium.language.decoding;
