/** From text to tokens and back. Begin with {@link io.sensorium.language.text.ModelText}. */
package io.sensorium.language.text;
