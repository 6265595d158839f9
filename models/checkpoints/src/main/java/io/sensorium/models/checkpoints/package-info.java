/**
 * Reading what others publish: safetensors files, what PyTorch saves, and the folders they come in.
 *
 * <p>Nothing here trusts a file: every offset, length and name is checked before it is used.
 */
package io.sensorium.models.checkpoints;
