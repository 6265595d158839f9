/** The media index on Apache Lucene, with a write-ahead log of its own. */
package io.sensorium.index.lucene;
