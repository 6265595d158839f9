/** Sensorium as an embedding model of Spring AI. */
package io.sensorium.spring.ai;
