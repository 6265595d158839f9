/** Applies projection adapters. */
package io.sensorium.adapter;
