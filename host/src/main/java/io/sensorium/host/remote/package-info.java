/**
 * Reaches a host in another process of the same user, through a Unix domain socket in the home.
 *
 * <p>Protocol 1 is lines of JSON in UTF-8. The server speaks first: {@code
 * {"sensorium":"0.1.0","protocol":1,"process":4711,"device":"cpu"}}. A request is {@code
 * {"id":1,"operation":"search","timeoutMillis":60000,"arguments":{...}}}; it is answered by any
 * number of {@code {"id":1,"progress":{...}}} and {@code {"id":1,"text":"..."}} and one {@code
 * {"id":1,"result":{...}}} or {@code
 * {"id":1,"error":{"kind":"...","message":"...","retriable":false}}}. A connection carries one
 * request at a time; closing it cancels the request.
 */
package io.sensorium.host.remote;
