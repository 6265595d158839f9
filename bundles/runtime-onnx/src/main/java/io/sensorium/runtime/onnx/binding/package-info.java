/**
 * ONNX Runtime's C API, called through java.lang.foreign on the library that the official Java API
 * has loaded: sessions are opened there, and run here on tensors that stay where they are.
 */
package io.sensorium.runtime.onnx.binding;
