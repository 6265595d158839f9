package io.sensorium.api.index;

/**
 * One answer to a query.
 *
 * @param rank from 1
 * @param score cosine for a vector query (of items in another version of the space: brought to the
 *     query's scale), BM25 for text, fused rank score for hybrid; higher is better, comparable
 *     within one answer only
 * @param entry the item
 */
public record Hit(int rank, double score, IndexEntry entry) {}
