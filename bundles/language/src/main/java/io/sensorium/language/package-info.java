/** The text generator: language models of packages, opened by backends as requests come. */
package io.sensorium.language;
