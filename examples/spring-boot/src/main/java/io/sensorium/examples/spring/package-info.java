/** A Spring Boot application that searches a folder over HTTP. */
package io.sensorium.examples.spring;
