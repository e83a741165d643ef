/** The page that shows what the served models say about a picture that is moved and turned. */
package org.imageperformer.serve.page;
