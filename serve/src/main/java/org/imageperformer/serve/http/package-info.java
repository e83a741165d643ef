/** The HTTP server: TensorFlow Serving's REST interface, health, metrics and the page. */
package org.imageperformer.serve.http;
