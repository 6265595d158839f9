/**
 * Runs models on ONNX Runtime: devices, sessions under leases, tensors without needless copies.
 *
 * <p>The only package that touches {@code ai.onnxruntime}. The library itself lives above OSGi, on
 * the application's class path; its environment is shared by the whole process and never closed.
 */
package io.sensorium.runtime.onnx;
