/** Sensorium as an embedding model of LangChain4j. */
package io.sensorium.langchain4j;
