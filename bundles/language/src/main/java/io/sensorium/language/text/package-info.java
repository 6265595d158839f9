/** From text to tokens and back. */
package io.sensorium.language.text;
