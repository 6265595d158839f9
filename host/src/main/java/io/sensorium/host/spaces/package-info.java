/** The versions of a space side by side: which one new items go to, which ones are searched. */
package io.sensorium.host.spaces;
